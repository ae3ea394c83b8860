//! What is written for people and scripts. Whoever reads it may leave at any time, as `head` does.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use serde::Serialize;

use crate::exit::Failure;
use crate::masking;

/// Writes a line to standard output.
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    self::text(format_args!("{text}\n"))
}

/// Writes a text of several lines to standard output.
pub(crate) fn text(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::new(format_args!("standard output: {error}")),
    })
}

/// Writes a value as one line of JSON to standard output.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    line(serde_json::to_string(value).map_err(Failure::new)?)
}

/// Writes a line to standard error, without what looks like an API key. If that fails, there is nobody to tell.
pub(crate) fn fault(text: impl Display) {
    let text = masking::without_api_keys(&text.to_string());
    drop(writeln!(io::stderr(), "whop-license: {}", visible(&text)));
}

/// Writes a text of several lines to standard error, without what looks like an API key.
pub(crate) fn faults(text: &str) {
    for line in masking::without_api_keys(text).lines() {
        drop(writeln!(io::stderr(), "{}", visible(line)));
    }
}

/// A text of somebody else, such as a file name, in one line and without characters that move a terminal's cursor or
/// change the order in which others are shown.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || changes_order(c) { '\u{fffd}' } else { c }).collect()
}

/// Unicode's controls of the direction of a text, and its ends of lines.
fn changes_order(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text with `~` in the place of this user's home folder, whose name may be that of a person.
pub(crate) fn without_home(text: &str) -> String {
    let home = std::env::home_dir().map(|home| home.to_string_lossy().into_owned()).unwrap_or_default();
    // The root folder is nobody's home, and part of every path.
    match home.trim_end_matches(['/', '\\']) {
        "" => text.to_owned(),
        home => replace_folder(text, home),
    }
}

/// Not in the name of another folder that begins or ends alike.
fn replace_folder(text: &str, home: &str) -> String {
    let mut parts = text.split(home);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_part = replaced.ends_with(|c: char| c.is_alphanumeric() || "._-~".contains(c));
        replaced += if is_part || part.starts_with(char::is_alphanumeric) { home } else { "~" };
        replaced += part;
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_folder_is_not_named() {
        for (text, shown) in [
            ("/home/anna/x, /home/anna", "~/x, ~"),
            ("\"/home/anna\": file:///home/anna/x", "\"~\": file://~/x"),
            ("/home/anna2/x", "/home/anna2/x"),
            ("/srv/home/anna/x", "/srv/home/anna/x"),
            ("/srv/a-/home/anna", "/srv/a-/home/anna"),
            ("/home/anna/home/anna", "~/home/anna"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(replace_folder(text, "/home/anna"), shown);
        }
    }

    #[test]
    fn text_of_somebody_else_moves_no_cursor() {
        assert_eq!(visible("a\u{1b}[2J\nb"), "a\u{fffd}[2J\u{fffd}b");
        assert_eq!(visible("a\u{202e}b\u{2066}\u{2069}\u{2029}"), "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}");
    }
}
