//! Where in a JSON text a value stands, so that it can be given as it was sent.

/// The text of the value that an RFC 6901 pointer leads to, in JSON that is known to be good. Of a name that is given
/// twice, the last one counts.
pub(super) fn at<'a>(json: &'a str, pointer: &str) -> Option<&'a str> {
    let whole = json.trim_ascii();
    if pointer.is_empty() {
        return Some(whole);
    }
    let mut parts = pointer.strip_prefix('/')?.split('/');
    parts.try_fold(whole, |value, part| match value.as_bytes().first()? {
        b'{' => member(value, &part.replace("~1", "/").replace("~0", "~")),
        b'[' => item(value, part),
        _ => None,
    })
}

fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut found = None;
    let mut rest = object.get(1..)?;
    while let (written, Some(b':'), after) = piece(rest) {
        let (value, _, after) = piece(after);
        if serde_json::from_str::<String>(written).is_ok_and(|written| written == name) {
            found = Some(value);
        }
        rest = after;
    }
    found
}

fn item<'a>(array: &'a str, index: &str) -> Option<&'a str> {
    let is_index = index == "0" || !index.starts_with(['0', '+']);
    let mut left = index.parse::<usize>().ok().filter(|_| is_index)?;
    let mut rest = array.get(1..)?;
    loop {
        match piece(rest) {
            // An array without items.
            ("", ..) => return None,
            (value, ..) if left == 0 => return Some(value),
            (_, Some(b','), after) => (left, rest) = (left - 1, after),
            _ => return None,
        }
    }
}

/// What stands before the next comma, colon or end of the array or object, which of them it is, and what follows it.
fn piece(text: &str) -> (&str, Option<u8>, &str) {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b',' | b':' | b']' | b'}' if depth == 0 => {
                let (before, after) = text.split_at(at);
                return (before.trim_ascii(), Some(byte), after.get(1..).unwrap_or_default());
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    (text.trim_ascii(), None, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn value_is_given_byte_for_byte() {
        let json = " {\"a\" : [ 1.50 , {\"b\\u0063\": \"x,]}\\\"\\\\\" } ,[ ] ] ,\"\":{ } ,\"a/~\" : 1e400,\"n\":1, \"n\" : null}\n";
        for (pointer, expected) in [
            ("", Some(json.trim())),
            ("/a/0", Some("1.50")),
            ("/a/1", Some("{\"b\\u0063\": \"x,]}\\\"\\\\\" }")),
            ("/a/1/bc", Some("\"x,]}\\\"\\\\\"")),
            ("/a/2", Some("[ ]")),
            ("/", Some("{ }")),
            ("/a~1~0", Some("1e400")),
            ("/n", Some("null")),
            ("/a/2/0", None),
            ("/a/3", None),
            ("/a/00", None),
            ("/a/+1", None),
            ("/a/-", None),
            ("/a/0/0", None),
            ("//x", None),
            ("/b", None),
            ("a", None),
            ("/a/1/bc/0", None),
        ] {
            assert_eq!(at(json, pointer), expected, "{pointer}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<i64>().prop_map(Value::from), ".{0,4}".prop_map(Value::from)];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a~/\"\\\\,:{}]{0,2}", inner), 0..4)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    /// The pointers of all values below one.
    fn pointers(value: &Value, here: &str) -> Vec<String> {
        let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
        let below: Vec<_> = match value {
            Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
            Value::Object(fields) => fields.iter().map(|(name, field)| (escaped(name), field)).collect(),
            _ => Vec::new(),
        };
        let mut all = vec![here.to_owned()];
        all.extend(below.into_iter().flat_map(|(name, value)| pointers(value, &format!("{here}/{name}"))));
        all
    }

    proptest! {
        #[test]
        fn text_is_that_of_the_value_at_the_pointer(value in any_json(), is_pretty: bool) {
            let json = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            for pointer in pointers(&value, "") {
                let text = at(&json, &pointer).unwrap();
                let found = serde_json::from_str::<Value>(text).ok();
                prop_assert_eq!(found.as_ref(), value.pointer(&pointer));
                for wrong in ["/0", "/a", "/x"] {
                    let wrong = format!("{pointer}{wrong}");
                    prop_assert_eq!(at(&json, &wrong).is_some(), value.pointer(&wrong).is_some(), "{}", wrong);
                }
            }
        }
    }
}
