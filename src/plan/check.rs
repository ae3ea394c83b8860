//! Whether the fields of a plan are what the API takes: Whop ignores a name that it does not know, and the plan is then
//! sold on other terms than were meant.

use serde_json::Value;

use crate::error::Error;
use crate::model::{Field, JsonObject, Kind};

/// What a request may say.
pub(crate) struct Terms<'a> {
    pub fields: &'a [Field],
    /// Names of another API, with their names in this one.
    pub renamed: &'a [(&'a str, &'a str)],
    /// Fields of another API, those that this one lacks among them.
    pub gone: &'a [Field],
}

pub(super) fn fault(fault: impl Into<String>) -> Error {
    Error::argument("plan_json", fault)
}

/// Refuses the first field that the API does not take. With `allow_unknown`, names and values that it does not know
/// pass.
pub(super) fn fields(given: &JsonObject, terms: &Terms<'_>, allow_unknown: bool) -> Result<(), Error> {
    if let Some((old, new)) = terms.renamed.iter().find(|(old, _)| given.get(*old).is_some_and(|it| !it.is_null())) {
        return Err(fault(format!("`{old}` is the name in API v2: it is `{new}` now")));
    }
    for (name, value) in given {
        match terms.fields.iter().find(|field| field.name == name) {
            Some(field) => check(name, value, &field.kind, allow_unknown)?,
            None if allow_unknown => {}
            None if terms.gone.iter().any(|field| field.name == name) => {
                return Err(fault(format!("`{name}` is a field of API v2 alone")));
            }
            None => return Err(fault(unknown(name, "a plan", terms.fields))),
        }
    }
    Ok(())
}

fn check(path: &str, value: &Value, kind: &Kind, allow_unknown: bool) -> Result<(), Error> {
    if value.is_null() {
        return Ok(());
    }
    let expected = match kind {
        Kind::Text { longest } => {
            let Some(text) = value.as_str() else { return Err(wrong(path, "a string", value)) };
            match longest {
                Some(longest) if text.chars().count() > *longest => {
                    return Err(fault(format!("{path}: longer than {longest} characters")));
                }
                _ => return Ok(()),
            }
        }
        Kind::OneOf(choices) => match value.as_str() {
            Some(text) if allow_unknown || choices.contains(&text) => return Ok(()),
            Some(text) => return Err(fault(format!("{path}: {}", not_among(text, choices)))),
            None => "a string",
        },
        Kind::Integer if value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()) => return Ok(()),
        Kind::Integer => "a whole number of 32 bits",
        Kind::Price if value.as_f64().is_some_and(|price| price >= 0.0) => return Ok(()),
        Kind::Price if value.is_number() => "a price of zero or more, in major units (10.43 is $10.43)",
        Kind::Price => "a number",
        Kind::Boolean if value.is_boolean() => return Ok(()),
        Kind::Boolean => "a boolean",
        Kind::Map if value.is_object() => return Ok(()),
        Kind::Map => "an object",
        Kind::Object(fields) => match value {
            Value::Object(object) => return within(path, object, fields, allow_unknown),
            _ => "an object",
        },
        Kind::Texts => match value {
            Value::Array(items) => {
                let mut items = items.iter().enumerate();
                let wrong_one = items.find(|(_, item)| !item.is_string());
                return wrong_one.map_or(Ok(()), |(at, item)| Err(wrong(&format!("{path}[{at}]"), "a string", item)));
            }
            _ => "an array",
        },
        Kind::Objects { fields, or_texts } => match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let path = format!("{path}[{at}]");
                    match item {
                        Value::Object(object) => within(&path, object, fields, allow_unknown)?,
                        Value::String(_) if *or_texts => {}
                        _ if *or_texts => return Err(wrong(&path, "an object or a string", item)),
                        _ => return Err(wrong(&path, "an object", item)),
                    }
                }
                return Ok(());
            }
            _ => "an array",
        },
    };
    Err(wrong(path, expected, value))
}

/// The fields of an object inside the plan.
fn within(path: &str, given: &JsonObject, fields: &[Field], allow_unknown: bool) -> Result<(), Error> {
    for (name, value) in given {
        match fields.iter().find(|field| field.name == name) {
            Some(field) => check(&format!("{path}.{name}"), value, &field.kind, allow_unknown)?,
            None if allow_unknown => {}
            None => return Err(fault(format!("{path}: {}", unknown(name, "it", fields)))),
        }
    }
    Ok(())
}

fn wrong(path: &str, expected: &str, found: &Value) -> Error {
    let found = match found {
        Value::Null | Value::Bool(_) | Value::Number(_) => found.to_string(),
        Value::String(_) => "a string".into(),
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
    };
    fault(format!("{path}: expected {expected}, found {found}"))
}

/// A name that is not among the known ones, with the nearest of them.
fn unknown(name: &str, of: &str, fields: &[Field]) -> String {
    let said = format!("`{name}` is not a field of {of}");
    match nearest(name, fields.iter().map(|field| field.name)) {
        Some(nearest) => format!("{said}: did you mean `{nearest}`?"),
        None => said,
    }
}

fn not_among(value: &str, choices: &[&str]) -> String {
    if choices.len() <= FEW {
        return format!("expected one of {}, found `{value}`", choices.join(", "));
    }
    match nearest(&value.to_lowercase(), choices.iter().copied()) {
        Some(nearest) => format!("`{value}` is not one of the values: did you mean `{nearest}`?"),
        None => format!("`{value}` is not one of the values, such as `{}`", choices.first().unwrap_or(&"")),
    }
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |known: &str| strsim::sorensen_dice(name, known);
    known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|nearest| likeness(nearest) > 0.4)
}

/// So many values can all be named in a message.
const FEW: usize = 8;
