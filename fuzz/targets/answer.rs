//! An answer of "STATUS BODY": never allowed, nor denied, unless an independent reading of it says the same.

#![no_main]

#[path = "../oracle.rs"]
mod oracle;

use libfuzzer_sys::fuzz_target;
use oracle::Json;
use whop_license::{Error, Verdict, fuzzing};

const SECRETS: [&str; 2] = ["KEY-1", "apik_secret"];

fuzz_target!(|input: &[u8]| {
    let Some((status, body)) = input.split_at_checked(3) else { return };
    let Some(status @ 100..=999) = str::from_utf8(status).ok().and_then(|status| status.parse().ok()) else { return };
    let sent = oracle::read(body);

    for product_id in [Some("prod_1"), None] {
        let verdict = fuzzing::verdict(status, body, product_id, &SECRETS);
        let is_allowed = verdict.as_ref().is_ok_and(Verdict::is_allowed);
        assert_eq!(is_allowed, (200..300).contains(&status) && entitles(sent.as_ref(), product_id), "{verdict:?}");
        match &verdict {
            Ok(Verdict::Inactive(_) | Verdict::ProductMismatch(_)) => {
                assert!((200..300).contains(&status) && matches!(sent, Some(Json::Object(_))));
            }
            Ok(Verdict::DeviceMismatch(_)) => {
                assert!(status == 400 && String::from_utf8_lossy(body).to_lowercase().contains("reset your key"));
            }
            Ok(Verdict::NotFound(_)) => assert!(status == 404 && sent.as_ref().is_some_and(has_message)),
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
        assert!(!SECRETS.iter().any(|secret| message.contains(secret)), "{message:?}");
    }
});

fn entitles(sent: Option<&Json>, product_id: Option<&str>) -> bool {
    let Some(sent) = sent else { return false };
    let product = match sent.field("product") {
        None | Some(Json::Null) => sent.field("access_pass"),
        product => product,
    };
    let product = product.and_then(|product| product.text().or_else(|| product.field("id")?.text()));
    matches!(sent.field("valid"), Some(Json::Boolean(true))) && product_id.is_none_or(|wanted| product == Some(wanted))
}

fn has_message(sent: &Json) -> bool {
    let inner = sent.field("error").and_then(|error| error.field("message"));
    inner.and_then(Json::text).or_else(|| sent.field("message")?.text()).is_some()
}
