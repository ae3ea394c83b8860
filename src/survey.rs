//! One walk over a JSON text, before there is a tree of values: what the tree would weigh, and whether readers would
//! agree on it.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// What the walk finds.
#[derive(Clone, Copy, Default)]
pub(crate) struct Survey {
    /// The most memory that the tree can take, in bytes.
    weight: usize,
    /// Whether an object gives a name twice, of which readers differ on which counts.
    pub repeats_a_name: bool,
}

impl Survey {
    /// None if the text is not JSON, or would take too much memory.
    pub fn of(json: &str) -> Option<Self> {
        let mut survey = Self::default();
        let mut reader = serde_json::Deserializer::from_str(json);
        Walk(&mut survey).deserialize(&mut reader).and_then(|()| reader.end()).ok()?;
        Some(survey)
    }
}

struct Walk<'a>(&'a mut Survey);

impl Walk<'_> {
    fn add<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.0.weight += bytes;
        if self.0.weight > MAX_TREE { Err(E::custom("too large")) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // Every value is read as it would be for the tree, so that what passes here can be made into one.
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.add(text.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.add(SMALLEST_ARRAY)?;
        while items.next_element_seed(Walk(self.0))?.is_some() {
            self.add(ITEM)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        self.add(SMALLEST_OBJECT)?;
        let mut names = HashSet::new();
        while let Some(name) = fields.next_key::<String>()? {
            self.add(FIELD + name.len())?;
            // serde_json, if built so, reads what stands under such a name in place of the object.
            self.0.repeats_a_name |= name.starts_with("$serde_json::private::") || !names.insert(name);
            fields.next_value_seed(Walk(self.0))?;
        }
        Ok(())
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
