//! How much memory a JSON text would take as a tree of values, known before there is one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// The most bytes that the tree of a text can take; none if the text is not JSON.
pub(crate) fn of(json: &str) -> Option<usize> {
    serde_json::from_str(json).ok().map(|Weight(bytes)| bytes)
}

/// What a value takes besides its place in the value around it.
struct Weight(usize);

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Every value is read as it would be for the tree, so that what weighs something can be made into one.
        deserializer.deserialize_any(Scales)
    }
}

struct Scales;

impl<'de> Visitor<'de> for Scales {
    type Value = Weight;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Weight, E> {
        Ok(Weight(0))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Weight, E> {
        Ok(Weight(0))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Weight, E> {
        Ok(Weight(0))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Weight, E> {
        Ok(Weight(0))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Weight, E> {
        Ok(Weight(0))
    }

    fn visit_str<E>(self, text: &str) -> Result<Weight, E> {
        Ok(Weight(text.len()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Weight, A::Error> {
        let mut bytes = SMALLEST_ARRAY;
        while let Some(Weight(item)) = items.next_element()? {
            bytes += ITEM + item;
        }
        Ok(Weight(bytes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Weight, A::Error> {
        let mut bytes = SMALLEST_OBJECT;
        while let Some((Weight(name), Weight(value))) = fields.next_entry()? {
            bytes += FIELD + name + value;
        }
        Ok(Weight(bytes))
    }
}

/// Four places of 32 bytes.
const SMALLEST_ARRAY: usize = 128;
/// Two places, since an array that grows doubles.
const ITEM: usize = 64;
/// One node of a B-tree: eleven names of 24 bytes and eleven values.
const SMALLEST_OBJECT: usize = 632;
/// A share of a node that is half full, and of the nodes above it.
const FIELD: usize = 128;
