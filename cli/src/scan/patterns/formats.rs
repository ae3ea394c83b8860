//! Keys of every length as compiled formats store them: with their length before them, which may look like a letter or a
//! digit.

use super::*;

/// Keys of this length, of each kind that has a shape.
fn keys(length: usize) -> Vec<String> {
    let fill = |begins: &str, letters: &str| begins.chars().chain(letters.chars().cycle()).take(length).collect();
    let mixed = "aB3dE5gH7jK9mN1pQ3sT";
    // As a name that is followed by another, in a mangled name.
    let as_names = "bcdfghijklmnop4qrstuvwx";
    let mut keys = vec![fill("apik_", mixed), fill("apik_", as_names), fill("whop_", mixed), fill("whop_", as_names)];
    if length >= "ws_".len() + 32 {
        keys.push(fill("ws_", "0123456789abcdef"));
    }
    keys
}

#[track_caller]
fn assert_found(format: impl Fn(&str) -> Vec<u8>) {
    let patterns = Patterns::new(None).unwrap();
    for key in (20..=70).flat_map(keys) {
        let found = patterns.find(&["hello", &key, "next"].map(&format).concat());
        assert_eq!(found.len(), 1, "{} bytes: {key}", key.len());
        assert!(found[0].begins == key[..4] && found[0].length >= key.len(), "{key}: {found:?}");
    }
}

#[test]
fn keys_are_found_in_the_user_strings_of_dotnet() {
    assert_found(|text| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = units.len() + 1;
        let length = if length < 0x80 { vec![length as u8] } else { vec![0x80 | (length >> 8) as u8, length as u8] };
        [&length[..], &units, &[0]].concat()
    });
}

#[test]
fn keys_are_found_in_the_constants_of_java() {
    assert_found(|text| [&[1, 0, text.len() as u8], text.as_bytes()].concat());
}

#[test]
fn keys_are_found_in_the_constants_of_python() {
    for kind in *b"zZ\xfa\xda" {
        assert_found(|text| [&[kind, text.len() as u8], text.as_bytes()].concat());
    }
    for kind in *b"aAu\xe1\xc1\xf5" {
        assert_found(|text| [&[kind, text.len() as u8, 0, 0, 0], text.as_bytes()].concat());
    }
}

#[test]
fn keys_are_found_behind_a_length_of_protocol_buffers() {
    for tag in (0x0a..=0x7a).step_by(8) {
        assert_found(|text| [&[tag, text.len() as u8], text.as_bytes()].concat());
    }
}

#[test]
fn names_in_symbols_of_rust_are_no_keys() {
    let patterns = Patterns::new(None).unwrap();
    for symbol in [
        "_ZN12whop_license4http7connect5Route4open17h0123456789abcdefE",
        "_ZN4core3ptr52drop_in_place$LT$whop_license..Fault$GT$17h0123456789abcdefE",
        "__ZN10whop_relay6engine6Engine17h0123456789abcdefE",
        "_RNvNtCs1234_12whop_license7request19validate_license_v2",
        "_RNvNtCs1234_4sha212whop_license7request19validate_license_v2",
    ] {
        assert_eq!(patterns.find(format!("\0{symbol}\0").as_bytes()), [], "{symbol}");
    }
    // A number that is no length of a name, and none of Rust.
    for text in ["_ZN13whop_license4http7connect5Route", "12whop_license4http7connect5Route"] {
        assert_eq!(patterns.find(text.as_bytes()).len(), 1, "{text}");
    }
}
