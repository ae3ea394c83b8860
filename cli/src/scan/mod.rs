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
use walkdir::{DirEntry, WalkDir};

use self::archive::EntrySink;
use self::patterns::{Match, Patterns};
use self::result::{Finding, More, Place, ScanResult, Skipped};
use self::stream::Found;
use crate::exit::{Exit, Failure};
use crate::output;

/// Looks through every file below a folder, and never follows a link out of it. The folder itself may be a link.
pub(crate) fn run(folder: &Path, given: Option<&SecretString>, as_json: bool) -> Result<Exit, Failure> {
    let patterns = Patterns::new(given).map_err(Failure::Message)?;
    let mut scan = Scan { folder, patterns: &patterns, result: ScanResult::default(), listed: Listed::default() };
    for entry in WalkDir::new(folder).sort_by_file_name() {
        scan.listed = Listed::default();
        match entry {
            Ok(entry) => scan.entry(&entry),
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
    listed: Listed,
}

/// How much was found in one file, listed or not.
#[derive(Default)]
struct Listed {
    secrets: usize,
    /// Keys of the sandbox, which must not take the place of secrets.
    notes: usize,
    skipped: usize,
}

impl Listed {
    /// How much of each there is besides what is listed.
    fn beyond(&self) -> [usize; 3] {
        [self.secrets, self.notes, self.skipped].map(|count| count.saturating_sub(MOST_LISTED))
    }
}

impl Scan<'_> {
    fn entry(&mut self, entry: &DirEntry) {
        let path = entry.path();
        let is_folder_itself = entry.depth() == 0;
        if !is_folder_itself {
            self.name(path);
        }
        match entry.file_type() {
            kind if kind.is_dir() || is_folder_itself && path.is_dir() => {}
            kind if kind.is_file() || is_folder_itself && path.is_file() => self.file(path),
            _ if entry.path_is_symlink() => self.result.links += 1,
            _ => self.skipped(path, "", "not a file"),
        }
        let [found, notes, unread] = self.listed.beyond();
        if found + notes + unread > 0 {
            let path = self.place(path, "").path;
            self.result.more.push(More { path, found, notes, unread });
        }
    }

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

    /// The name alone: its folders are looked at by themselves.
    fn name(&mut self, path: &Path) {
        for what in self.patterns.find(path.file_name().unwrap_or_default().as_encoded_bytes()) {
            self.list(path, "", None, what);
        }
    }

    fn found(&mut self, path: &Path, entry: &str, Found { offset, what }: Found) {
        self.list(path, entry, Some(offset), what);
    }

    fn list(&mut self, path: &Path, entry: &str, offset: Option<u64>, what: Match) {
        let Match { kind, begins, length, .. } = what;
        let listed = if kind.is_secret() { &mut self.listed.secrets } else { &mut self.listed.notes };
        *listed += 1;
        if *listed > MOST_LISTED {
            return;
        }
        let place = self.place(path, entry);
        self.result.found.push(Finding { place, offset, kind, begins, length });
    }

    fn skipped(&mut self, path: &Path, entry: &str, why: &str) {
        self.listed.skipped += 1;
        if self.listed.skipped > MOST_LISTED {
            return;
        }
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

/// Of each kind in one file, so that what is printed and held in memory is bounded.
const MOST_LISTED: usize = 100;
