//! The metadata that says which device this is.

use serde_json::Value;

use super::Binding;
use crate::argument;
use crate::error::Error;
use crate::model::JsonObject;
use crate::survey::Survey;

/// What the value of a device begins with that gave its place free: Unix seconds follow.
pub(crate) const RELEASED: &str = "released:";

/// The caller's own bytes, once they are known to be an object: a repeat must be the same bytes.
pub(crate) fn object(metadata: &str) -> Result<&str, Error> {
    parse(metadata).map(|_| metadata)
}

/// The pairs that say which device this is, within the limits of the current API.
pub(super) fn pairs(metadata: &str) -> Result<JsonObject, Error> {
    let pairs = parse(metadata)?;
    if Survey::of(metadata).is_none_or(|survey| survey.repeats_a_name) {
        return Err(fault("a name is given twice"));
    }
    if pairs.len() > MOST_PAIRS {
        return Err(fault(format!("more than {MOST_PAIRS} pairs")));
    }
    for (name, value) in &pairs {
        let value = value.as_str().ok_or_else(|| fault(format!("{name}: expected a string")))?;
        if name.is_empty() || value.is_empty() {
            return Err(fault(format!("{name}: empty")));
        }
        if name.chars().count() > LONGEST_NAME || value.chars().count() > LONGEST_VALUE {
            return Err(fault(format!(
                "{name}: longer than {LONGEST_NAME} characters, or its value than {LONGEST_VALUE}"
            )));
        }
        if value.starts_with(RELEASED) {
            return Err(fault(format!("{name}: no device is called {RELEASED}…")));
        }
    }
    Ok(pairs)
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

fn is_free(stored: &Value) -> bool {
    stored.is_null() || stored.as_str().is_some_and(is_released)
}

fn is_released(value: &str) -> bool {
    let seconds = value.strip_prefix(RELEASED).unwrap_or_default();
    !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse(metadata: &str) -> Result<JsonObject, Error> {
    let metadata = argument::json("metadata_json", metadata)?;
    serde_json::from_str(metadata).map_err(|error| match error.is_data() {
        true => fault(r#"expected a JSON object, such as {"hwid":"…"}"#),
        false => fault(format!("not JSON: {error}")),
    })
}

pub(super) fn fault(fault: impl Into<String>) -> Error {
    Error::argument("metadata_json", fault)
}

const MOST_PAIRS: usize = 50;
const LONGEST_NAME: usize = 100;
const LONGEST_VALUE: usize = 500;
