//! A stream that keeps what is read from it, because an archive in an archive must be read twice.

use std::io::{self, Read};

use super::packing::{FIRST, LAST, Packing};

pub(super) struct Keeping<R> {
    stream: R,
    /// How much is kept. Of what is longer, it is the beginning and the end.
    most: u64,
    first: Vec<u8>,
    kept: Vec<u8>,
    length: u64,
}

impl<R: Read> Keeping<R> {
    pub fn new(stream: R, most: u64) -> Self {
        Self { stream, most, first: Vec::new(), kept: Vec::new(), length: 0 }
    }

    /// How many bytes were read.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether what was read is packed.
    pub fn packing(&self) -> Option<Packing> {
        let last = self.kept.get(self.kept.len().saturating_sub(LAST)..).unwrap_or_default();
        Packing::by(&self.first, last, self.length)
    }

    /// All that was read, unless that is too much.
    pub fn whole(self) -> Option<Vec<u8>> {
        (self.length <= self.most).then_some(self.kept)
    }
}

impl<R: Read> Read for Keeping<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.read(buffer)?;
        let new = buffer.get(..length).unwrap_or_default();
        self.first.extend(new.iter().take(FIRST.saturating_sub(self.first.len())));
        self.kept.extend(new);
        self.length += length as u64;
        if self.length > self.most && self.kept.len() > 4 * LAST {
            self.kept.drain(..self.kept.len() - LAST);
            self.kept.shrink_to(8 * LAST);
        }
        Ok(length)
    }
}
