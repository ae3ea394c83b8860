//! What is asked of every text that the caller gives.

use crate::error::Error;
use crate::memory::has_room_for_json;
use crate::visible::{is_control, is_ignorable};

/// The longest key, id or address, in bytes.
pub(crate) const MAX_WORD: usize = 1024;
/// The longest JSON argument, in bytes: far more than any device or plan needs.
pub(crate) const MAX_JSON: usize = 256 * 1024;

/// A text of one word: trimmed, and neither empty nor too long.
pub(crate) fn word<'a>(argument: &'static str, text: &'a str) -> Result<&'a str, Error> {
    match text.trim() {
        "" => Err(Error::argument(argument, "empty")),
        word if word.len() > MAX_WORD => Err(Error::argument(argument, format!("longer than {MAX_WORD} bytes"))),
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
    // One more than the longest key, so that a longer text is refused and not copied whole.
    let seen: String = text.trim().chars().filter(|c| !is_ignorable(*c)).take(MAX_WORD + 1).collect();
    match word("license_key", &seen)? {
        key if key.contains(is_control) => Err(Error::argument("license_key", "holds a control character")),
        // Either would lead to another path.
        "." | ".." => Err(Error::argument("license_key", "not a license key")),
        key => Ok(key.to_owned()),
    }
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
