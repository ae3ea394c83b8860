//! What is packed: ZIP, as in .jar, .apk and .nupkg, and gzip, also one in another.

use std::io::{Cursor, Read, Seek};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::keeping::Keeping;
use super::packing::Packing;
use super::patterns::Patterns;
use super::stream::{self, Found};

/// What takes down what is found in the entries of archives. An empty name is that of the file itself.
pub(super) trait EntrySink {
    fn found(&mut self, entry: &str, found: Found);
    /// What was not looked through, or not as a whole.
    fn skipped(&mut self, entry: &str, why: &str);
}

/// Looks through what a file unpacks to, if it is packed.
pub(super) fn search(file: &mut (impl Read + Seek), patterns: &Patterns, sink: &mut impl EntrySink) {
    Unpacker { patterns, sink, left: MOST }.open(file, "", Level { depth: 0, memory: MOST_IN_MEMORY });
}

struct Unpacker<'a, S> {
    patterns: &'a Patterns,
    sink: &'a mut S,
    /// How many bytes may still be unpacked.
    left: u64,
}

#[derive(Clone, Copy)]
struct Level {
    /// In how many archives it is.
    depth: usize,
    /// How many bytes may be held in memory for archives in it.
    memory: u64,
}

impl<S: EntrySink> Unpacker<'_, S> {
    fn open(&mut self, file: &mut (impl Read + Seek), name: &str, level: Level) {
        let opened = match Packing::of(file) {
            Ok(None) => Ok(()),
            Ok(Some(_)) if level.depth == DEEPEST => Err(format!("an archive in {DEEPEST} others is not opened")),
            Ok(Some(Packing::Gzip)) => {
                self.search(&mut MultiGzDecoder::new(file), &inside(name, "unpacked"), level);
                Ok(())
            }
            Ok(Some(packing)) => self.zip(file, packing, name, level),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = opened {
            self.sink.skipped(name, &why);
        }
    }

    fn zip(&mut self, file: &mut (impl Read + Seek), packing: Packing, name: &str, level: Level) -> Result<(), String> {
        let mut archive = ZipArchive::new(file).map_err(|error| error.to_string())?;
        if packing == Packing::Zip && archive.offset() > 0 {
            self.sink.skipped(name, "one archive behind another: the last one alone is opened");
        }
        if archive.has_duplicate_names() {
            self.sink.skipped(name, "entries of the same name: the last one alone is opened");
        }
        for index in 0..archive.len() {
            match archive.by_index(index) {
                Ok(mut entry) => {
                    let entry_name = inside(name, &String::from_utf8_lossy(entry.name_raw()));
                    self.search(&mut entry, &entry_name, level);
                }
                Err(error) => self.sink.skipped(&inside(name, &format!("entry {index}")), &error.to_string()),
            }
        }
        Ok(())
    }

    /// Looks through what was unpacked, and opens it if it is an archive itself.
    fn search(&mut self, unpacked: &mut dyn Read, name: &str, level: Level) {
        if self.left == 0 {
            return self.sink.skipped(name, "too much to unpack");
        }
        let mut stream = Keeping::new(unpacked, level.memory);
        let searched = stream::search(&mut stream, self.patterns, self.left, |found| self.sink.found(name, found));
        self.left = self.left.saturating_sub(stream.length());
        let is_packed = stream.packing().is_some();
        match (searched, stream.whole()) {
            (Err(error), _) => self.sink.skipped(name, &error.to_string()),
            (Ok(_), _) if !is_packed => {}
            (Ok(_), Some(bytes)) => {
                let memory = level.memory - bytes.len() as u64;
                self.open(&mut Cursor::new(bytes), name, Level { depth: level.depth + 1, memory });
            }
            (Ok(_), None) => self.sink.skipped(name, "an archive in an archive that is too large to be opened"),
        }
    }
}

fn inside(outer: &str, entry: &str) -> String {
    if outer.is_empty() { entry.to_owned() } else { format!("{outer}!{entry}") }
}

/// How many archives are opened, one in another.
const DEEPEST: usize = 8;
/// The most bytes that a file may unpack to, and that are held in memory for it.
const MOST: u64 = 4 << 30;
const MOST_IN_MEMORY: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[derive(Default)]
    struct Sink(Vec<String>);

    impl EntrySink for Sink {
        fn found(&mut self, entry: &str, found: Found) {
            self.0.push(format!("{entry} {}", found.what.begins));
        }

        fn skipped(&mut self, entry: &str, why: &str) {
            self.0.push(format!("{entry} {why}"));
        }
    }

    fn zip_of(content: &[u8]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("entry", zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    fn told(file: &[u8], left: u64, memory: u64) -> Vec<String> {
        let (patterns, mut sink) = (Patterns::new(None).unwrap(), Sink::default());
        let mut unpacker = Unpacker { patterns: &patterns, sink: &mut sink, left };
        unpacker.open(&mut Cursor::new(file), "", Level { depth: 0, memory });
        sink.0
    }

    #[test]
    fn what_is_too_large_is_told() {
        let key = [&[b' '; 3000], &b"apik_aB3dE5gH7jK9mN1pQ3sT"[..]].concat();
        let file = zip_of(&zip_of(&key));
        assert_eq!(told(&file, MOST, MOST_IN_MEMORY), ["entry!entry apik"]);
        assert_eq!(told(&file, MOST, 10), ["entry an archive in an archive that is too large to be opened"]);
        // What is no archive is not held in memory.
        assert_eq!(told(&zip_of(&key), MOST, 10), ["entry apik"]);
        assert_eq!(told(&file, 10, MOST_IN_MEMORY), ["entry!entry too much to unpack"]);
    }

    /// A ZIP behind more than is held in memory, so that its end alone tells what it is.
    #[test]
    fn large_file_that_ends_as_an_archive_is_told() {
        let program = [&vec![b'M'; 3 << 20], &zip_of(b"content")[..]].concat();
        let not_opened = ["entry an archive in an archive that is too large to be opened"];
        assert_eq!(told(&zip_of(&program), MOST, 1000), not_opened);
    }
}
