//! The objects of Whop's APIs: those of each are generated from `api/`.

pub mod current;
pub mod v2;

use std::fmt;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A JSON object without a fixed shape.
pub type JsonObject = serde_json::Map<String, Value>;

/// An id or, where Whop expanded it, the object. Which one comes does not depend only on what was asked.
#[derive(Clone)]
pub enum Expandable<T> {
    /// The id, such as `prod_…`.
    Id(String),
    /// The object.
    Object(Box<T>),
}

impl<T> Expandable<T> {
    /// The object, if it was expanded.
    pub fn object(&self) -> Option<&T> {
        match self {
            Self::Object(object) => Some(object),
            Self::Id(_) => None,
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Expandable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(id) => Ok(Self::Id(id)),
            // Checked here, because serde would also take an array for the fields in their order.
            object @ Value::Object(_) => serde_json::from_value(object).map(Self::Object).map_err(D::Error::custom),
            _ => Err(D::Error::custom("neither an id nor an object")),
        }
    }
}

impl<T> fmt::Debug for Expandable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id(_) => "Id(..)",
            Self::Object(_) => "Object(..)",
        })
    }
}

/// Whether it is an id of that kind, such as `mem_` with something behind it.
pub(crate) fn is_id(text: &str, kind: &str) -> bool {
    text.strip_prefix(kind).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The id in a field that holds it, or an object in its place.
pub(crate) fn id(field: Option<&Value>) -> Option<String> {
    let field = field?;
    field.as_str().or_else(|| field.get("id")?.as_str()).map(str::to_owned)
}

/// The product that an object of API v2, or a plan of either, is of. `access_pass` counts only where there is no `product`
/// at all, not where it is of a shape that is not understood.
pub(crate) fn product_id(fields: &JsonObject) -> Option<String> {
    let product = fields.get("product").filter(|product| !product.is_null());
    id(product.or_else(|| fields.get("access_pass")))
}

/// The value if it has the expected shape.
pub(crate) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// A price: a number by the specification, a string such as `"0.0"` in practice.
pub(crate) fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok().filter(|price: &f64| price.is_finite()),
        _ => None,
    })
}

/// A field of a request.
pub(crate) struct Field {
    pub name: &'static str,
    pub kind: Kind,
}

/// What a field of a request may be. Null is "not given", whatever it is.
pub(crate) enum Kind {
    /// Of at most so many characters, if that is limited.
    Text { longest: Option<usize> },
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Integer,
    /// Zero or more, in major units of the currency.
    Price,
    /// True or false.
    Boolean,
    /// An object of any fields.
    Map,
    /// An object of these fields.
    Object(&'static [Field]),
    /// An array of texts.
    Texts,
    /// An array of objects of these fields or, in API v2 of 2023 and 2024, of texts.
    Objects { fields: &'static [Field], or_texts: bool },
}
