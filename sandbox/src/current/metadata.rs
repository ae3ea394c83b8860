//! What a membership's metadata may hold, and how a change of it is applied.

use serde_json::{Map, Value};

use crate::current::Error;
use crate::current::version::Version;

const PAIRS: usize = 50;
const NAME: usize = 100;
const TEXT: usize = 500;

/// What is stored after the change. A dated one is merged, and an empty one clears everything; one without a date
/// replaces.
pub fn changed(
    stored: &Map<String, Value>,
    change: Map<String, Value>,
    version: Version,
) -> Result<Map<String, Value>, Error> {
    let merges = !version.is_undated() && !change.is_empty();
    let mut metadata = if merges { stored.clone() } else { Map::new() };
    metadata.extend(change);
    check(&metadata)?;
    Ok(metadata)
}

/// Whop states these limits for plans and, without a date, for memberships. It is silent about `null`.
pub fn check(metadata: &Map<String, Value>) -> Result<(), Error> {
    let long = |text: &str, longest| text.chars().count() > longest;
    let wrong = if metadata.len() > PAIRS {
        format!("metadata may have {PAIRS} keys")
    } else if metadata.keys().any(|name| long(name, NAME)) {
        format!("a key of metadata may have {NAME} characters")
    } else if metadata.values().any(|value| value.as_str().is_some_and(|text| long(text, TEXT))) {
        format!("a value of metadata may have {TEXT} characters")
    } else if metadata.values().any(Value::is_null) {
        "a value of metadata may not be null".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::invalid("metadata", format!("Invalid metadata: {wrong}.")))
}
