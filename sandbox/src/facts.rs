//! The fields of both APIs, read from the tables that the whole project is made from.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The tables of one API.
#[derive(Debug)]
pub struct Facts {
    pub membership: Object,
    pub plan: Object,
    pub plan_request: Object,
    types: Types,
}

#[derive(Debug, Default, Deserialize)]
pub struct Object {
    #[serde(default)]
    name: String,
    fields: Vec<Field>,
}

#[derive(Debug, Deserialize)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    nullable: bool,
    #[serde(default)]
    required: bool,
    longest: Option<usize>,
    /// The field's name in API v2.
    pub v2: Option<String>,
    #[serde(default)]
    since: String,
    until: Option<String>,
    #[serde(default)]
    undated: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Types {
    objects: Vec<Object>,
    enums: Vec<Enum>,
}

#[derive(Debug, Deserialize)]
struct Enum {
    name: String,
    /// With a meaning each, or a plain list.
    values: Value,
}

/// The shape that an answer has without a date.
pub const UNDATED: &str = "2025-01-01";

pub static CURRENT: LazyLock<Facts> = LazyLock::new(|| Facts {
    membership: read(include_str!("../../api/current/membership.json")),
    plan: read(include_str!("../../api/current/plan.json")),
    plan_request: read(include_str!("../../api/current/plan_request.json")),
    types: read(include_str!("../../api/current/types.json")),
});

pub static V2: LazyLock<Facts> = LazyLock::new(|| Facts {
    membership: read(include_str!("../../api/v2/membership.json")),
    plan: read(include_str!("../../api/v2/plan.json")),
    plan_request: read(include_str!("../../api/v2/plan_request.json")),
    types: read(include_str!("../../api/v2/types.json")),
});

/// A table that cannot be read is empty, which no test of what is answered survives.
fn read<'a, T: Default + Deserialize<'a>>(table: &'a str) -> T {
    serde_json::from_str(table).unwrap_or_default()
}

impl Object {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter()
    }
}

impl Field {
    /// Whether the shape of that date has it.
    pub fn is_in(&self, date: &str) -> bool {
        match date {
            UNDATED => self.undated || self.since == UNDATED,
            _ => *self.since <= *date && self.until.as_deref().is_none_or(|until| date <= until),
        }
    }
}

#[cfg(test)]
impl Field {
    pub fn joined(&self, date: &str) -> bool {
        self.since == date
    }
}

impl Facts {
    /// The first field of a plan request that has a value it does not take.
    pub fn misfit(&self, request: &Map<String, Value>) -> Option<&str> {
        self.misfit_of(&self.plan_request, request)
    }

    fn misfit_of<'a>(&self, object: &'a Object, given: &Map<String, Value>) -> Option<&'a str> {
        let fits = |field: &Field| match given.get(&field.name) {
            Some(Value::Null) => field.nullable,
            Some(value) => {
                self.takes(&field.kind, value) && field.longest.is_none_or(|longest| length(value) <= longest)
            }
            None => !field.required,
        };
        object.fields().find(|field| !fits(field)).map(|field| field.name.as_str())
    }

    fn takes(&self, kind: &str, value: &Value) -> bool {
        if let Some(kinds) = kind.strip_prefix('[').and_then(|kinds| kinds.strip_suffix(']')) {
            let item = |value| kinds.split('|').any(|kind| self.takes(kind, value));
            return value.as_array().is_some_and(|items| items.iter().all(item));
        }
        match kind {
            "text" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "number" => value.is_number(),
            // Major units: 10.43 is $10.43. A text is refused.
            "price" => value.as_f64().is_some_and(|price| price >= 0.0),
            "map" => value.is_object(),
            "any" => true,
            named => self.takes_named(named, value),
        }
    }

    fn takes_named(&self, name: &str, value: &Value) -> bool {
        if let Some(object) = self.types.objects.iter().find(|object| object.name == name) {
            return value.as_object().is_some_and(|given| self.misfit_of(object, given).is_none());
        }
        let values = self.types.enums.iter().find(|listed| listed.name == name).map(|listed| &listed.values);
        let among = |text: &str| match values {
            Some(Value::Object(values)) => values.contains_key(text),
            Some(Value::Array(values)) => values.iter().any(|value| value == text),
            _ => false,
        };
        value.as_str().is_some_and(among)
    }
}

fn length(value: &Value) -> usize {
    value.as_str().map(|text| text.chars().count()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_read_and_every_type_is_known() {
        for facts in [&*CURRENT, &*V2] {
            for object in [&facts.membership, &facts.plan, &facts.plan_request] {
                assert!(object.fields.len() > 20, "{}", object.name);
            }
            for field in &facts.plan_request.fields {
                let kind = field.kind.trim_matches(['[', ']']);
                for kind in kind.split('|') {
                    let named = |name: &str| name == kind;
                    let known = ["text", "boolean", "integer", "number", "price", "map", "any"].into_iter().any(named)
                        || facts.types.objects.iter().any(|object| named(&object.name))
                        || facts.types.enums.iter().any(|listed| named(&listed.name));
                    assert!(known, "{}: {kind}", field.name);
                }
            }
        }
    }

    #[test]
    fn a_date_has_what_joined_by_then_and_no_date_the_first_shape() {
        let names = |date| CURRENT.membership.fields().filter(move |field| field.is_in(date)).count();
        assert!(names("2026-08-21") < names("2026-09-02-1") && names("2026-09-23") < names("2026-10-13-1"));

        let updated_at = CURRENT.membership.field("updated_at").unwrap();
        assert_eq!([UNDATED, "2026-09-23", "2026-09-29"].map(|date| updated_at.is_in(date)), [true, false, true]);
    }
}
