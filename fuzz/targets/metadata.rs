//! Metadata: it is a JSON object and sent byte for byte, or refused, and nothing in it leaves its place in the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use whop_license::fuzzing;

fuzz_target!(|text: &str| {
    let whole: Result<Value, _> = serde_json::from_str(text);
    match fuzzing::metadata(text) {
        Ok(sent) => {
            assert_eq!(sent, text);
            let metadata = whole.unwrap();
            assert!(metadata.is_object() && text.len() <= 256 * 1024);
            if let Ok(body) = serde_json::from_str::<Value>(&format!(r#"{{"metadata":{sent}}}"#)) {
                assert_eq!(body, serde_json::json!({ "metadata": metadata }));
            }
        }
        Err(error) => {
            let message = error.to_string();
            // An object may be one that readers differ on, or that does not fit in memory.
            let is_beyond = ["given twice", "too many values"].iter().any(|fault| message.contains(fault));
            assert!(!whole.is_ok_and(|value| value.is_object()) || is_beyond || text.len() > 256 * 1024, "{error}");
            assert!(message.starts_with("metadata_json: ") && !message.chars().any(char::is_control), "{message:?}");
        }
    }
});
