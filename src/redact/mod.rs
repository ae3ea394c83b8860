//! What a message shows of a text from outside: one line, without keys, without what the metadata says, without e-mail addresses.
//!
//! Whoever repeats a key may have encoded, spaced or cut it. So texts are compared in a normal form: escapes decoded, base
//! letters and digits alone, in lower case.

mod escape;
mod reading;

use std::collections::HashSet;
use std::ops::Range;

use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use self::reading::{Form, Reading, folded, readings, span};
use crate::visible::{is_visible, one_line};

/// Whop's message with the `secrets` and e-mail addresses struck out; a remark in its place if something of them is left.
pub(crate) fn reason(message: &str, secrets: &[&str]) -> String {
    shown(message, secrets).unwrap_or_else(|| WITHHELD.into())
}

/// The texts and numbers of the metadata that are long enough to be told from any other word.
pub(crate) fn values(metadata: &str) -> Vec<String> {
    values_of(&serde_json::from_str::<Value>(metadata).ok())
}

/// The same of metadata that is parsed.
pub(crate) fn values_of<'a>(metadata: impl IntoIterator<Item = &'a Value>) -> Vec<String> {
    let says_something = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= PART;
    let mut rest = Vec::from_iter(metadata);
    let mut values = Vec::new();
    while let Some(value) = rest.pop() {
        match value {
            Value::String(text) if says_something(text) => values.push(text.clone()),
            Value::Number(number) => values.extend(Some(number.to_string()).filter(|text| says_something(text))),
            Value::Array(items) => rest.extend(items),
            Value::Object(fields) => rest.extend(fields.values()),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }
    values
}

fn shown(message: &str, secrets: &[&str]) -> Option<String> {
    let secrets: HashSet<_> = secrets.iter().copied().collect();
    if secrets.iter().map(|secret| secret.len()).sum::<usize>() > MOST {
        return None;
    }
    let forms = secrets.iter().map(|secret| forms(secret)).collect::<Option<Vec<_>>>()?;
    let forms: Vec<_> = forms.into_iter().flatten().collect();
    let mut seen = message.chars().filter(is_visible);
    let text: String = seen.by_ref().take(BEGINNING).collect();
    let struck = |reading: &Reading| [addresses(&text, reading), places(&forms, reading)].concat();
    let rest = without(&text, readings(&text)?.iter().flat_map(struck).collect());
    // Near the end of what was looked at, an address may lack its sign.
    if seen.next().is_some() && rest.len() < BEGINNING / 2 {
        return None;
    }
    let line = one_line(&rest);
    let tells_nothing =
        |reading: &Reading| !reading.chars.contains(&'@') && repeated(&reading.normal().chars, &forms).is_empty();
    let are_clean =
        [&rest, &line].into_iter().all(|text| readings(text).is_some_and(|all| all.iter().all(tells_nothing)));
    are_clean.then_some(line)
}

/// A secret as it is read, and as its bytes are in hex and Base64. None if there is too little in it to find it by.
fn forms(secret: &str) -> Option<Vec<Form>> {
    if secret.len() < SHORTEST {
        return Some(Vec::new());
    }
    let mut forms: Vec<Form> = readings(secret)?.iter().map(|reading| reading.normal().chars).collect();
    if forms.first()?.len() < SHORTEST {
        return None;
    }
    for text in [secret, &*Zeroizing::new(secret.to_ascii_lowercase()), &*Zeroizing::new(secret.to_ascii_uppercase())] {
        // In Base64, three bytes at a time: what comes before the secret decides where its digits begin.
        let encoded = [
            digits(text, HEX, 4, 0),
            digits(text, BASE64, 6, 0),
            digits(text, BASE64, 6, 4),
            digits(text, BASE64, 6, 2),
        ];
        forms.extend(encoded.into_iter().filter(|form| form.len() >= PART));
    }
    forms.retain(|form| form.len() >= SHORTEST);
    Some(forms)
}

/// The bits of the text, without so many at its beginning, as digits of so many bits each.
fn digits(text: &str, alphabet: &[u8], width: usize, skipped: usize) -> Form {
    let bit = |at: usize| Some(usize::from(text.as_bytes().get(at / 8)? >> (7 - at % 8) & 1));
    let digit = |first| alphabet.get((first..first + width).try_fold(0, |value, at| Some(value * 2 + bit(at)?))?);
    let mut digits = Form::new(Vec::with_capacity(text.len() * 2));
    let known = (skipped..).step_by(width).map_while(digit);
    digits.extend(known.filter_map(|digit| folded(char::from(*digit))));
    digits
}

/// Those of the secrets of which the text holds a part that is long enough to count.
fn repeated<'a>(text: &[char], secrets: &'a [Form]) -> Vec<&'a Form> {
    let parts: HashSet<_> = text.windows(PART).collect();
    let is_repeated = |secret: &&Form| match secret.len() {
        ..PART => text.windows(secret.len()).any(|part| part == secret.as_slice()),
        _ => secret.windows(PART).any(|part| parts.contains(part)),
    };
    secrets.iter().filter(is_repeated).collect()
}

/// Where a whole secret stands in the text.
fn places(secrets: &[Form], reading: &Reading) -> Vec<Range<usize>> {
    let normal = reading.normal();
    let mut places = Vec::new();
    for secret in repeated(&normal.chars, secrets) {
        let parts = normal.chars.windows(secret.len()).zip(normal.places.windows(secret.len()));
        places.extend(parts.filter(|(part, _)| *part == secret.as_slice()).map(|(_, places)| span(places)));
    }
    places
}

/// Where an e-mail address stands in the text, or what may be one.
fn addresses(text: &str, reading: &Reading) -> Vec<Range<usize>> {
    let mut addresses: Vec<Range<usize>> = Vec::new();
    for (_, sign) in reading.chars.iter().zip(&reading.places).filter(|(c, _)| **c == '@') {
        // Not anew for each of many signs in one word.
        if addresses.last().is_none_or(|last| last.end <= sign.start) {
            addresses.push(address(text, sign));
        }
    }
    addresses
}

/// The word around the sign of an address, with the words before and after if the sign stands between spaces.
fn address(text: &str, sign: &Range<usize>) -> Range<usize> {
    let before = text.get(..sign.start).unwrap_or_default();
    let after = text.get(sign.end..).unwrap_or_default();
    // There may be spaces in quotes.
    let unquoted =
        before.strip_suffix('"').map_or(before, |quoted| quoted.rsplit_once('"').map_or("", |(rest, _)| rest));
    let local = unquoted.trim_end_matches(|c: char| !c.is_alphanumeric());
    let domain = after.trim_start_matches(|c: char| !c.is_alphanumeric());
    let start = local.rfind(' ').map_or(0, |space| space + 1);
    let end = domain.find(' ').map_or(text.len(), |space| text.len() - domain.len() + space);
    start..end
}

/// The text with an ellipsis for each of the places.
fn without(text: &str, mut places: Vec<Range<usize>>) -> String {
    places.sort_by_key(|place| place.start);
    let mut rest = String::new();
    let mut end = 0;
    for place in places {
        if let Some(between) = text.get(end..place.start) {
            rest += between;
            rest.push('…');
        }
        end = end.max(place.end);
    }
    rest + text.get(end..).unwrap_or_default()
}

/// What stands in a message in place of Whop's reason.
const WITHHELD: &str = "its reason is withheld, since it may repeat a key or the buyer's data";
/// So many characters of a message are looked at: more than are shown.
pub(crate) const BEGINNING: usize = 4096;
/// What is shorter is no secret: it would be struck out of the middle of words.
const SHORTEST: usize = 4;
/// More bytes of secrets than these would take long to look for.
const MOST: usize = 16 * 1024;
/// So many letters and digits of a secret are not shown in a row.
const PART: usize = 8;
const HEX: &[u8] = b"0123456789abcdef";
const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;
    use crate::visible::MAX_CHARS;

    const KEY: &str = "KLINE-8FFK3-SD83K";
    const API_KEY: &str = "apik_Ab3-9xQ7_zz";

    fn told(message: &str) -> String {
        reason(message, &[KEY, API_KEY, "KEY/ÉTÉ-42"])
    }

    #[test]
    fn key_is_struck_out_however_it_is_written() {
        for key in [
            KEY,
            "kline-8ffk3-sd83k",
            "KLINE8FFK3SD83K",
            "KLINE 8FFK3 SD83K",
            "KLINE+8FFK3+SD83K",
            "K.L.I.N.E.8.F.F.K.3.S.D.8.3.K",
            "KLINE\u{2011}8FFK3\u{2212}SD83K",
            "KLI\u{200b}NE\u{ad}-8FFK3-SD\u{feff}83K",
            "KLINE\0-8F\nFK3-SD83K",
            "KLINE%2D8FFK3%2dSD83K",
            "%4B%4c%49NE-8FFK3-SD83%4B",
            "KLINE%252D8FFK3%25252DSD83K",
            "KLINE%u002D8FFK3-SD83K",
            "KLINE&#45;8FFK3&#x2D;SD83K",
            "KLINE&#00045;8FFK3&#x0002d;SD83K",
            "KLINE&hyphen;8FFK3&dash;SD83K",
            "&amp;#75;LINE&amp;amp;#45;8FFK3-SD83K",
            "KLINE\\u002d8FFK3\\x2DSD83K",
            "KLINE\\\\u{2d}8FFK3-SD83K",
            "K\u{301}LI\u{308}NE-8FFK3-SD83K\u{323}",
            "ＫＬＩＮＥ－８ＦＦＫ３－ＳＤ８３Ｋ",
            "KEY/ÉTÉ-42",
            "key/e\u{301}te\u{301}-42",
            "KEY%2F%C3%89T%c3%89-42",
            "KEY%2F%C9T%C9-42",
            "KEY/&Eacute;T&#201;-42",
            "APIK%5fAB3-9XQ7%5fZZ",
        ] {
            assert_eq!(told(&format!("no {key} here")), "no … here", "{key}");
        }
    }

    #[test]
    fn reason_that_holds_a_part_of_a_key_is_withheld() {
        for part in [
            "KLINE-8FFK3",
            "8ffk3sd83k",
            "line-8ffk",
            "KLINE-8FFK3-SD83",
            "KLINE%2D8FF",
            "K L I N E 8 F F",
            "&#75;&#76;&#73;&#78;&#69;&#45;&#56;&#70;&#70;",
            "KLINE-8FFK3-SD83KLINE-8FFK3",
            // In hex and in Base64, at each of the places where it can begin.
            "4b4c494e452d384646",
            "S0xJTkUtOEZGSzMtU0Q4M0s=",
            "YUtMSU5FLThGRkszLVNEODNL",
            "YWFLTElORS04RkZLMy1TRDgzSw==",
            "YXBpa19BYjMtOXhRN196eg",
            "a2xpbmUtOGZmazMtc2Q4M2s=",
            "6b6c696e652d3866666b33",
        ] {
            let shown = told(&format!("no {part} here"));
            // Of Base64, the digits that hold bits of something else as well may be left.
            assert!(shown == WITHHELD || shown.chars().count() <= "no … here".chars().count() + 6, "{part}: {shown}");
        }
        assert_eq!(told("no KLINE-8FFK3 here"), WITHHELD);
        // Seven are too few to tell.
        assert_eq!(told("no KLINE-8F here"), "no KLINE-8F here");
    }

    #[test]
    fn reason_is_withheld_when_a_key_could_not_be_found_in_it() {
        assert_eq!(reason("no", &["-_-_-"]), WITHHELD);
        assert_eq!(reason("no", &["\u{1f5dd}\u{1f5dd}"]), WITHHELD);
        assert_eq!(reason(&format!("no %{}41", "25".repeat(99)), &[KEY]), WITHHELD);
        // Too short to be a secret.
        assert_eq!(reason("no key", &["key"]), "no key");
        // The same many times is looked for once, too many others are not.
        assert_eq!(reason("no", &["12345678"; 100_000]), "no");
        let many: Vec<_> = (0..10_000).map(|value| format!("{value:08}")).collect();
        assert_eq!(reason("no", &many.iter().map(|value| &**value).collect::<Vec<_>>()), WITHHELD);
    }

    #[test]
    fn address_is_struck_out_however_it_is_written() {
        for address in [
            "user@example.com",
            "user%40example.com",
            "user%2540example.com",
            "user&#64;example.com",
            "user&#x40;example.com",
            "user&#0064example.com",
            "user&commat;example.com",
            "user&amp;commat;example.com",
            "user\u{ff20}example.com",
            "user\u{fe6b}example.com",
            "user\\u0040example.com",
            "user\\x40example.com",
            "user\u{200b}@\u{200b}example.com",
            "us\ner@example.com",
            "mailto:user@example.com",
            "<user@example.com>",
            "(user@example.com),",
            "first.last+tag@sub.example.co.uk",
            "\u{fc}ser@\u{fc}mlaut.example",
            "user @ example.com",
            "user @example.com",
            "user@ example.com",
            "user %40 example.com",
            "\"first last\"@example.com",
            "a@b,c@d;e@f",
        ] {
            let shown = told(&format!("x, for {address} sorry"));
            // A sign between spaces may take more along than the address.
            assert!(["x, for … sorry", "x, … sorry"].contains(&&*shown), "{address}: {shown}");
        }
    }

    #[test]
    fn reason_without_secrets_is_left_as_it_is() {
        for message in [
            "Parameter :id is invalid. Please ensure you are passing the correct type for this parameter.",
            "100% of 5 % AT&T; R&D & \\o/ are \\ fine: %zz %4 &#; &#x; &; \\u12 \\x1 \\",
            "Ключ не найден, Größe 3½, 許可証がありません",
        ] {
            assert_eq!(told(message), message);
        }
        assert_eq!(told("bad\u{1b}[2J\u{2028}\u{202e}!\n"), "bad[2J!");
    }

    #[test]
    fn beginning_of_a_long_message_hides_what_is_cut() {
        let long = told(&"word ".repeat(300_000));
        assert_eq!(long.chars().count(), MAX_CHARS);
        // All but the end is struck out, so that the end would be shown, and it is cut within an address.
        for cut in 1..16 {
            let message = format!("{}@ user@example.com", "x".repeat(BEGINNING - 2 - cut));
            assert_eq!(told(&message), WITHHELD, "{cut}");
        }
        for end in 285..300 {
            let shown = told(&format!("{}{KEY} {API_KEY}", "a ".repeat(end / 2)));
            assert!(!shown.contains("KLINE-"), "{shown}");
        }
    }

    #[test]
    fn hostile_text_does_not_take_quadratic_time() {
        let long_key = "K1".repeat(512);
        for piece in [
            "x", "@", "@ ", "%", "%25", "%4b", "&", "&#", "&amp;", "\\", "\\u", "K1", "k1%4B1", "\"@", "\u{200b}",
            "許", " ",
        ] {
            let message = piece.repeat((1 << 20) / piece.len());
            let values: Vec<_> = (0..1700).map(|value| format!("{value:08}")).collect();
            let secrets: Vec<_> =
                [&*long_key, API_KEY].into_iter().chain(values.iter().map(|value| &**value)).collect();
            let start = Instant::now();
            reason(&message, &secrets);
            let took = start.elapsed();
            // Were it quadratic, it would take hours.
            assert!(took.as_secs() < 30, "{piece:?}: {took:?}");
        }
    }

    #[test]
    fn values_of_the_metadata_are_those_that_say_something() {
        let mut found =
            values(r#"{"hwid":"e4f0c853","os":"linux","n":[1234567890,{"a":"Jos\u00e9 Garc\u00eda"}],"b":true}"#);
        found.sort();
        assert_eq!(found, ["1234567890", "José García", "e4f0c853"]);
        assert!(values("not JSON").is_empty());
    }

    /// What somebody may do to a text before it is sent back.
    #[derive(Clone, Debug)]
    enum Step {
        Lower,
        Upper,
        Percent,
        Plus,
        Decimal,
        Hex,
        Json,
        Decomposed,
        FullWidth,
        WithoutDashes,
        Spaced,
        Unseen,
        CutLeft(usize),
        CutRight(usize),
    }

    impl Step {
        fn taken(&self, text: &str) -> String {
            let each = |write: &dyn Fn(char) -> String| text.chars().map(write).collect::<String>();
            match self {
                Self::Lower => text.to_ascii_lowercase(),
                Self::Upper => text.to_ascii_uppercase(),
                Self::Percent => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
                Self::Plus => text.replace(' ', "+").replace('-', "%2D"),
                Self::Decimal => each(&|c| format!("&#{};", u32::from(c))),
                Self::Hex => each(&|c| format!("&#x{:x};", u32::from(c))),
                Self::Json => {
                    each(&|c| if c.is_alphanumeric() { c.to_string() } else { format!("\\u{:04x}", u32::from(c)) })
                }
                Self::Decomposed => each(&|c| if c.is_alphabetic() { format!("{c}\u{301}") } else { c.into() }),
                Self::FullWidth => each(&|c| match c {
                    '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap().into(),
                    _ => c.into(),
                }),
                Self::WithoutDashes => text.replace('-', ""),
                Self::Spaced => each(&|c| format!("{c} ")).trim_end().into(),
                Self::Unseen => each(&|c| format!("{c}\u{200b}")).trim_end_matches('\u{200b}').into(),
                Self::CutLeft(count) => text.chars().skip(*count).collect(),
                Self::CutRight(count) => text.chars().take(text.chars().count() - count).collect(),
            }
        }
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let writing = prop_oneof![
            Just(Step::Lower),
            Just(Step::Upper),
            Just(Step::Percent),
            Just(Step::Plus),
            Just(Step::Decimal),
            Just(Step::Hex),
            Just(Step::Json),
            Just(Step::Decomposed),
            Just(Step::FullWidth),
            Just(Step::WithoutDashes),
            Just(Step::Spaced),
            Just(Step::Unseen),
        ];
        // Cut first: what is cut out of the middle of an escape is no writing of the key any more.
        let cut = prop_oneof![
            Just(None),
            (0..6_usize).prop_map(|n| Some(Step::CutLeft(n))),
            (0..6_usize).prop_map(|n| Some(Step::CutRight(n)))
        ];
        (cut, prop::collection::vec(writing, 0..4)).prop_map(|(cut, steps)| cut.into_iter().chain(steps).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_writing_of_a_key_is_shown(key in "[A-Z0-9]{5}(-[A-Za-z0-9]{4,6}){2,3}", steps in steps()) {
            let written = steps.iter().fold(key.clone(), |text, step| step.taken(&text));
            let shown = reason(&format!("- {written} -"), &[&key]);
            prop_assert!(shown == WITHHELD || shown == "- … -", "{key} {written}: {shown}");
        }

        #[test]
        fn any_text_and_any_secret_are_borne(message in "\\PC*", mixed in "([a-c%&#;x0-9\\\\u@ \"]|amp;){0,200}", secret in "[a-c%&#;x0-9]{0,20}") {
            for message in [message, mixed] {
                let shown = reason(&message, &[&secret]);
                prop_assert!(shown.chars().count() <= MAX_CHARS && !shown.contains('@'));
                let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
                let (shown, secret) = (plain(&shown), plain(&secret));
                prop_assert!(secret.len() < PART || !shown.contains(&secret), "{shown} {secret}");
            }
        }
    }
}
