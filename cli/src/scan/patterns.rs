//! What is looked for: keys in UTF-8 and UTF-16, as programs in C#, Java and C++ hold them.

use std::ops::Range;

use memchr::memmem;
use regex::bytes::Regex;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// The API key that this program was given.
    GivenKey,
    ApiKey,
    WebhookSecret,
    PrivateKey,
    /// Worth nothing outside a developer's machine.
    SandboxKey,
}

impl Kind {
    pub fn in_words(self) -> &'static str {
        match self {
            Self::GivenKey => "the API key that is in use here",
            Self::ApiKey => "an API key of Whop",
            Self::WebhookSecret => "a webhook secret of Whop",
            Self::PrivateKey => "a private key, as a relay signs with",
            Self::SandboxKey => "an API key of the sandbox, which opens nothing",
        }
    }

    pub fn is_secret(self) -> bool {
        self != Self::SandboxKey
    }
}

/// A place in a buffer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Its first four characters.
    pub begins: String,
    /// In characters, as far as it was looked at.
    pub length: usize,
}

/// All that is looked for.
pub(super) struct Patterns {
    shapes: Vec<(Kind, Regex)>,
    /// The given key, in UTF-8 and in UTF-16.
    given: Vec<memmem::Finder<'static>>,
}

/// A part of a shape: a text, or a class of characters with the least and the most repetitions.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Repeat(&'static str, usize, usize),
}
use Part::{Repeat, Text};

const SHAPES: [(Kind, &[Part]); 6] = [
    (Kind::ApiKey, &[Text("apik_"), Repeat("[A-Za-z0-9_-]", 12, 200)]),
    // Not the names of functions, in which no digits stand among fifteen letters.
    (Kind::ApiKey, &[Text("whop_"), Repeat("[a-z_]", 0, 7), Repeat("[A-Za-z0-9]", 15, 200)]),
    (Kind::WebhookSecret, &[Text("ws_"), Repeat("[0-9a-f]", 32, 128)]),
    // With what follows: programs that read such keys hold the first line alone.
    (
        Kind::PrivateKey,
        &[
            Text("-----BEGIN "),
            Repeat("[A-Z0-9 ]", 0, 24),
            Text("PRIVATE KEY-----"),
            Repeat(r#"[\\nr\s"'+,;]"#, 0, 32),
            Repeat("[A-Za-z0-9+/=]", 32, 32),
        ],
    ),
    // PKCS #8 of Ed25519 in Base64, without its first and last line.
    (Kind::PrivateKey, &[Text("MC4CAQAwBQYDK2VwBCIEI"), Repeat("[A-Za-z0-9+/]", 43, 43)]),
    (Kind::SandboxKey, &[Text("sandbox_"), Repeat("[0-9]", 1, 5), Text("_"), Repeat("[a-z]", 3, 10)]),
];

/// The most bytes of a match, and of what is looked at before it.
pub(super) const LONGEST: usize = 4096;

/// Of a given key. What is shorter is found by chance.
const GIVEN_LENGTHS: std::ops::RangeInclusive<usize> = 8..=1024;

impl Patterns {
    pub fn new(given: Option<&SecretString>) -> Result<Self, String> {
        let mut shapes = Vec::new();
        for (kind, parts) in SHAPES {
            for is_wide in [false, true] {
                shapes.push((kind, Regex::new(&expression(parts, is_wide)).map_err(|error| error.to_string())?));
            }
        }
        let given = given.map(|key| key.expose_secret().trim());
        if given.is_some_and(|key| !GIVEN_LENGTHS.contains(&key.len())) {
            let (least, most) = (GIVEN_LENGTHS.start(), GIVEN_LENGTHS.end());
            let fault = "the key is not searched for, because its length is not that of a key";
            return Err(format!("WHOP_API_KEY or --api-key-file: {fault}: expected {least} to {most} bytes"));
        }
        let given = given.map(|key| vec![key.as_bytes().to_vec(), wide(key)]).unwrap_or_default();
        Ok(Self { shapes, given: given.iter().map(|key| memmem::Finder::new(key).into_owned()).collect() })
    }

    /// A text with no more of a key in it than its first four characters.
    pub fn masked(&self, text: &str) -> String {
        let (mut masked, mut end_of_last) = (String::new(), 0);
        for Match { start, end, begins, .. } in self.find(text.as_bytes()) {
            if let Some(between) = text.get(end_of_last..start) {
                masked += &format!("{between}{begins}…");
            }
            end_of_last = end_of_last.max(end);
        }
        masked + text.get(end_of_last..).unwrap_or_default()
    }

    /// What is in a buffer, in order of its places. Each place once.
    pub fn find(&self, buffer: &[u8]) -> Vec<Match> {
        let of_shape = |(kind, shape): &(Kind, Regex)| {
            let found = shape.find_iter(buffer).filter_map(|found| looked_at(*kind, buffer, found.range()));
            found.collect::<Vec<_>>()
        };
        let of_given = |finder: &memmem::Finder<'_>| {
            let length = finder.needle().len();
            let found = finder.find_iter(buffer);
            found.filter_map(|start| looked_at(Kind::GivenKey, buffer, start..start + length)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> =
            self.given.iter().flat_map(of_given).chain(self.shapes.iter().flat_map(of_shape)).collect();
        all.sort_by_key(|found| (found.start, found.kind));
        all.dedup_by_key(|found| found.start);
        all
    }
}

/// A match, unless it is one by its letters alone. Compilers store the length of a text in the byte before it, which may
/// look like a letter or a digit.
fn looked_at(kind: Kind, buffer: &[u8], range: Range<usize>) -> Option<Match> {
    let Range { start, end } = range;
    let (before, found) = (buffer.get(..start)?, buffer.get(start..end)?);
    let text: String = found.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let is_it = match kind {
        Kind::ApiKey => is_random(&text) && !is_mangled(before, found),
        Kind::WebhookSecret => !ends_word(before, found.get(1) == Some(&0)),
        _ => true,
    };
    let (begins, length) = (text.chars().take(4).collect(), text.chars().count());
    is_it.then_some(Match { kind, start, end, begins, length })
}

/// Whether digits stand among the letters, and enough different ones: not a name, nor a row of `x` in a manual.
fn is_random(key: &str) -> bool {
    let rest = key.split_once('_').map_or(key, |(_, rest)| rest);
    let mut different: Vec<char> = rest.chars().collect();
    different.sort_unstable();
    different.dedup();
    different.len() >= 8
        && rest.contains(|c: char| c.is_ascii_digit())
        && rest.contains(|c: char| c.is_ascii_alphabetic())
}

/// Whether it is in a mangled name of Rust, as `_ZN12whop_license4http…`: the length of a name, and the name.
fn is_mangled(before: &[u8], found: &[u8]) -> bool {
    let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.$".contains(byte);
    let symbol = before.rsplit(|byte| !is_symbol(byte)).next().unwrap_or_default();
    let name = found.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'_').count();
    let is_its_length = |digits: usize| {
        let number = symbol.len().checked_sub(digits).and_then(|at| symbol.get(at..));
        let number = number.and_then(|number| str::from_utf8(number).ok()?.parse().ok());
        number.is_some_and(|length: usize| ("whop_".len() + 1..=name).contains(&length))
    };
    let is_rust = memmem::find(symbol, b"_ZN").or_else(|| memmem::find(symbol, b"_R")).is_some();
    is_rust && (1..=3).any(is_its_length)
}

/// Whether two small letters stand before it, as in `windows_`.
fn ends_word(before: &[u8], is_wide: bool) -> bool {
    match (is_wide, before) {
        (false, [.., first, last]) | (true, [.., first, 0, last, 0]) => {
            first.is_ascii_lowercase() && last.is_ascii_lowercase()
        }
        _ => false,
    }
}

/// Little-endian; big-endian is found by it too, a byte later.
fn wide(text: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // The last zero is missing in big-endian.
    bytes.pop();
    bytes
}

fn expression(parts: &[Part], is_wide: bool) -> String {
    let zero = if is_wide { r"\x00" } else { "" };
    let mut expression = String::from("(?-u)");
    for part in parts {
        match part {
            Text(text) => {
                for c in text.chars() {
                    expression += &regex::escape(&c.to_string());
                    expression += zero;
                }
            }
            Repeat(class, least, most) => expression += &format!("(?:{class}{zero}){{{least},{most}}}"),
        }
    }
    expression
}

#[cfg(test)]
mod formats;
#[cfg(test)]
mod tests;
