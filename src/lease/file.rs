//! The file in which leases are kept: replaced as a whole, one writer at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Claims;
use super::verify::Lease;
use crate::sys;

/// The file in which leases are kept.
#[derive(Clone, Debug)]
pub(crate) struct LeaseFile {
    path: PathBuf,
}

/// What is in it. None of it is trusted but the leases, each of which is verified when it is used.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Stored {
    /// Tells the file from any other; the number of its format.
    whop_leases: u8,
    /// The latest time that was seen, in Unix seconds.
    pub latest: i64,
    /// The newest signed answer about each license, the one that was written last at the end.
    leases: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    product: String,
    key_sha256: String,
    device_sha256: String,
    denied: bool,
    iat: i64,
    lease: String,
}

/// Which lease is looked for.
pub(crate) struct Subject<'a> {
    pub product: &'a str,
    pub key_sha256: &'a str,
    pub device_sha256: &'a str,
}

impl Subject<'_> {
    fn is_of(&self, entry: &Entry) -> bool {
        entry.product == self.product
            && entry.key_sha256 == self.key_sha256
            && entry.device_sha256 == self.device_sha256
    }
}

impl Stored {
    /// The newest answer about this license, device and product.
    pub fn lease(&self, of: &Subject<'_>) -> Option<&str> {
        self.leases.iter().rev().find(|entry| of.is_of(entry)).map(|entry| &*entry.lease)
    }

    /// Keeps a signed answer in place of the one before. A denial drives out no grant of another license.
    pub fn keep(&mut self, of: &Subject<'_>, lease: &Lease) {
        let claims = lease.claims();
        let denied = claims.valid != Some(true);
        // An answer that was slower than the next one.
        let is_older = |entry: &Entry| (1..=LONGEST_CALL).contains(&entry.iat.saturating_sub(claims.iat));
        if self.leases.iter().any(|entry| of.is_of(entry) && is_older(entry)) {
            return;
        }
        self.leases.retain(|entry| !of.is_of(entry));
        while self.leases.len() >= MOST {
            match self.leases.iter().position(|entry| entry.denied) {
                Some(denial) => drop(self.leases.remove(denial)),
                None if denied => return,
                None => drop(self.leases.remove(0)),
            }
        }
        self.leases.push(Entry::of(of, lease));
    }
}

impl Entry {
    fn of(of: &Subject<'_>, lease: &Lease) -> Self {
        let Claims { valid, iat, .. } = *lease.claims();
        Self {
            product: of.product.into(),
            key_sha256: of.key_sha256.into(),
            device_sha256: of.device_sha256.into(),
            denied: valid != Some(true),
            iat,
            lease: lease.token().into(),
        }
    }
}

/// The content of a lease file that holds these grants: for a machine that is never online.
pub fn file(grants: &[Lease]) -> String {
    let mut stored = Stored { whop_leases: FORMAT, ..Stored::default() };
    for lease in grants {
        let Claims { product, key_sha256, device_sha256, iat, .. } = lease.claims();
        stored.latest = stored.latest.max(*iat);
        stored.keep(&Subject { product: product.as_deref().unwrap_or_default(), key_sha256, device_sha256 }, lease);
    }
    serde_json::to_string(&stored).unwrap_or_default()
}

impl LeaseFile {
    pub fn at(path: &str) -> Self {
        Self { path: path.into() }
    }

    /// What is stored. Empty where there is no file yet.
    pub fn read(&self) -> Result<Stored, String> {
        let text = match open(&self.path) {
            Ok(file) => read(file).map_err(|error| format!("the lease file cannot be read: {error}"))?,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("the lease file cannot be opened: {}", in_words(&error))),
        };
        if text.is_empty() {
            return Ok(Stored { whop_leases: FORMAT, ..Stored::default() });
        }
        // Another program's file is left as it is.
        let stored = serde_json::from_str(&text).ok().filter(|stored: &Stored| stored.whop_leases == FORMAT);
        stored.ok_or_else(|| "the lease file holds something else, and is left as it is".into())
    }

    /// Changes what is stored, after what other programs have written and before what they are going to.
    pub fn update<T>(&self, change: impl FnOnce(&mut Stored) -> T) -> Result<T, String> {
        let _lock = self.lock().map_err(|error| format!("the lease file cannot be locked: {}", in_words(&error)))?;
        let mut stored = self.read()?;
        let outcome = change(&mut stored);
        let written = serde_json::to_string(&stored).map_err(io::Error::from).and_then(|text| self.replace(&text));
        match written {
            Ok(()) => Ok(outcome),
            Err(error) => Err(format!("the lease file cannot be written: {}", in_words(&error))),
        }
    }

    /// Writes beside the file and renames, so that whoever reads finds the old one or the new one.
    fn replace(&self, text: &str) -> io::Result<()> {
        let beside = self.beside("new");
        // Of a program that was ended while it wrote: the lock is ours.
        let _ = fs::remove_file(&beside);
        let written = owner_only(OpenOptions::new().write(true).create_new(true)).open(&beside).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| fs::rename(&beside, &self.path));
        if replaced.is_err() {
            let _ = fs::remove_file(&beside);
        }
        replaced
    }

    /// Waits until no other program writes. The system ends the lock with the file that is returned, or with the process.
    fn lock(&self) -> io::Result<File> {
        let path = self.beside("lock");
        let began = Instant::now();
        loop {
            match sys::lock_file(owner_only(OpenOptions::new().write(true).create(true).truncate(false)), &path) {
                Err(error) if error.kind() == ErrorKind::WouldBlock && began.elapsed() < LONGEST_WAIT => {
                    thread::sleep(PAUSE);
                }
                locked => return locked,
            }
        }
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(".");
        path.push(ending);
        path.into()
    }
}

/// Opens a regular file of this user, and nothing else that may stand in its place.
fn open(path: &Path) -> io::Result<File> {
    let refused = |why: &str| io::Error::new(ErrorKind::InvalidInput, why);
    if fs::symlink_metadata(path)?.is_symlink() {
        return Err(refused("it is a link"));
    }
    let file = no_follow(OpenOptions::new().read(true)).open(path)?;
    let opened = file.metadata()?;
    if !opened.is_file() {
        return Err(refused("it is not a regular file"));
    }
    if !sys::is_own(&opened) {
        return Err(refused("it belongs to another user"));
    }
    Ok(file)
}

fn read(file: File) -> io::Result<String> {
    let mut text = String::new();
    if file.take(MAX_FILE + 1).read_to_string(&mut text)? as u64 > MAX_FILE {
        return Err(io::Error::new(ErrorKind::InvalidData, "longer than any lease file"));
    }
    Ok(text)
}

/// Without waiting for the other end of a pipe.
#[cfg(unix)]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY)
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    no_follow(options).mode(0o600)
}

/// A folder of the user's gives its files to the user alone.
#[cfg(not(unix))]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Without the numbers of the system.
fn in_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

const FORMAT: u8 = 1;
/// The most answers that are kept.
const MOST: usize = 8;
/// Seconds by which an answer can come after one that was signed later.
const LONGEST_CALL: i64 = 600;
/// More than eight leases of the longest kind.
const MAX_FILE: u64 = 128 * 1024;
const LONGEST_WAIT: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(5);
