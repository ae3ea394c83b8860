//! What is wrong with a plan, in the words of JSON.

use crate::error::Error;
use crate::object::JsonObject;

pub(super) fn fault(fault: impl Into<String>) -> Error {
    Error::argument("plan_json", fault)
}

/// A name that is not among the known ones, with the nearest of them.
pub(super) fn unknown(name: &str, of: &str, known: &JsonObject) -> String {
    let likeness = |known: &str| strsim::sorensen_dice(name, known);
    let nearest = known.keys().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) > 0.4) {
        Some(nearest) => format!("`{name}` is not a field of {of}: did you mean `{nearest}`?"),
        None => format!("`{name}` is not a field of {of}"),
    }
}

/// What serde found, without the types of Rust and, where a path is named, without the place.
pub(super) fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    if !error.is_data() {
        return format!("not JSON: {text}");
    }
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let Some((found, expected)) = text.rsplit_once(", expected ") else { return text.to_owned() };
    let found = found.trim_start_matches("invalid type: ").trim_start_matches("invalid value: ");
    // It may be a key in the wrong place.
    let found = if found.starts_with("string ") { "a string" } else { found };
    let expected = match expected {
        "f64" => "a number",
        "i32" => "a whole number of 32 bits",
        "a map" | "struct PlanRequest" => "an object",
        "a sequence" => "an array",
        other => other,
    };
    format!("expected {expected}, found {found}")
}
