//! What is compressed: ZIP, as in .jar, .apk and .nupkg, and gzip.

use std::io::{self, Cursor, Read, Seek};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::patterns::Patterns;
use super::stream::{self, Found};

/// What comes of an archive.
pub(super) trait Told {
    /// Something in the entry of this name.
    fn found(&mut self, entry: &str, found: Found);
    /// An entry that was not looked through.
    fn unread(&mut self, entry: &str, why: &str);
}

/// Looks through the entries of a ZIP file. Those that are stored as they are, are seen in the file itself.
pub(super) fn zip(file: impl Read + Seek, patterns: &Patterns, told: &mut impl Told) -> Result<(), String> {
    entries(file, "", 0, patterns, told)
}

fn entries(
    file: impl Read + Seek,
    outer: &str,
    depth: usize,
    patterns: &Patterns,
    told: &mut impl Told,
) -> Result<(), String> {
    let mut archive = ZipArchive::new(file).map_err(|error| error.to_string())?;
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(error) => {
                told.unread(&format!("{outer}entry {index}"), &error.to_string());
                continue;
            }
        };
        if entry.is_dir() {
            continue;
        }
        let name = format!("{outer}{}", String::from_utf8_lossy(entry.name_raw()));
        if has_ending(&name) && depth < DEEPEST {
            match whole(&mut entry) {
                Ok(bytes) => {
                    if let Err(why) = entries(Cursor::new(bytes), &format!("{name}!"), depth + 1, patterns, told) {
                        told.unread(&name, &why);
                    }
                }
                Err(error) => told.unread(&name, &error.to_string()),
            }
            continue;
        }
        let searched = stream::search(&mut entry, patterns, MOST, |found| told.found(&name, found));
        if let Err(error) = searched {
            told.unread(&name, &error.to_string());
        }
    }
    Ok(())
}

/// Looks through what a gzip file unpacks to.
pub(super) fn gzip(file: impl Read, patterns: &Patterns, told: &mut impl Told) -> Result<(), String> {
    let searched = stream::search(MultiGzDecoder::new(file), patterns, MOST, |found| told.found("unpacked", found));
    searched.map(|_| ()).map_err(|error| error.to_string())
}

/// An archive in an archive.
fn whole(entry: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match entry.take(LARGEST_INNER + 1).read_to_end(&mut bytes)? as u64 > LARGEST_INNER {
        true => Err(io::Error::other("an archive in an archive that is too large to be looked through")),
        false => Ok(bytes),
    }
}

fn has_ending(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".zip", ".jar", ".aar", ".apk", ".nupkg", ".whl"].iter().any(|ending| name.ends_with(ending))
}

const DEEPEST: usize = 3;
const LARGEST_INNER: u64 = 256 << 20;
/// The most that one entry may unpack to.
const MOST: u64 = 8 << 30;
