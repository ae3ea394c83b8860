//! What is looked for: keys in UTF-8 and UTF-16, as programs in C#, Java and C++ hold them.

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

/// A part of a shape: a text, or so many of a class of characters.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Some(&'static str, usize, usize),
}
use Part::{Some as Of, Text};

const SHAPES: [(Kind, &[Part]); 6] = [
    (Kind::ApiKey, &[Text("apik_"), Of("[A-Za-z0-9_-]", 12, 200)]),
    // Not the names of functions, in which no digits stand among sixteen letters.
    (Kind::ApiKey, &[Text("whop_"), Of("[a-z_]", 0, 7), Of("[A-Za-z0-9]", 16, 200)]),
    (Kind::WebhookSecret, &[Text("ws_"), Of("[0-9a-f]", 32, 128)]),
    // With what follows: programs that read such keys hold the first line alone.
    (
        Kind::PrivateKey,
        &[
            Text("-----BEGIN "),
            Of("[A-Z0-9 ]", 0, 24),
            Text("PRIVATE KEY-----"),
            Of(r#"[\\nr\s"'+,;]"#, 0, 32),
            Of("[A-Za-z0-9+/=]", 32, 32),
        ],
    ),
    // PKCS #8 of Ed25519 in Base64, without its first and last line.
    (Kind::PrivateKey, &[Text("MC4CAQAwBQYDK2VwBCIEI"), Of("[A-Za-z0-9+/]", 43, 43)]),
    (Kind::SandboxKey, &[Text("sandbox_"), Of("[0-9]", 1, 5), Text("_"), Of("[a-z]", 3, 10)]),
];

/// The most bytes of a match, and of what is looked at before it.
pub(super) const LONGEST: usize = 4096;

impl Patterns {
    pub fn new(given: Option<&SecretString>) -> Result<Self, String> {
        let mut shapes = Vec::new();
        for (kind, parts) in SHAPES {
            for is_wide in [false, true] {
                shapes.push((kind, Regex::new(&expression(parts, is_wide)).map_err(|error| error.to_string())?));
            }
        }
        let given = given.map(|key| key.expose_secret().trim()).filter(|key| (8..LONGEST / 4).contains(&key.len()));
        let given = given.map(|key| vec![key.as_bytes().to_vec(), wide(key)]).unwrap_or_default();
        Ok(Self { shapes, given: given.iter().map(|key| memmem::Finder::new(key).into_owned()).collect() })
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

/// A match, unless it is one by its letters alone.
fn looked_at(kind: Kind, buffer: &[u8], range: std::ops::Range<usize>) -> Option<Match> {
    let start = range.start;
    let text: String = buffer.get(range)?.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect();
    let is_it = match kind {
        // Behind a digit it is a symbol of Rust or C++, as `12whop_license4http`: the length of a name, and the name.
        Kind::ApiKey => is_random(&text) && !before(buffer, start).is_some_and(|byte| byte.is_ascii_digit()),
        // `windows_` ends in it too.
        Kind::WebhookSecret => !before(buffer, start).is_some_and(|byte| byte.is_ascii_alphanumeric()),
        _ => true,
    };
    is_it.then(|| Match { kind, start, begins: text.chars().take(4).collect(), length: text.chars().count() })
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

/// The character before a place.
fn before(buffer: &[u8], start: usize) -> Option<u8> {
    let last = *buffer.get(start.checked_sub(1)?)?;
    if last != 0 { Some(last) } else { buffer.get(start.checked_sub(2)?).copied() }
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
            Of(class, least, most) => expression += &format!("(?:{class}{zero}){{{least},{most}}}"),
        }
    }
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "apik_aB3dE5gH7jK9mN1pQ3sT";

    fn kinds(buffer: &[u8]) -> Vec<Kind> {
        Patterns::new(None).unwrap().find(buffer).into_iter().map(|found| found.kind).collect()
    }

    #[test]
    fn keys_are_found_in_every_encoding() {
        let (little, mut big) = (wide(KEY), vec![0]);
        big.extend(wide(KEY));
        for buffer in [KEY.as_bytes(), &little, &big, &[&little[..], b"\0\0\0"].concat()] {
            let found = Patterns::new(None).unwrap().find(buffer);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((found[0].kind, &*found[0].begins), (Kind::ApiKey, "apik"));
            assert!(found[0].length + 1 >= KEY.len(), "{}", found[0].length);
        }
    }

    #[test]
    fn each_kind_is_told_from_what_looks_like_it() {
        let secret = format!("ws_{}", "0123456789abcdef".repeat(4));
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n";
        let escaped = pem.replace('\n', "\\n");
        for (text, kind) in [
            ("whop_9Zk3Lm5Qw7Er1Ty8Ui", Kind::ApiKey),
            ("\"whop_live_9Zk3Lm5Qw7Er1Ty8Ui\"", Kind::ApiKey),
            (&secret, Kind::WebhookSecret),
            ("sandbox_8080_full", Kind::SandboxKey),
        ] {
            assert_eq!(kinds(text.as_bytes()), [kind], "{text}");
        }
        for text in [pem, &escaped] {
            assert_eq!(kinds(text.as_bytes())[0], Kind::PrivateKey, "{text}");
        }
        for text in [
            "whop_client_validate_license",
            "whop_license-0123456789abcdef.d",
            "_ZN12whop_license4http7connect5Route4open17h0123456789abcdefE",
            "apik_xxxxxxxxxxxxxxxxxxxx",
            "apik_",
            "windows_0123456789abcdef0123456789abcdef",
            "-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----\nMC4CAQAwBQYDK2VwBCIEAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "sandbox_PORT_full",
        ] {
            assert_eq!(kinds(text.as_bytes()), [], "{text}");
        }
    }

    #[test]
    fn given_key_is_found_whatever_its_shape() {
        let patterns = Patterns::new(Some(&"a key of no known shape\n".into())).unwrap();
        let narrow = b"x=a key of no known shape;".to_vec();
        for buffer in [narrow, wide("x=a key of no known shape;")] {
            let found = patterns.find(&buffer);
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].kind, &*found[0].begins), (Kind::GivenKey, "a ke"));
        }
    }
}
