//! The files in which Linux keeps its identity.
//!
//! Whoever asks gets the same identity or none. So the second file counts only where the first is not there, or where
//! every user reads in it that this machine has no identity yet.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;

/// Bytes. An identity takes 37 at most, and a line end.
const LIMIT: u64 = 1024;

/// systemd's, then D-Bus's, which systemd takes over where its own is empty.
pub(super) fn kept() -> impl Iterator<Item = (&'static str, io::Result<String>)> {
    let paths = ["/etc/machine-id", "/var/lib/dbus/machine-id"].into_iter();
    paths.filter_map(|path| Some((path, read(path).transpose()?)))
}

/// What a file says, if it is there. An error if that cannot be known; at once, whatever stands in its place.
fn read(path: &str) -> io::Result<Option<String>> {
    // A pipe without a writer and a terminal keep others waiting, and a terminal may become this process's own.
    let file = match OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        opened => opened?,
    };
    // Asked of what was opened: the path may lead elsewhere by now.
    let opened = file.metadata()?;
    let mut bytes = Vec::new();
    if opened.is_file() {
        file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    }
    // A file that is empty and says something is the kernel's, such as one of /proc that says something else each time.
    if !opened.is_file() || (opened.len() == 0 && !bytes.is_empty()) {
        return Err(ErrorKind::InvalidInput.into());
    }
    let is_whole = bytes.len() as u64 <= LIMIT;
    // Too long, or no text: not an identity, to no user.
    Ok(Some(String::from_utf8(bytes).ok().filter(|_| is_whole).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_or_no_text_says_nothing() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        let longest = "a".repeat(1024);
        for (content, text) in [
            (&b""[..], ""),
            (b"3f0c\n", "3f0c\n"),
            (longest.as_bytes(), &longest),
            (&[b' '; 1025], ""),
            (b"\xff3f0c\n", ""),
        ] {
            std::fs::write(path, content).unwrap();
            assert_eq!(read(path).unwrap().as_deref(), Some(text));
        }
    }

    #[test]
    fn only_what_is_not_there_is_passed_over() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(path("file"), "").unwrap();
        for (link, target) in [
            ("dangling", "nowhere"),
            ("loop", "loop"),
            ("device", "/dev/zero"),
            ("kernel", "/proc/sys/kernel/random/uuid"),
            ("link", "file"),
        ] {
            std::os::unix::fs::symlink(target, path(link)).unwrap();
        }
        let found = |name: &str| read(&path(name)).map_err(|error| error.kind());
        for name in ["nowhere", "nowhere/file", "file/nowhere", "dangling"] {
            assert_eq!(found(name), Ok(None), "{name}");
        }
        for name in ["loop", "device", "kernel", "."] {
            assert!(found(name).is_err(), "{name}");
        }
        assert_eq!(found("link"), Ok(Some(String::new())));
    }
}
