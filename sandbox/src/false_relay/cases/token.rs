//! Tokens: their three parts, how these are encoded, and what stands around them.

use super::Case;
use crate::false_relay::members::quoted;

pub const CASES: &[Case] = &[
    ("token-empty", |draft| draft.token = Box::new(|_| String::new())),
    ("token-of-dots", |draft| draft.token = Box::new(|_| "..".to_owned())),
    ("token-of-one-part", |draft| draft.token = Box::new(|token| token.replace('.', ""))),
    ("token-of-two-parts", |draft| draft.token = Box::new(|token| part(&token, 0) + "." + &part(&token, 1))),
    ("token-of-four-parts", |draft| draft.token = Box::new(|token| token + ".AAAA")),
    ("token-of-five-parts", |draft| draft.token = Box::new(|token| token + ".AAAA.AAAA")),
    ("token-dot-behind", |draft| draft.token = Box::new(|token| token + ".")),
    ("token-dot-in-front", |draft| draft.token = Box::new(|token| format!(".{token}"))),
    ("token-without-claims", |draft| draft.token = Box::new(|token| part(&token, 0) + ".." + &part(&token, 2))),
    ("token-parts-swapped", |draft| {
        draft.token = Box::new(|token| [1, 0, 2].map(|number| part(&token, number)).join("."));
    }),
    ("token-twice", |draft| draft.token = Box::new(|token| format!("{token},{token}"))),
    ("token-as-json", |draft| draft.token = Box::new(|token| flattened(&token))),
    ("token-quoted", |draft| draft.token = Box::new(|token| quoted(&token))),
    ("token-bearer", |draft| draft.token = Box::new(|token| format!("Bearer {token}"))),
    ("token-space-in-front", |draft| draft.token = Box::new(|token| format!(" {token}"))),
    ("token-space-behind", |draft| draft.token = Box::new(|token| token + " ")),
    ("token-newline-behind", |draft| draft.token = Box::new(|token| token + "\n")),
    ("token-newline-within", |draft| draft.token = Box::new(|token| token.replacen('.', "\r\n.", 1))),
    ("token-nul-behind", |draft| draft.token = Box::new(|token| token + "\0")),
    ("token-byte-order-mark", |draft| draft.token = Box::new(|token| format!("\u{feff}{token}"))),
    ("header-padded", |draft| {
        draft.header_bytes = with_spare_bits;
        draft.parts = |parts| part(&parts, 0) + "=." + &part(&parts, 1);
    }),
    ("claims-padded", |draft| {
        draft.claims_bytes = with_spare_bits;
        draft.parts = |parts| parts + "=";
    }),
    ("signature-padded", |draft| draft.token = Box::new(|token| token + "==")),
    ("header-spare-bits", |draft| {
        draft.header_bytes = with_spare_bits;
        draft.parts = |parts| spare_bit_set(&part(&parts, 0)) + "." + &part(&parts, 1);
    }),
    ("claims-spare-bits", |draft| {
        draft.claims_bytes = with_spare_bits;
        draft.parts = |parts| spare_bit_set(&parts);
    }),
    ("signature-spare-bits", |draft| draft.token = Box::new(|token| spare_bit_set(&token))),
    ("claims-standard-alphabet", |draft| {
        draft.claims.add("x", r#""???""#);
        draft.parts = |parts| part(&parts, 0) + "." + &standard(&part(&parts, 1));
    }),
    ("signature-standard-alphabet", |draft| {
        for number in 0.. {
            draft.claims.set("x", number.to_string());
            if part(&draft.token(), 2).contains(['-', '_']) {
                break;
            }
        }
        draft.token = Box::new(|token| part(&token, 0) + "." + &part(&token, 1) + "." + &standard(&part(&token, 2)));
    }),
    ("claims-changed-after-signing", |draft| {
        draft.claims.set("valid", "false");
        let said_no = draft.token();
        draft.claims.set("valid", "true");
        draft.token = Box::new(move |token| part(&token, 0) + "." + &part(&token, 1) + "." + &part(&said_no, 2));
    }),
    ("token-of-4-kib", |draft| draft.claims.add("x", quoted(&"x".repeat(2300)))),
    ("token-of-5-kib", |draft| draft.claims.add("x", quoted(&"x".repeat(3300)))),
    ("token-of-9-kib", |draft| draft.claims.add("x", quoted(&"x".repeat(6500)))),
    ("token-of-1-mib", |draft| draft.claims.add("x", quoted(&"x".repeat(3 << 18)))),
];

/// Cut off after so many bytes.
pub fn truncated(token: &str, bytes: usize) -> String {
    token.get(..bytes).unwrap_or(token).to_owned()
}

/// With that bit the other way round, counted from the first, and again from the front where there are no more.
pub fn flipped(token: &str, bit: usize) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let place = (bit / 8).checked_rem(bytes.len()).and_then(|index| bytes.get_mut(index));
    place.into_iter().for_each(|byte| *byte ^= 1 << (bit % 8));
    String::from_utf8_lossy(&bytes).into_owned()
}

fn part(token: &str, number: usize) -> String {
    token.split('.').nth(number).unwrap_or_default().to_owned()
}

/// The same JSON, of a length whose encoding has two bits to spare.
fn with_spare_bits(json: String) -> Vec<u8> {
    let spaces = (5 - json.len() % 3) % 3;
    json.replacen('{', &format!("{{{}", " ".repeat(spaces)), 1).into()
}

fn spare_bit_set(encoded: &str) -> String {
    let last = encoded.bytes().next_back().and_then(|last| ALPHABET.iter().position(|letter| *letter == last));
    let other = last.and_then(|last| ALPHABET.get(last ^ 1)).copied().unwrap_or(b'=');
    format!("{}{}", encoded.get(..encoded.len() - 1).unwrap_or_default(), char::from(other))
}

fn standard(encoded: &str) -> String {
    encoded.replace('-', "+").replace('_', "/")
}

/// RFC 7515, section 7.2.2.
pub fn flattened(token: &str) -> String {
    let [header, claims, signature] = [0, 1, 2].map(|number| part(token, number));
    format!(r#"{{"payload":"{claims}","protected":"{header}","signature":"{signature}"}}"#)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
