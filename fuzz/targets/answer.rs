//! An answer of "STATUS BODY": never allowed, nor denied, unless an independent reading of it says the same.

#![no_main]

#[path = "../oracle.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use oracle::Json;
use whop_license::{Error, Verdict, fuzzing};

const LICENSE_KEY: &str = "KEY-1";
const SECRETS: [&str; 2] = [LICENSE_KEY, "apik_secret"];
/// However they are written.
const PLAIN_SECRETS: [&str; 2] = ["key1", "apiksecret"];

fuzz_target!(|input: &[u8]| {
    let Some((status, body)) = input.split_at_checked(3) else { return };
    let Some(status @ 100..=999) = str::from_utf8(status).ok().and_then(|status| status.parse().ok()) else { return };
    let sent = oracle::read(body);

    for product_id in [Some("prod_1"), None] {
        let verdict = fuzzing::verdict(status, body, LICENSE_KEY, product_id, &SECRETS);
        let is_allowed = verdict.as_ref().is_ok_and(Verdict::is_allowed);
        assert_eq!(is_allowed, (200..300).contains(&status) && entitles(sent.as_ref(), product_id), "{verdict:?}");
        match &verdict {
            Ok(Verdict::Inactive(_)) => assert!((200..300).contains(&status) && sent.as_ref().is_some_and(is_asked)),
            Ok(Verdict::ProductMismatch(_)) => {
                let names_one = |sent: &Json| is_asked(sent) && product(sent).is_some();
                assert!((200..300).contains(&status) && sent.as_ref().is_some_and(names_one));
            }
            Ok(Verdict::DeviceMismatch(_)) => assert!(status == 400 && says(sent.as_ref(), &["key"])),
            Ok(Verdict::NotFound(_)) => assert!(status == 404 && says(sent.as_ref(), &["membership", "license"])),
            Err(Error::InvalidArgument { .. } | Error::Unreachable { .. } | Error::NoAnswer { .. }) => {
                panic!("there was an answer: {verdict:?}")
            }
            _ => {}
        }
        let message = match &verdict {
            Ok(verdict) => verdict.to_string(),
            Err(error) => error.to_string(),
        };
        assert!(message.len() < 1500 && !message.chars().any(char::is_control), "{message:?}");
        let plain: String = message.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect();
        assert!(!PLAIN_SECRETS.iter().any(|secret| plain.contains(secret)), "{message:?}");
    }
});

fn entitles(sent: Option<&Json>, product_id: Option<&str>) -> bool {
    let Some(sent) = sent.filter(|sent| is_asked(sent)) else { return false };
    matches!(sent.field("valid"), Some(Json::Boolean(true)))
        && product_id.is_none_or(|wanted| product(sent) == Some(wanted))
}

fn product(sent: &Json) -> Option<&str> {
    let product = match sent.field("product") {
        None | Some(Json::Null) => sent.field("access_pass"),
        product => product,
    }?;
    product.text().or_else(|| product.field("id")?.text())
}

/// Whether it is a membership, and the one that was asked for.
fn is_asked(sent: &Json) -> bool {
    let is = |name, value| matches!(sent.field(name), Some(Json::Boolean(given)) if *given == value);
    let id = sent.field("id").and_then(Json::text).and_then(|id| id.strip_prefix("mem_")?.chars().next());
    let is_of_this_key = match sent.field("license_key") {
        None | Some(Json::Null) => true,
        key => key.and_then(Json::text).is_some_and(|key| key.to_ascii_uppercase() == LICENSE_KEY),
    };
    let has_error = !matches!(sent.field("error"), None | Some(Json::Null));
    id.is_some_and(|first| first.is_ascii_alphanumeric()) && is_of_this_key && !has_error && !is("success", false)
}

/// Whether the message has one of these words, and none for what is not a license.
fn says(sent: Option<&Json>, words: &[&str]) -> bool {
    let inner = sent.and_then(|sent| sent.field("error")?.field("message")?.text());
    let Some(message) = inner.or_else(|| sent?.field("message")?.text()) else { return false };
    let message = message.to_lowercase();
    let others = ["route", "endpoint", "path", "url", "method", "version", "api", "token", "secret", "plan", "/"];
    words.iter().any(|word| message.contains(word)) && !others.iter().any(|word| message.contains(word))
}
