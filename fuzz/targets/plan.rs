//! A plan: what is sent is what was written, under names that Whop knows unless told otherwise, or it is refused.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use whop_license::{PlanRequest, fuzzing};

fuzz_target!(|text: &str| {
    for allow_unknown in [false, true] {
        match fuzzing::plan(text, allow_unknown) {
            Ok(body) => {
                let (sent, given) = (read(&body), read(text));
                for (name, value) in &sent {
                    assert!(is_same(value, &given[name]), "{name}: {value} for {}", given[name]);
                    assert!(allow_unknown || KNOWN.get(name).is_some(), "{name}");
                }
                for (name, value) in &given {
                    assert!(value.is_null() || sent.contains_key(name), "{name} is lost");
                }
                assert!(fuzzing::plan(&body, allow_unknown).is_ok());
            }
            Err(error) => {
                let message = error.to_string();
                assert!(message.starts_with("plan_json: ") && !message.chars().any(char::is_control), "{message:?}");
            }
        }
    }
});

fn read(json: &str) -> serde_json::Map<String, Value> {
    serde_json::from_str(json).unwrap()
}

/// Whether they are equal, as 5 and 5.0 are, up to the last of seventeen digits.
fn is_same(sent: &Value, given: &Value) -> bool {
    match (sent, given) {
        (Value::Number(sent), Value::Number(given)) => {
            let (sent, given) = (sent.as_f64().unwrap(), given.as_f64().unwrap());
            (sent - given).abs() <= given.abs() * 1e-15
        }
        (Value::Array(sent), Value::Array(given)) => {
            sent.len() == given.len() && sent.iter().zip(given).all(|(sent, given)| is_same(sent, given))
        }
        (Value::Object(sent), Value::Object(given)) => {
            sent.iter().all(|(name, value)| is_same(value, &given[name]))
                && given.iter().all(|(name, value)| value.is_null() || sent.contains_key(name))
        }
        _ => sent == given,
    }
}

static KNOWN: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(PlanRequest::default()).unwrap());
