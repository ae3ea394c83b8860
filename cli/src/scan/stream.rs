//! Reads what may be larger than the memory, a part at a time, so that nothing is missed where two parts meet.

use std::io::{self, ErrorKind, Read};

use super::patterns::{LONGEST, Match, Patterns};

/// Something that was found, and where.
#[derive(Debug)]
pub(super) struct Found {
    pub offset: u64,
    pub what: Match,
}

/// Looks through all of a stream, of which it takes `most` bytes: more is an error. Gives how many it was. Where the stream
/// fails, what came before is looked through.
pub(super) fn search(
    mut stream: impl Read,
    patterns: &Patterns,
    most: u64,
    mut found: impl FnMut(Found),
) -> io::Result<u64> {
    let mut buffer = Vec::with_capacity(PART + 2 * LONGEST);
    // Of the stream, where the buffer begins; and of the buffer, from where on matches are new.
    let (mut begins, mut new) = (0_u64, 0_usize);
    loop {
        let before = buffer.len();
        buffer.resize(before + PART, 0);
        let filled = fill(&mut stream, buffer.get_mut(before..).unwrap_or_default());
        // A decoder that fails has written more than it tells: all of the buffer is looked through then.
        let length = *filled.as_ref().unwrap_or(&PART);
        buffer.truncate(before + length);
        let is_last = length < PART || filled.is_err();
        // What begins near the end may go on in the next part.
        let sure = if is_last { buffer.len() } else { buffer.len().saturating_sub(LONGEST) };
        for what in patterns.find(&buffer).into_iter().filter(|what| (new..sure).contains(&what.start)) {
            found(Found { offset: begins + what.start as u64, what });
        }
        filled?;
        let total = begins + buffer.len() as u64;
        match is_last {
            true => return Ok(total),
            false if total > most => return Err(io::Error::other("too large to be looked through")),
            false => {}
        }
        // With as much of what is before, which tells a key from a part of a word.
        let dropped = sure.saturating_sub(LONGEST);
        buffer.drain(..dropped);
        (begins, new) = (begins + dropped as u64, sure - dropped);
    }
}

/// Reads until the buffer is full or the stream ends.
fn fill(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while let Some(left) = buffer.get_mut(length..).filter(|left| !left.is_empty()) {
        match stream.read(left) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Small in the tests, which look at each place in two parts.
const PART: usize = if cfg!(test) { 16 * 1024 } else { 1 << 20 };

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"apik_aB3dE5gH7jK9mN1pQ3sT";

    fn offsets(bytes: &[u8]) -> Vec<u64> {
        let mut offsets = Vec::new();
        let patterns = Patterns::new(None).unwrap();
        let read = search(bytes, &patterns, u64::MAX, |found| offsets.push(found.offset)).unwrap();
        assert_eq!(read, bytes.len() as u64);
        offsets
    }

    #[test]
    fn key_is_found_once_wherever_two_parts_meet() {
        for place in (PART - LONGEST - 40..PART - LONGEST + 40).step_by(7).chain(PART - 40..PART + 40) {
            let mut bytes = vec![b' '; 2 * PART + 5];
            bytes[place..place + KEY.len()].copy_from_slice(KEY);
            assert_eq!(offsets(&bytes), [place as u64]);
        }
    }

    #[test]
    fn key_before_the_place_where_a_stream_fails_is_found() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("damaged"))
            }
        }
        let (patterns, mut offsets) = (Patterns::new(None).unwrap(), Vec::new());
        for before in [0, PART - KEY.len()] {
            let good = vec![b' '; before];
            let stream = good.chain(KEY).chain(Failing);
            search(stream, &patterns, u64::MAX, |found| offsets.push(found.offset)).unwrap_err();
        }
        assert_eq!(offsets, [0, (PART - KEY.len()) as u64]);
    }

    #[test]
    fn key_at_either_end_is_found() {
        for bytes in [KEY.to_vec(), [KEY, &vec![0; PART]].concat(), [&vec![0; PART], KEY].concat()] {
            assert_eq!(offsets(&bytes).len(), 1);
        }
        assert!(offsets(&[]).is_empty());
    }
}
