//! `doctor --scan`: whether keys are in what is about to be shipped.

mod archive;
mod patterns;
mod stream;

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use secrecy::SecretString;
use serde::Serialize;
use walkdir::WalkDir;

use self::patterns::{Kind, Patterns};
use self::stream::Found;
use crate::exit::{Exit, Failure};
use crate::output;

/// Looks through every file below a folder, and never follows a link out of it.
pub(crate) fn run(folder: &Path, given: Option<&SecretString>, as_json: bool) -> Result<Exit, Failure> {
    let patterns = Patterns::new(given).map_err(Failure::Told)?;
    let mut result = Outcome { folder, told: Told::default() };
    for entry in WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) if entry.path_is_symlink() && entry.depth() > 0 => result.told.links += 1,
            Ok(entry) if entry.file_type().is_file() => result.file(entry.path(), &patterns),
            Ok(entry) => result.unread(entry.path(), None, "not a file"),
            Err(error) => {
                let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                result.unread(error.path().unwrap_or(folder), None, &why);
            }
        }
    }
    result.told.tell(as_json)?;
    Ok(result.told.exit())
}

struct Outcome<'a> {
    folder: &'a Path,
    told: Told,
}

/// All that was found.
#[derive(Default, Serialize)]
struct Told {
    found: Vec<Place>,
    unread: Vec<Unread>,
    files: u64,
    /// Links, which were not followed.
    links: u64,
}

/// A key. Of it no more is told than what tells it from another.
#[derive(Serialize)]
struct Place {
    path: String,
    /// The entry of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<String>,
    offset: u64,
    kind: Kind,
    begins: String,
    length: usize,
}

#[derive(Serialize)]
struct Unread {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<String>,
    why: String,
}

impl Outcome<'_> {
    fn file(&mut self, path: &Path, patterns: &Patterns) {
        let looked = File::open(path).map_err(|error| error.to_string()).and_then(|mut file| {
            self.told.files += 1;
            let searched = stream::search(&file, patterns, u64::MAX, |found| self.found(path, None, found));
            searched.and_then(|_| file.rewind()).map_err(|error| error.to_string())?;
            let mut inside = Inside { outcome: self, path };
            match beginning(&mut file).map_err(|error| error.to_string())? {
                [b'P', b'K', 3, 4] => archive::zip(BufReader::new(file), patterns, &mut inside),
                [0x1f, 0x8b, 8, _] => archive::gzip(BufReader::new(file), patterns, &mut inside),
                _ => Ok(()),
            }
        });
        if let Err(why) = looked {
            self.unread(path, None, &why);
        }
    }

    fn found(&mut self, path: &Path, inside: Option<&str>, found: Found) {
        let Found { offset, what } = found;
        self.told.found.push(Place {
            path: self.shown(path),
            inside: inside.map(output::visible),
            offset,
            kind: what.kind,
            begins: what.begins,
            length: what.length,
        });
    }

    fn unread(&mut self, path: &Path, inside: Option<&str>, why: &str) {
        let (path, why) = (self.shown(path), output::visible(why));
        self.told.unread.push(Unread { path, inside: inside.map(output::visible), why });
    }

    /// Below the folder, whose own path everybody knows who has asked.
    fn shown(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.folder).ok().filter(|below| !below.as_os_str().is_empty());
        output::visible(&output::without_home(&below.unwrap_or(path).display().to_string()))
    }
}

struct Inside<'a, 'b> {
    outcome: &'a mut Outcome<'b>,
    path: &'a Path,
}

impl archive::Told for Inside<'_, '_> {
    fn found(&mut self, entry: &str, found: Found) {
        self.outcome.found(self.path, Some(entry), found);
    }

    fn unread(&mut self, entry: &str, why: &str) {
        self.outcome.unread(self.path, Some(entry), why);
    }
}

impl Told {
    fn exit(&self) -> Exit {
        match (self.found.iter().any(|place| place.kind.is_secret()), self.unread.is_empty()) {
            (true, _) => Exit::No,
            (false, true) => Exit::Yes,
            (false, false) => Exit::CannotTell,
        }
    }

    fn tell(&self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            return output::json(self);
        }
        for Place { path, inside, offset, kind, begins, length } in &self.found {
            let place = inside.as_ref().map_or(path.clone(), |inside| format!("{path}!{inside}"));
            let word = if kind.is_secret() { "FOUND" } else { "note" };
            let what = kind.in_words();
            output::line(format_args!(
                "{word}: {place}: at byte {offset}: {what}: \"{begins}…\", {length} characters"
            ))?;
        }
        for Unread { path, inside, why } in &self.unread {
            let place = inside.as_ref().map_or(path.clone(), |inside| format!("{path}!{inside}"));
            output::line(format_args!("unread: {place}: {why}"))?;
        }
        let found = self.found.iter().filter(|place| place.kind.is_secret()).count();
        let (files, unread, links) = (self.files, self.unread.len(), self.links);
        output::line(format_args!("{found} found in {files} files; {unread} unread, {links} links not followed"))?;
        match found {
            0 => Ok(()),
            _ => output::line(
                "Whoever gets this build has these keys: take them out, and rotate them if it was ever shipped",
            ),
        }
    }
}

/// The first bytes of a file, which is then at its beginning again.
fn beginning(file: &mut File) -> std::io::Result<[u8; 4]> {
    let mut bytes = Vec::new();
    file.take(4).read_to_end(&mut bytes)?;
    file.rewind()?;
    bytes.resize(4, 0);
    Ok(bytes.try_into().unwrap_or_default())
}
