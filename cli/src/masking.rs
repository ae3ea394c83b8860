//! What a message must not repeat of the command line: API keys, and license keys in a wrong place.

use std::cmp::Reverse;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A text in which of each word that looks like an API key no more is left than how such words begin.
pub(crate) fn without_api_keys(text: &str) -> String {
    let masked = |key: &Captures<'_>| {
        let key = key.get(0).map_or("", |key| key.as_str());
        format!("{}…", key.split('_').next().unwrap_or_default())
    };
    match &*API_KEY {
        Some(shape) => shape.replace_all(text, masked).into_owned(),
        None => "a message that cannot be shown".into(),
    }
}

/// A message about a command line, without the words of the command line that it quotes. The names of options stay.
pub(crate) fn without_words(text: &str, words: &[String]) -> String {
    let values = words.iter().filter_map(|word| word.split_once('=')).map(|(_, value)| value);
    let names = words.iter().filter_map(|word| word.split_once('=')).map(|(name, _)| name);
    let mut hidden: Vec<_> = words.iter().map(String::as_str).chain(names).chain(values).collect();
    hidden.retain(|word| !word.is_empty() && !is_option(word));
    // Of two that begin alike, the longer one first.
    hidden.sort_by_key(|word| Reverse(word.len()));
    hidden.iter().fold(text.to_owned(), |text, word| {
        text.replace(&format!("'{word}'"), "'…'").replace(&format!("'-- {word}'"), "'-- …'")
    })
}

/// Whether it is written as the name of an option is, and a license key is not.
fn is_option(word: &str) -> bool {
    let name = word.strip_prefix("--").unwrap_or_default();
    (1..=LONGEST_OPTION).contains(&name.len()) && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// Less strict than what is looked for in a build: no harm is done where a word too many is hidden.
static API_KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let rest = r#"[^ \t\r\n'"]{7,}[^ \t\r\n'":;,.)]"#;
    Regex::new(&format!(r"(?:apik|(?-u:\b)(?:whop|ws))_{rest}|sandbox_[0-9]+_[a-z]+")).ok()
});

const LONGEST_OPTION: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_keys_are_masked_and_other_words_are_not() {
        for (text, shown) in [
            ("apik_12345678: no such file", "apik…: no such file"),
            ("KEY=apik_a-b/c+d=e, 'whop_abcdefgh' and \"ws_0123456789\".", "KEY=apik…, 'whop…' and \"ws…\"."),
            ("xapik_12345678", "xapik…"),
            ("sandbox_1234_full", "sandbox…"),
            ("libwhop_license_static.a, windows_10_build", "libwhop_license_static.a, windows_10_build"),
            ("apik_1234, WHOP_API_KEY", "apik_1234, WHOP_API_KEY"),
        ] {
            assert_eq!(without_api_keys(text), shown);
        }
    }

    #[test]
    fn words_of_the_command_line_are_masked_and_names_of_options_are_not() {
        let words = ["check", "A-KEY", "--OTHER-KEY=x", "--metadata=A-KEY-2", "-b", "--nonsense"].map(String::from);
        for (text, shown) in [
            ("unexpected argument 'A-KEY' found", "unexpected argument '…' found"),
            ("'--OTHER-KEY' 'A-KEY-2' '--nonsense'", "'…' '…' '--nonsense'"),
            ("to pass '-b' as a value, use '-- -b'", "to pass '…' as a value, use '-- …'"),
        ] {
            assert_eq!(without_words(text, &words), shown);
        }
    }
}
