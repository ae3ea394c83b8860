//! A JSON text, read once: into a tree of values of limited memory, with a note of whether readers would agree on it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::model::JsonObject;

/// The values of a JSON text.
pub(crate) struct Tree {
    pub value: Value,
    /// Whether an object gives a name twice, of which readers differ on which counts. Here it is the last one.
    pub repeats_a_name: bool,
}

impl Tree {
    /// None if the text is not JSON, or would take too much memory.
    pub fn of(json: &str) -> Option<Self> {
        let mut growth = Growth::default();
        let mut reader = serde_json::Deserializer::from_str(json);
        let value = Branch(&mut growth).deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        Some(Self { value, repeats_a_name: growth.repeats_a_name })
    }
}

/// What is known of a tree that is not finished.
#[derive(Default)]
struct Growth {
    /// The most memory that it can take, in bytes.
    weight: usize,
    repeats_a_name: bool,
}

impl Growth {
    fn add<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.weight += bytes;
        if self.weight > MAX_TREE { Err(E::custom("too large")) } else { Ok(()) }
    }
}

struct Branch<'a>(&'a mut Growth);

impl<'de> DeserializeSeed<'de> for Branch<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branch<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Value, E> {
        Ok(Value::Bool(boolean))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Number::from_f64(number).into())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.0.add(text.len())?;
        // With room for the NUL that C wants behind it.
        let mut copy = String::with_capacity(text.len() + 1);
        copy.push_str(text);
        Ok(Value::String(copy))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.add(SMALLEST_ARRAY)?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Branch(self.0))? {
            self.0.add(ITEM)?;
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        self.0.add(SMALLEST_OBJECT)?;
        let mut object = JsonObject::new();
        while let Some(name) = fields.next_key::<String>()? {
            self.0.add(FIELD + name.len())?;
            // serde_json, if built so, reads what stands under such a name in place of the object.
            self.0.repeats_a_name |= name.starts_with("$serde_json::private::");
            let value = fields.next_value_seed(Branch(self.0))?;
            self.0.repeats_a_name |= object.insert(name, value).is_some();
        }
        Ok(Value::Object(object))
    }
}

/// The most that a tree may weigh, which can be a hundred times as much as its text. Thirty thousand ids weigh less.
const MAX_TREE: usize = 3 << 20;
/// Four places of 32 bytes.
const SMALLEST_ARRAY: usize = 128;
/// Two places, since an array that grows doubles.
const ITEM: usize = 64;
/// One node of a B-tree: eleven names of 24 bytes and eleven values.
const SMALLEST_OBJECT: usize = 632;
/// A share of a node that is half full, and of the nodes above it.
const FIELD: usize = 128;
