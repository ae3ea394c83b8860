//! A text as one reader takes it: decoded so many times, and in its normal form.

use std::ops::Range;

use secrecy::zeroize::Zeroizing;

use super::escape::escape;
use crate::visible::is_visible;

/// Characters: of the API key too, so that they are wiped when freed.
pub(super) type Form = Zeroizing<Vec<char>>;

/// A text as one reader takes it: its characters, and where in the text as it came each of them stands.
pub(super) struct Reading {
    pub chars: Form,
    pub places: Vec<Range<usize>>,
}

/// The text as it is, then decoded once, twice and so on. None if that does not end.
pub(super) fn readings(text: &str) -> Option<Vec<Reading>> {
    let mut reading = Reading::new(text.len());
    for (at, c) in text.char_indices() {
        reading.push(c, at..at + c.len_utf8());
    }
    let mut readings = Vec::new();
    for _ in 0..MAX_READINGS {
        let decoded = reading.decoded();
        let is_last = decoded.chars.len() == reading.chars.len();
        readings.push(reading);
        if is_last {
            return Some(readings);
        }
        reading = decoded;
    }
    None
}

impl Reading {
    /// With room for so many characters: what grows leaves copies behind.
    fn new(length: usize) -> Self {
        Self { chars: Form::new(Vec::with_capacity(length)), places: Vec::with_capacity(length) }
    }

    /// White space, also as a plus, and accents count for nothing, wherever they stand.
    fn push(&mut self, c: char, place: Range<usize>) {
        let c = match c {
            // Full-width forms, and a small one.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{fe6b}' => '@',
            _ => c,
        };
        if is_accent(c) {
            // It goes with its letter.
            self.places.last_mut().into_iter().for_each(|last| last.end = place.end);
        } else if is_visible(&c) && !c.is_whitespace() && c != '+' {
            self.chars.push(c);
            self.places.push(place);
        }
    }

    /// With one layer of escapes less.
    fn decoded(&self) -> Self {
        let mut decoded = Self::new(self.chars.len());
        let (mut chars, mut places) = (self.chars.as_slice(), self.places.as_slice());
        while let Some(first) = chars.first() {
            let (c, length) = escape(chars).unwrap_or((*first, 1));
            decoded.push(c, span(places.get(..length).unwrap_or_default()));
            chars = chars.get(length..).unwrap_or_default();
            places = places.get(length..).unwrap_or_default();
        }
        decoded
    }

    /// The letters and digits alone, in lower case, without accents.
    pub fn normal(&self) -> Self {
        let mut normal = Self::new(self.chars.len());
        for (c, place) in self.chars.iter().zip(&self.places) {
            if let Some(c) = folded(*c) {
                normal.push(c, place.clone());
            }
        }
        normal
    }
}

pub(super) fn span(places: &[Range<usize>]) -> Range<usize> {
    places.first().map_or(0, |first| first.start)..places.last().map_or(0, |last| last.end)
}

/// The base letter or digit in lower case.
pub(super) fn folded(c: char) -> Option<char> {
    let base =
        |(first, letters): &(u32, &str)| letters.chars().nth(usize::try_from(u32::from(c).checked_sub(*first)?).ok()?);
    let c = if c.is_ascii() { c } else { BASE_LETTERS.iter().find_map(base).unwrap_or(c) };
    c.is_alphanumeric().then(|| c.to_lowercase().next().unwrap_or(c))
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Nobody escapes what is escaped more often.
const MAX_READINGS: usize = 8;
/// The letters of Latin with accents, from the first number on.
const BASE_LETTERS: [(u32, &str); 2] = [
    (
        0xc0,
        "aaaaaaæceeeeiiiiðnooooo×ouuuuyþsaaaaaaæceeeeiiiiðnooooo÷ouuuuyþyaaaaaaccccccccddddeeeeeeeeeegggg \
     gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnŋŋooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs",
    ),
    (
        0x1e00,
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr \
     ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyassssẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee \
     eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ",
    ),
];
