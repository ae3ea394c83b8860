//! `doctor --scan`: whether keys are in what is about to be shipped.

mod archive;
mod keeping;
mod packing;
mod patterns;
mod result;
mod stream;

use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::Path;

use secrecy::SecretString;
use walkdir::WalkDir;

use self::archive::EntrySink;
use self::patterns::Patterns;
use self::result::{Finding, Place, ScanResult, Skipped};
use self::stream::Found;
use crate::exit::{Exit, Failure};
use crate::output;

/// Looks through every file below a folder, and never follows a link out of it.
pub(crate) fn run(folder: &Path, given: Option<&SecretString>, as_json: bool) -> Result<Exit, Failure> {
    let patterns = Patterns::new(given).map_err(Failure::Message)?;
    let mut scan = Scan { folder, patterns: &patterns, result: ScanResult::default() };
    for entry in WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => scan.result.links += 1,
            Ok(entry) if entry.file_type().is_file() => scan.file(entry.path()),
            Ok(entry) => scan.skipped(entry.path(), "", "not a file"),
            Err(error) => {
                let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                scan.skipped(error.path().unwrap_or(folder), "", &why);
            }
        }
    }
    scan.result.print(as_json)?;
    Ok(scan.result.exit())
}

struct Scan<'a> {
    folder: &'a Path,
    patterns: &'a Patterns,
    result: ScanResult,
}

impl Scan<'_> {
    fn file(&mut self, path: &Path) {
        let patterns = self.patterns;
        let searched = File::open(path).and_then(|mut file| {
            self.result.files += 1;
            stream::search(&file, patterns, u64::MAX, |found| self.found(path, "", found))?;
            file.rewind()?;
            Ok(file)
        });
        match searched {
            Ok(file) => archive::search(&mut BufReader::new(file), patterns, &mut Entries { scan: self, path }),
            Err(error) => self.skipped(path, "", &error.to_string()),
        }
    }

    fn found(&mut self, path: &Path, entry: &str, found: Found) {
        let (place, Found { offset, what }) = (self.place(path, entry), found);
        let (kind, begins, length) = (what.kind, what.begins, what.length);
        self.result.found.push(Finding { place, offset, kind, begins, length });
    }

    fn skipped(&mut self, path: &Path, entry: &str, why: &str) {
        let (place, why) = (self.place(path, entry), self.shown(why));
        self.result.skipped.push(Skipped { place, why });
    }

    /// Below the folder, whose own path everybody knows who has asked.
    fn place(&self, path: &Path, entry: &str) -> Place {
        let below = path.strip_prefix(self.folder).ok().filter(|below| !below.as_os_str().is_empty());
        let path = self.shown(&output::without_home(&below.unwrap_or(path).display().to_string()));
        Place { path, inside: (!entry.is_empty()).then(|| self.shown(entry)) }
    }

    /// The name of a file may hold a key.
    fn shown(&self, text: &str) -> String {
        output::visible(&self.patterns.masked(text))
    }
}

/// The entries of an archive.
struct Entries<'a, 'b> {
    scan: &'a mut Scan<'b>,
    path: &'a Path,
}

impl EntrySink for Entries<'_, '_> {
    fn found(&mut self, entry: &str, found: Found) {
        self.scan.found(self.path, entry, found);
    }

    fn skipped(&mut self, entry: &str, why: &str) {
        self.scan.skipped(self.path, entry, why);
    }
}
