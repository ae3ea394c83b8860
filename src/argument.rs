//! What is asked of every text that the caller gives.

use serde::de::IgnoredAny;
use serde_json::Value;

use crate::error::Error;
use crate::memory::has_room_for_json;
use crate::model::JsonObject;
use crate::tree::Tree;
use crate::visible::{is_control, is_ignorable};

/// The longest key, id or address, in bytes.
pub(crate) const MAX_WORD: usize = 1024;
/// The longest JSON argument, in bytes: far more than any device or plan needs.
pub(crate) const MAX_JSON: usize = 256 * 1024;

/// A text of one word: trimmed, and neither empty nor too long.
pub(crate) fn word<'a>(argument: &'static str, text: &'a str) -> Result<&'a str, Error> {
    match text.trim() {
        "" => Err(Error::argument(argument, "empty")),
        word if word.len() > MAX_WORD => Err(too_long(argument)),
        word => Ok(word),
    }
}

/// A word without control characters.
pub(crate) fn printable<'a>(argument: &'static str, text: &'a str) -> Result<&'a str, Error> {
    let word = word(argument, text)?;
    if word.contains(char::is_control) {
        return Err(Error::argument(argument, "holds a control character"));
    }
    Ok(word)
}

/// The key that is sent, compared and struck out: characters that cannot be seen are dropped.
pub(crate) fn license_key(text: &str) -> Result<String, Error> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_ignorable(c));
    let seen = text.chars().filter(|c| !is_ignorable(*c));
    // Measured before it is copied, for which there may be no memory.
    if seen.clone().map(char::len_utf8).sum::<usize>() > MAX_WORD {
        return Err(too_long("license_key"));
    }
    let key: String = seen.collect();
    match word("license_key", &key)? {
        key if key.contains(is_control) => Err(Error::argument("license_key", "holds a control character")),
        // Either would lead to another path.
        "." | ".." => Err(Error::argument("license_key", "not a license key")),
        _ => Ok(key),
    }
}

fn too_long(argument: &'static str) -> Error {
    Error::argument(argument, format!("longer than {MAX_WORD} bytes"))
}

/// A JSON text that is not too long to be sent.
pub(crate) fn json<'a>(argument: &'static str, text: &'a str) -> Result<&'a str, Error> {
    if text.len() > MAX_JSON {
        return Err(Error::argument(argument, format!("longer than {} KiB", MAX_JSON / 1024)));
    }
    if !has_room_for_json(text.len()) {
        return Err(Error::argument(argument, "not enough memory"));
    }
    Ok(text)
}

/// A JSON object of which no name is given twice, and whose values fit in memory.
pub(crate) fn json_object(argument: &'static str, text: &str, example: &str) -> Result<JsonObject, Error> {
    let text = json(argument, text)?;
    match Tree::of(text) {
        Some(Tree { repeats_a_name: true, .. }) => Err(Error::argument(argument, "a name is given twice")),
        Some(Tree { value: Value::Object(object), .. }) => Ok(object),
        Some(_) => Err(Error::argument(argument, format!("expected a JSON object, such as {example}"))),
        None => Err(match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Error::argument(argument, "too many values, or nested too deep"),
            Err(error) => Error::argument(argument, format!("not JSON: {error}")),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn license_key_is_taken_whole_or_not_at_all() {
        let longest = "x".repeat(MAX_WORD);
        for end in ["", " ", "\u{200b}", " \u{200b} ", &" ".repeat(5000)] {
            assert_eq!(license_key(&format!("{end}{longest}{end}")).unwrap(), longest);
        }
        for more in ["x", " x", "\u{200b}x", &format!("{}x", " ".repeat(5000))] {
            let refused = license_key(&format!("{longest}{more}")).unwrap_err();
            assert_eq!(refused.to_string(), "license_key: longer than 1024 bytes");
        }
    }
}
