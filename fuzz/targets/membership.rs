//! A membership as the current API shows it: what it means for this device is what an independent reading of it says.

#![no_main]

#[path = "../oracle.rs"]
mod oracle;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use oracle::Json;
use whop_license::{Client, Error, Judgement, Verdict, fuzzing};

const LICENSE_KEY: &str = "KEY-1";
const DEVICE: &str = r#"{"hwid":"this-device"}"#;
const PRODUCT: &str = "prod_1";

static CLIENTS: LazyLock<[(Option<&str>, Client); 2]> = LazyLock::new(|| {
    let client = || Client::builder("apik_secret");
    [(None, client().build().unwrap()), (Some(PRODUCT), client().product_id(PRODUCT).build().unwrap())]
});

#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Allowed,
    Inactive,
    DeviceMismatch,
    ProductMismatch,
    FirstUse,
    CannotTell,
}

fuzz_target!(|body: &[u8]| {
    let sent = oracle::read(body);
    for (product_id, client) in CLIENTS.iter() {
        let judgement = fuzzing::looked_up(body, LICENSE_KEY).and_then(|membership| client.judge(membership, DEVICE));
        assert_eq!(meaning(&judgement), expected(sent.as_ref(), *product_id), "{judgement:?}");
        // Of the next license nothing is told.
        assert!(fuzzing::looked_up(body, "KEY-2").is_err() || !sent.as_ref().is_some_and(is_asked));
        if let Err(error) = judgement {
            let message = error.to_string();
            assert!(message.len() < 500 && !message.chars().any(char::is_control), "{message:?}");
        }
    }
});

fn meaning(judgement: &Result<Judgement, Error>) -> Meaning {
    match judgement {
        Ok(Judgement::FirstUse(_)) => Meaning::FirstUse,
        Ok(Judgement::Decided(verdict)) => match verdict {
            Verdict::Allowed(_) => Meaning::Allowed,
            Verdict::Inactive(_) => Meaning::Inactive,
            Verdict::DeviceMismatch(_) => Meaning::DeviceMismatch,
            Verdict::ProductMismatch(_) => Meaning::ProductMismatch,
            other => panic!("{other:?}"),
        },
        Err(Error::BadResponse { .. }) => Meaning::CannotTell,
        Err(other) => panic!("{other:?}"),
    }
}

fn expected(sent: Option<&Json>, product_id: Option<&str>) -> Meaning {
    let Some(sent) = sent.filter(|sent| is_asked(sent)) else { return Meaning::CannotTell };
    let entitles = ["active", "trialing", "completed", "canceling", "past_due"];
    if !sent.field("status").and_then(Json::text).is_some_and(|status| entitles.contains(&status)) {
        return Meaning::Inactive;
    }
    if let Some(wanted) = product_id {
        match sent.field("product_id").and_then(Json::text) {
            Some(product) if product == wanted => {}
            Some(product) if is_id(product, "prod_") => return Meaning::ProductMismatch,
            _ => return Meaning::CannotTell,
        }
    }
    let stored = match sent.field("metadata") {
        Some(metadata @ Json::Object(_)) => metadata.field("hwid"),
        Some(Json::Null) => None,
        _ => return Meaning::CannotTell,
    };
    match stored {
        None | Some(Json::Null) => Meaning::FirstUse,
        Some(stored) => match stored.text() {
            Some("this-device") => Meaning::Allowed,
            Some(released) if is_released(released) => Meaning::FirstUse,
            _ => Meaning::DeviceMismatch,
        },
    }
}

fn is_released(value: &str) -> bool {
    let mut parts = value.split(':');
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| matches!(c, '0'..='9'));
    parts.next() == Some("released") && parts.next().is_some_and(is_number) && parts.next().is_none()
}

/// Whether it is a membership, and of the license that was asked for.
fn is_asked(sent: &Json) -> bool {
    let is_failure = matches!(sent.field("success"), Some(Json::Boolean(false)));
    let has_error = !matches!(sent.field("error"), None | Some(Json::Null));
    let is_of_this_key = sent.field("license_key").and_then(Json::text);
    let is_of_this_key = is_of_this_key.is_some_and(|key| key.to_ascii_uppercase() == LICENSE_KEY);
    let id = sent.field("id").and_then(Json::text);
    id.is_some_and(|id| is_id(id, "mem_")) && is_of_this_key && !has_error && !is_failure
}

fn is_id(text: &str, kind: &str) -> bool {
    text.strip_prefix(kind).and_then(|rest| rest.chars().next()).is_some_and(|first| first.is_ascii_alphanumeric())
}
