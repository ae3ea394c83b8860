//! The metadata that says which device this is.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::Binding;
use crate::argument;
use crate::error::Error;
use crate::model::JsonObject;
use crate::visible::is_ignorable;

/// Begins the value of a device that was released; Unix seconds follow.
pub(crate) const RELEASED: &str = "released:";
/// The most characters of a name that Whop stores.
pub(crate) const LONGEST_NAME: usize = 100;
/// The most characters of a value that Whop stores.
pub(crate) const LONGEST_VALUE: usize = 500;

/// The caller's own bytes, once they are known to be an object: a repeat must be the same bytes.
pub(crate) fn object(metadata: &str) -> Result<&str, Error> {
    parse(metadata).map(|_| metadata)
}

/// The pairs that say which device this is, within the limits of the current API.
pub(super) fn pairs(metadata: &str) -> Result<JsonObject, Error> {
    let pairs = parse(metadata)?;
    if pairs.len() > MOST_PAIRS {
        return Err(fault(format!("more than {MOST_PAIRS} pairs")));
    }
    for (name, value) in &pairs {
        let value = value.as_str().ok_or_else(|| fault(format!("{name}: expected a string")))?;
        if name.is_empty() {
            return Err(fault("a name is empty"));
        }
        if value.chars().all(|c| c.is_whitespace() || is_ignorable(c)) {
            return Err(fault(format!("{name}: empty")));
        }
        if value.contains(char::is_control) {
            return Err(fault(format!("{name}: holds a control character")));
        }
        limit("metadata_json", "a name is ", name, LONGEST_NAME)?;
        limit("metadata_json", &format!("{name}: "), value, LONGEST_VALUE)?;
        if value.starts_with(RELEASED) {
            return Err(fault(format!("{name}: begins with {RELEASED}, which stands for a device that was released")));
        }
    }
    Ok(pairs)
}

/// The one pair that a relay takes.
pub(super) fn one_pair(metadata: &str) -> Result<(String, String), Error> {
    let mut pairs = pairs(metadata)?.into_iter();
    let (Some((name, Value::String(value))), None) = (pairs.next(), pairs.next()) else {
        return Err(fault(r#"a relay takes exactly one pair, such as {"hwid":"…"}"#));
    };
    let which = format!("{name}: ");
    limit_at_relay(["metadata_json"; 2], &which, &name, &value)?;
    Ok((name, value))
}

/// Refuses a name and a value that a relay does not take, each as a fault of its argument.
pub(crate) fn limit_at_relay(arguments: [&'static str; 2], which: &str, name: &str, value: &str) -> Result<(), Error> {
    let is_printable = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    // What is signed is a hash of NAME=VALUE.
    if !is_printable(name) || name.contains('=') {
        let fault = format!("{which}a relay takes printable ASCII characters without `=`");
        return Err(Error::argument(arguments[0], fault));
    }
    match is_printable(value) && value.len() <= LONGEST_AT_RELAY {
        true => Ok(()),
        false => {
            let fault = format!("{which}a relay takes 1 to {LONGEST_AT_RELAY} printable ASCII characters");
            Err(Error::argument(arguments[1], fault))
        }
    }
}

/// The same names, with the time in place of each value.
pub(super) fn released(device: JsonObject) -> JsonObject {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    device.into_iter().map(|(name, _)| (name, format!("{RELEASED}{now}").into())).collect()
}

/// The body of a request that writes metadata.
pub(super) fn body(metadata: &JsonObject) -> Result<String, Error> {
    // Without a second tree of it.
    let metadata = serde_json::to_string(metadata).map_err(|error| fault(error.to_string()))?;
    Ok(format!(r#"{{"metadata":{metadata}}}"#))
}

/// What the stored metadata means for this device. Names that are not this device's are the seller's own.
pub(super) fn binding(stored: &JsonObject, pairs: &JsonObject) -> Binding {
    let stored_for = |name: &String| stored.get(name).filter(|value| !is_free(value));
    if pairs.iter().any(|(name, value)| stored_for(name).is_some_and(|stored| stored != value)) {
        Binding::Elsewhere
    } else if pairs.keys().all(|name| stored_for(name).is_some()) {
        Binding::Here
    } else {
        Binding::Free
    }
}

/// Refuses a text of more characters than Whop stores.
pub(crate) fn limit(argument: &'static str, which: &str, text: &str, longest: usize) -> Result<(), Error> {
    match text.chars().count() > longest {
        true => Err(Error::argument(argument, format!("{which}longer than the {longest} characters that Whop stores"))),
        false => Ok(()),
    }
}

fn is_free(stored: &Value) -> bool {
    stored.is_null() || stored.as_str().is_some_and(is_released)
}

fn is_released(value: &str) -> bool {
    let seconds = value.strip_prefix(RELEASED).unwrap_or_default();
    !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse(metadata: &str) -> Result<JsonObject, Error> {
    argument::json_object("metadata_json", metadata, r#"{"hwid":"…"}"#)
}

pub(super) fn fault(fault: impl Into<String>) -> Error {
    Error::argument("metadata_json", fault)
}

/// The most characters of a value that a relay takes.
const LONGEST_AT_RELAY: usize = 256;
const MOST_PAIRS: usize = 50;
