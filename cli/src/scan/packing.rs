//! Whether a file is packed, by its bytes and not by its name.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zip,
    /// Behind something else, as in a program that unpacks itself.
    ZipAtEnd,
}

impl Packing {
    /// That of a file, which is then at its beginning.
    pub fn of(file: &mut (impl Read + Seek)) -> io::Result<Option<Self>> {
        let length = file.seek(SeekFrom::End(0))?;
        let (mut first, mut last) = (Vec::new(), Vec::new());
        file.seek(SeekFrom::Start(length.saturating_sub(LAST as u64)))?;
        file.by_ref().take(LAST as u64).read_to_end(&mut last)?;
        file.rewind()?;
        file.by_ref().take(FIRST as u64).read_to_end(&mut first)?;
        file.rewind()?;
        Ok(Self::by(&first, &last, length))
    }

    /// That of so many bytes, by the first and the last of them.
    pub fn by(first: &[u8], last: &[u8], length: u64) -> Option<Self> {
        match first {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            _ => ends_as_zip(last, length).then_some(Self::ZipAtEnd),
        }
    }
}

/// Whether the record with which a ZIP ends is there, and fits what is before it. A signature may follow.
fn ends_as_zip(last: &[u8], length: u64) -> bool {
    memmem::find_iter(last, b"PK\x05\x06").any(|start| {
        let record = last.get(start..).unwrap_or_default();
        let number = |at: usize| record.get(at..at + 2).map_or(0, |bytes| bytes.iter().rev().fold(0, shifted));
        let size = record.get(12..16).map_or(0, |bytes| bytes.iter().rev().fold(0, shifted));
        let (disk, disk_of_directory, entries_here, entries) = (number(4), number(6), number(8), number(10));
        let before = length - last.len() as u64 + start as u64;
        let is_one_disk = disk == disk_of_directory && entries_here == entries && entries > 0;
        let has_room = size == u64::from(u32::MAX) || (entries * LEAST_ENTRY <= size && size <= before);
        let has_comment = record.len() as u64 >= LEAST_RECORD + number(20);
        is_one_disk && has_room && has_comment
    })
}

fn shifted(number: u64, byte: &u8) -> u64 {
    number << 8 | u64::from(*byte)
}

/// How many bytes of the beginning tell.
pub(super) const FIRST: usize = 4;
/// How many bytes of the end: those of a comment, and of the signature of a program.
pub(super) const LAST: usize = 256 << 10;
/// Bytes of an entry of the directory, and of the record at its end, without texts.
const LEAST_ENTRY: u64 = 46;
const LEAST_RECORD: u64 = 22;
