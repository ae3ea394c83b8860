//! The one pair of metadata that a program sends, and nothing beside it.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

/// The device in the body `{"metadata":{"<name>":"<device>"}}`. None for any other body.
///
/// Strict, because what passes here is written with the seller's API key.
pub(crate) fn device(body: &[u8], name: &str) -> Option<String> {
    let Only(outer, Only(inner, device)) = serde_json::from_slice::<Only<Only<String>>>(body).ok()?;
    (outer == "metadata" && inner == name && is_device(&device)).then_some(device)
}

/// Whether a text can be a device: printable ASCII, and not the mark of one that was released.
pub(crate) fn is_device(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.trim().is_empty()
        && !text.starts_with(RELEASED)
}

/// Begins the value of a device that was released.
pub(crate) const RELEASED: &str = "released:";
const LONGEST: usize = 256;

/// An object of exactly one member.
struct Only<T>(String, T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Only<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OnlyVisitor(PhantomData))
    }
}

struct OnlyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OnlyVisitor<T> {
    type Value = Only<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of one member")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Only<T>, A::Error> {
        let Some((name, value)) = map.next_entry()? else { return Err(A::Error::custom("empty")) };
        match map.next_key::<String>()? {
            None => Ok(Only(name, value)),
            Some(_) => Err(A::Error::custom("a second member")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pair_of_the_set_name_is_taken() {
        let longest = "x".repeat(256);
        for value in ["a", "PC-1 (Anna's)", &longest] {
            let body = format!(r#" {{ "metadata" : {{"hwid": "{value}"}} }} "#);
            assert_eq!(device(body.as_bytes(), "hwid").as_deref(), Some(value));
        }
        assert_eq!(device(br#"{"metadata":{"\u0068wid":"\u0041"}}"#, "hwid").as_deref(), Some("A"));
    }

    #[test]
    fn everything_else_is_refused() {
        let too_long = format!(r#"{{"metadata":{{"hwid":"{}"}}}}"#, "x".repeat(257));
        let nested = "[".repeat(8_000);
        for body in [
            "",
            "{}",
            "null",
            "[]",
            "\"hwid\"",
            r#"{"metadata":null}"#,
            r#"{"metadata":{}}"#,
            r#"{"metadata":[]}"#,
            r#"{"metadata":["hwid","a"]}"#,
            r#"["metadata",{"hwid":"a"}]"#,
            r#"{"metadata":[["hwid","a"]]}"#,
            r#"{"metadata":"{\"hwid\":\"a\"}"}"#,
            r#"{"metadata":{"hwid":"a","note":"b"}}"#,
            r#"{"metadata":{"hwid":"a","hwid":"a"}}"#,
            r#"{"metadata":{"hwid":"a","\u0068wid":"b"}}"#,
            r#"{"metadata":{"hwid":"a"},"metadata":{"hwid":"a"}}"#,
            r#"{"metadata":{"hwid":"a"},"id":"mem_1"}"#,
            r#"{"Metadata":{"hwid":"a"}}"#,
            r#"{"metadata":{"HWID":"a"}}"#,
            r#"{"metadata":{"hwid_2":"a"}}"#,
            r#"{"metadata":{"":"a"}}"#,
            r#"{"metadata":{"hwid":""}}"#,
            r#"{"metadata":{"hwid":"  "}}"#,
            r#"{"metadata":{"hwid":1}}"#,
            r#"{"metadata":{"hwid":true}}"#,
            r#"{"metadata":{"hwid":null}}"#,
            r#"{"metadata":{"hwid":["a"]}}"#,
            r#"{"metadata":{"hwid":{"a":"b"}}}"#,
            r#"{"metadata":{"hwid":"a\u0000"}}"#,
            r#"{"metadata":{"hwid":"a\n"}}"#,
            r#"{"metadata":{"hwid":"a\u007f"}}"#,
            r#"{"metadata":{"hwid":"é"}}"#,
            r#"{"metadata":{"hwid":"released:1790000000"}}"#,
            r#"{"metadata":{"hwid":"released:"}}"#,
            r#"{"metadata":{"hwid":"a"}} x"#,
            r#"{"metadata":{"hwid":"a"}}{}"#,
            r#"{"metadata":{"hwid":"a"}"#,
            r#"{"metadata":{"hwid":"a",}}"#,
            r#"{'metadata':{'hwid':'a'}}"#,
            "\u{feff}{\"metadata\":{\"hwid\":\"a\"}}",
            "metadata[hwid]=a",
            &too_long,
            &nested,
        ] {
            assert_eq!(device(body.as_bytes(), "hwid"), None, "{body}");
        }
        assert_eq!(device(b"{\"metadata\":{\"hwid\":\"\xff\"}}", "hwid"), None);
    }
}
