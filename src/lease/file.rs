//! The file in which leases are kept: replaced as a whole, one writer at a time.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf, is_separator};
use std::thread;
use std::time::{Duration, Instant};

use super::stored::Stored;
use crate::error::in_words;
use crate::sys::{self, Lock, Turn};

/// The file in which leases are kept.
#[derive(Clone)]
pub(crate) struct LeaseFile {
    path: PathBuf,
}

impl LeaseFile {
    /// Where the path leads now: the folder that a program works in may be another one later.
    pub fn at(path: &str) -> Result<Self, String> {
        if path.contains('\0') {
            return Err("holds a NUL".into());
        }
        if path.ends_with(is_separator) || Path::new(path).file_name().is_none() {
            return Err("expected the path of a file, not of a folder".into());
        }
        let path = std::path::absolute(path);
        path.map(|path| Self { path })
            .map_err(|error| format!("the folder that it is in is not known: {}", said(&error)))
    }

    /// What is stored. Empty where there is no file yet.
    pub fn read(&self) -> Result<Stored, String> {
        parse(&self.bytes()?, Damaged::Stays)
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        match open(&self.path) {
            Ok(Some(file)) => read(file).map_err(|error| format!("the lease file cannot be read: {}", said(&error))),
            Ok(None) => Ok(Vec::new()),
            Err(error) => Err(format!("the lease file cannot be opened: {}", said(&error))),
        }
    }

    /// Changes what is stored, after what other programs have written and before what they are going to. Waits for them, but
    /// not longer than the call may last.
    pub fn update<T>(
        &self,
        limit: WaitLimit,
        damaged: Damaged,
        change: impl FnOnce(&mut Stored) -> T,
    ) -> Result<T, String> {
        let limit = WaitLimit { until: limit.until.min(Instant::now() + LONGEST_WAIT), ..limit };
        let _lock = self.lock(limit).map_err(|error| format!("the lease file cannot be locked: {}", said(&error)))?;
        let before = self.bytes()?;
        let mut stored = parse(&before, damaged)?;
        let outcome = change(&mut stored);
        let text = serde_json::to_string(&stored).map_err(io::Error::from);
        // Many calls in one second, all without network, wait for one write and not for each.
        match text.and_then(|text| if text.as_bytes() == before { Ok(()) } else { self.replace(&text, limit) }) {
            Ok(()) => Ok(outcome),
            Err(error) => Err(format!("the lease file cannot be written: {}", said(&error))),
        }
    }

    /// Writes beside the file and renames, so that whoever reads finds the old one or the new one.
    fn replace(&self, text: &str, limit: WaitLimit) -> io::Result<()> {
        let beside = self.beside("new");
        // Of a program that was ended while it wrote: the lock is ours.
        let _ = fs::remove_file(&beside);
        let opened = owner_only(OpenOptions::new().write(true).create_new(true)).open(&beside);
        let opened = opened.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => refused("the `.new` beside it is in the way"),
            _ => error,
        });
        let written = opened.and_then(|mut file| {
            restrict(&file);
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        let replaced = written.and_then(|()| rename(&beside, &self.path, limit));
        if replaced.is_err() {
            let _ = fs::remove_file(&beside);
        }
        replaced
    }

    /// Waits until nobody else writes. The lock ends before the turn.
    fn lock(&self, limit: WaitLimit) -> io::Result<(Lock, Turn)> {
        let path = self.beside("lock");
        is_file_or_nothing(&path)?;
        let turn = Turn::wait(&path, limit.until).map_err(|_| refused(LOCKED))?;
        loop {
            match Lock::of(owner_only(OpenOptions::new().write(true).create(true).truncate(false)), &path) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if limit.is_at_its_end() {
                        return Err(refused(LOCKED));
                    }
                    thread::sleep(PAUSE);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => return Err(refused("its folder does not exist")),
                locked => return locked.inspect(|lock| restrict(lock.file())).map(|lock| (lock, turn)),
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

/// How long the file is waited for.
#[derive(Clone, Copy)]
pub(crate) struct WaitLimit {
    pub until: Instant,
    /// Whether nobody waits for the call any more.
    pub is_canceled: fn() -> bool,
}

impl WaitLimit {
    fn is_at_its_end(self) -> bool {
        Instant::now() >= self.until || (self.is_canceled)()
    }
}

/// What becomes of a file of ours that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damaged {
    Stays,
    IsReplaced,
}

/// What the file says. Another program's file is left as it is.
fn parse(bytes: &[u8], damaged: Damaged) -> Result<Stored, String> {
    match Stored::parse(bytes) {
        _ if bytes.is_empty() => Ok(Stored::empty()),
        Some(stored) => Ok(stored),
        None if !Stored::may_have_been(bytes) => Err(ANOTHERS.into()),
        None if damaged == Damaged::IsReplaced => Ok(Stored::empty()),
        None => Err("the lease file is damaged: the next answer of the relay replaces it".into()),
    }
}

/// Opens a regular file of this user, and nothing else that may stand in its place. None where nothing is.
fn open(path: &Path) -> io::Result<Option<File>> {
    // Before it is opened: to open a device may set it going.
    if !is_file_or_nothing(path)? {
        return Ok(None);
    }
    let file = no_follow(OpenOptions::new().read(true)).open(path)?;
    let opened = file.metadata()?;
    match (opened.is_file(), sys::is_own(&opened)) {
        (false, _) => Err(refused(NO_FILE)),
        (true, false) => Err(refused("it belongs to another user")),
        (true, true) => Ok(Some(file)),
    }
}

/// Whether a regular file stands there: an error for anything else.
fn is_file_or_nothing(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(refused("it is a link")),
        Ok(found) if !found.is_file() => Err(refused(NO_FILE)),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn read(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file.take(MAX_FILE + 1).read_to_end(&mut bytes)? as u64 > MAX_FILE {
        return Err(refused("it is longer than any lease file"));
    }
    Ok(bytes)
}

/// On Windows, a program that looks at a new file, as virus scanners do, may keep it from being renamed for a moment.
fn rename(from: &Path, to: &Path, limit: WaitLimit) -> io::Result<()> {
    loop {
        match fs::rename(from, to) {
            Err(error) if is_looked_at(&error) && !limit.is_at_its_end() => thread::sleep(PAUSE),
            renamed => return renamed,
        }
    }
}

fn is_looked_at(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    // The first is said of the file that is replaced, the second of the one that takes its place.
    let is_busy = error.kind() == ErrorKind::PermissionDenied || error.raw_os_error() == Some(ERROR_SHARING_VIOLATION);
    cfg!(windows) && is_busy
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
    no_follow(options).mode(OWNER_ONLY)
}

/// The same mode whatever the program's mask takes away, where the file system has modes.
#[cfg(unix)]
fn restrict(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let _ = file.set_permissions(PermissionsExt::from_mode(OWNER_ONLY));
}

#[cfg(not(unix))]
fn no_follow(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// A folder of the user's gives its files to the user alone.
#[cfg(not(unix))]
fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn restrict(_: &File) {}

fn refused(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why)
}

/// Without the numbers of the system.
fn said(error: &io::Error) -> String {
    in_words(&error.to_string()).to_owned()
}

#[cfg(unix)]
const OWNER_ONLY: u32 = 0o600;
const ANOTHERS: &str = "the lease file holds something else, and is left as it is: the path leads to another program's file, \
    choose another";
const LOCKED: &str = "another program has had it locked for too long";
const NO_FILE: &str = "it is not a regular file";
/// More than eight leases of the longest kind.
const MAX_FILE: u64 = 128 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(5);

#[cfg(all(test, windows))]
mod tests {
    use std::os::windows::fs::OpenOptionsExt;

    use super::*;

    const FILE_SHARE_READ: u32 = 1;

    #[test]
    fn file_is_replaced_as_soon_as_nobody_looks_at_it_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let [new, old] = ["new", "old"].map(|name| folder.path().join(name));
        for looked_at in [&new, &old] {
            fs::write(&new, "new").unwrap();
            fs::write(&old, "old").unwrap();
            let held = OpenOptions::new().read(true).share_mode(FILE_SHARE_READ).open(looked_at).unwrap();
            let now = Instant::now();
            assert!(rename(&new, &old, now).is_err_and(|error| is_looked_at(&error)));
            thread::scope(|scope| {
                let renamed = scope.spawn(|| rename(&new, &old, now + Duration::from_secs(10)));
                thread::sleep(10 * PAUSE);
                assert!(!renamed.is_finished());
                drop(held);
                renamed.join().unwrap().unwrap();
            });
            assert_eq!(fs::read_to_string(&old).unwrap(), "new");
        }
    }
}
