//! What a scan found, and how it is shown.

use std::fmt;

use serde::Serialize;

use super::patterns::Kind;
use crate::exit::{Exit, Failure};
use crate::output;

/// All that was found.
#[derive(Default, Serialize)]
pub(super) struct ScanResult {
    pub found: Vec<Finding>,
    #[serde(rename = "unread")]
    pub skipped: Vec<Skipped>,
    /// What is not listed, because there is too much of it in one file.
    pub more: Vec<More>,
    pub files: u64,
    /// Links, which were not followed.
    pub links: u64,
}

/// A key. Of it no more is told than what tells it from another.
#[derive(Serialize)]
pub(super) struct Finding {
    #[serde(flatten)]
    pub place: Place,
    /// Nothing for a key in a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    pub kind: Kind,
    pub begins: String,
    pub length: usize,
}

/// What was not looked through.
#[derive(Serialize)]
pub(super) struct Skipped {
    #[serde(flatten)]
    pub place: Place,
    pub why: String,
}

/// How much is in a file besides what is listed.
#[derive(Serialize)]
pub(super) struct More {
    pub path: String,
    pub found: usize,
    /// Keys of the sandbox.
    pub notes: usize,
    pub unread: usize,
}

#[derive(Serialize)]
pub(super) struct Place {
    pub path: String,
    /// The entry of an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inside {
            Some(inside) => write!(f, "{}!{inside}", self.path),
            None => f.write_str(&self.path),
        }
    }
}

impl ScanResult {
    pub fn exit(&self) -> Exit {
        match (self.secrets(), self.skipped.is_empty()) {
            (1.., _) => Exit::No,
            (0, true) => Exit::Yes,
            (0, false) => Exit::CannotTell,
        }
    }

    pub fn print(&self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            return output::json(self);
        }
        for Finding { place, offset, kind, begins, length } in &self.found {
            let word = if kind.is_secret() { "FOUND" } else { "note" };
            let what = kind.in_words();
            let at = offset.map_or("in the name".into(), |offset| format!("at byte {offset}"));
            output::line(format_args!("{word}: {place}: {at}: {what}: \"{begins}…\", {length} characters"))?;
        }
        for Skipped { place, why } in &self.skipped {
            output::line(format_args!("unread: {place}: {why}"))?;
        }
        for More { path, found, notes, unread } in &self.more {
            output::line(format_args!("and more: {path}: {found} found, {notes} notes, {unread} unread"))?;
        }
        let (found, files, unread, links) = (self.secrets(), self.files, self.unread(), self.links);
        output::line(format_args!("{found} found in {files} files; {unread} unread, {links} links not followed"))?;
        match found {
            0 => Ok(()),
            _ => output::line(
                "Whoever gets this build has these keys: take them out, and rotate them if it was ever shipped",
            ),
        }
    }

    /// With those that are not listed.
    fn secrets(&self) -> usize {
        let listed = self.found.iter().filter(|finding| finding.kind.is_secret()).count();
        listed + self.more.iter().map(|more| more.found).sum::<usize>()
    }

    fn unread(&self) -> usize {
        self.skipped.len() + self.more.iter().map(|more| more.unread).sum::<usize>()
    }
}
