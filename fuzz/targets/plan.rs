//! A plan of either API: what is sent is what was written, under names that Whop knows unless told otherwise, or it is
//! refused.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use whop_license::{Api, fuzzing};

fuzz_target!(|text: &str| {
    for (api, allow_unknown) in [(Api::Current, false), (Api::Current, true), (Api::V2, false), (Api::V2, true)] {
        match fuzzing::plan(api, text, allow_unknown) {
            Ok(body) => {
                let (sent, given) = (read(&body), read(text));
                for (name, value) in &sent {
                    assert!(is_same(value, &given[name]), "{name}: {value} for {}", given[name]);
                    assert!(allow_unknown || known(api).contains(name), "{api:?} {name}");
                }
                for (name, value) in &given {
                    assert!(value.is_null() || sent.contains_key(name), "{name} is lost");
                }
                assert!(fuzzing::plan(api, &body, allow_unknown).is_ok());
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

fn known(api: Api) -> &'static [String] {
    static CURRENT: LazyLock<Vec<String>> =
        LazyLock::new(|| names(include_str!("../../api/current/plan_request.json")));
    static V2: LazyLock<Vec<String>> = LazyLock::new(|| names(include_str!("../../api/v2/plan_request.json")));
    match api {
        Api::Current => &CURRENT,
        Api::V2 => &V2,
    }
}

/// What the facts name.
fn names(facts: &str) -> Vec<String> {
    let facts: Value = serde_json::from_str(facts).unwrap();
    facts["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap().to_owned()).collect()
}
