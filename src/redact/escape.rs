//! Characters that stand escaped in a text: as in URLs, HTML, JSON and logs.

/// The character that the text begins with if it is escaped, and the length of the escape.
pub(super) fn escape(text: &[char]) -> Option<(char, usize)> {
    match text {
        ['%' | '\\', 'u' | 'U', digits @ ..] if digits.iter().take_while(|c| c.is_ascii_hexdigit()).count() >= 4 => {
            number(digits.get(..4)?, 16, 2)
        }
        ['\\', 'u', '{', digits @ ..] => number(digits, 16, 3),
        ['%', ..] => byte(text, &['%']),
        ['\\', 'x', ..] => byte(text, &['\\', 'x']),
        // A line break or the like.
        ['\\', 'a'..='z', ..] => Some((' ', 2)),
        ['\\', c, ..] => Some((*c, 2)),
        ['&', '#', 'x' | 'X', digits @ ..] => number(digits, 16, 3),
        ['&', '#', digits @ ..] => number(digits, 10, 2),
        ['&', name @ ..] => named(name),
        _ => None,
    }
}

/// A character by its number, after a prefix of so many characters.
fn number(text: &[char], radix: u32, prefix: usize) -> Option<(char, usize)> {
    let digits: Vec<_> = text.iter().map_while(|c| c.to_digit(radix)).collect();
    let number = digits.iter().try_fold(0_u32, |number, digit| number.checked_mul(radix)?.checked_add(*digit));
    let ends = matches!(text.get(digits.len()), Some(';' | '}'));
    (!digits.is_empty()).then(|| {
        (
            number.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER),
            prefix + digits.len() + usize::from(ends),
        )
    })
}

/// A character by its bytes, each with the prefix: in UTF-8, else in Latin-1.
fn byte(text: &[char], prefix: &[char]) -> Option<(char, usize)> {
    let length = prefix.len() + 2;
    let byte = |escape: &[char]| match escape.strip_prefix(prefix)? {
        [high, low] => u8::try_from(high.to_digit(16)? * 16 + low.to_digit(16)?).ok(),
        _ => None,
    };
    let bytes: Vec<_> = text.chunks_exact(length).take(4).map_while(byte).collect();
    let utf8 = |count| Some((str::from_utf8(bytes.get(..count)?).ok()?.chars().next()?, count * length));
    (1..=bytes.len()).find_map(utf8).or(Some((char::from(*bytes.first()?), length)))
}

/// A character by its name in HTML: of all the names, those of signs that matter here and of letters with accents.
fn named(text: &[char]) -> Option<(char, usize)> {
    let end = text.iter().take(MAX_NAME).position(|c| *c == ';')?;
    let name: String = text.get(..end)?.iter().collect();
    let letter = || {
        let letter = ACCENTS.iter().find_map(|accent| name.strip_suffix(accent))?;
        letter.parse().ok()
    };
    let c = match &*name {
        "amp" | "AMP" => '&',
        "num" => '#',
        "percnt" => '%',
        "bsol" => '\\',
        "semi" => ';',
        "commat" => '@',
        _ => letter().unwrap_or(' '),
    };
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())).then_some((c, end + 2))
}

/// Longer than the names that HTML has for characters.
const MAX_NAME: usize = 34;
const ACCENTS: [&str; 9] = ["grave", "acute", "circ", "tilde", "uml", "ring", "cedil", "caron", "slash"];
