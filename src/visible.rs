//! What of a text from outside can be seen.

/// A text from outside as a part of a message.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(is_visible).take(MAX_CHARS).collect()
}

pub(crate) fn is_visible(c: &char) -> bool {
    !is_ignorable(*c) && !is_control(*c)
}

/// Unicode's control characters, and those of its separators that end a line or a paragraph.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// What leaves no trace on a screen: Unicode's Default_Ignorable_Code_Point (joiners, marks of direction, variation selectors,
/// fillers, tags), and the marks of an annotation.
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Enough for every message that Whop is known to send.
pub(crate) const MAX_CHARS: usize = 300;
