//! Whose a file is, and who may write it now.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;
#[cfg(windows)]
use std::path::PathBuf;
#[cfg(windows)]
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

#[cfg(unix)]
use super::fork::ClosedInChild;

/// The right of one thread of this process to lock a file.
///
/// On Windows, a lock can only be tried now and then: a thread that often comes back would take it from those that wait. Where a
/// process can fork there is no such right, since a child could wait for a thread that it has not.
pub(crate) struct Turn {
    #[cfg(windows)]
    path: PathBuf,
}

impl Turn {
    /// Waits for it, or fails with [`io::ErrorKind::WouldBlock`].
    #[cfg(windows)]
    pub fn wait(path: &Path, until: Instant) -> io::Result<Self> {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.saturating_duration_since(Instant::now());
        let waited = FREED.wait_timeout_while(taken, left, |taken| taken.iter().any(|other| other == path));
        let (mut taken, ended) = waited.unwrap_or_else(PoisonError::into_inner);
        if ended.timed_out() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        taken.push(path.to_owned());
        Ok(Self { path: path.to_owned() })
    }

    #[cfg(not(windows))]
    pub fn wait(_: &Path, _: Instant) -> io::Result<Self> {
        Ok(Self {})
    }
}

#[cfg(windows)]
impl Drop for Turn {
    fn drop(&mut self) {
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| *other != self.path);
        FREED.notify_all();
    }
}

#[cfg(windows)]
static TAKEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
#[cfg(windows)]
static FREED: Condvar = Condvar::new();

/// A file that is locked: the lock ends with this, or with the process.
pub(crate) struct Lock {
    /// Before the file: once that is closed, the descriptor may be another's.
    #[cfg(unix)]
    _closed_in_child: ClosedInChild,
    file: File,
}

impl Lock {
    /// Opens a file and locks it, or fails with [`io::ErrorKind::WouldBlock`] where another program, or another thread of
    /// this one, has it locked.
    #[cfg(unix)]
    pub fn of(options: &mut OpenOptions, path: &Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;

        let file = options.open(path)?;
        let lock = Self { _closed_in_child: ClosedInChild::new(file.as_raw_fd()), file };
        // SAFETY: the descriptor is open as long as the file.
        match unsafe { libc::flock(lock.file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } {
            0 => Ok(lock),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// The same: who has opened it so lets nobody else open it.
    #[cfg(windows)]
    pub fn of(options: &mut OpenOptions, path: &Path) -> io::Result<Self> {
        use std::os::windows::fs::OpenOptionsExt;

        const ERROR_SHARING_VIOLATION: i32 = 32;
        options.share_mode(0).open(path).map(|file| Self { file }).map_err(|error| match error.raw_os_error() {
            Some(ERROR_SHARING_VIOLATION) => io::ErrorKind::WouldBlock.into(),
            _ => error,
        })
    }

    pub fn file(&self) -> &File {
        &self.file
    }
}

#[cfg(unix)]
impl Drop for Lock {
    /// To close the file would not be enough: a child that was forked meanwhile has it open as well.
    fn drop(&mut self) {
        use std::os::fd::AsRawFd;

        // SAFETY: the descriptor is open as long as the file.
        unsafe { libc::flock(self.file.as_raw_fd(), libc::LOCK_UN) };
    }
}

/// Whether a file is this user's.
#[cfg(unix)]
pub(crate) fn is_own(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;

    // SAFETY: it asks for a number and cannot fail.
    file.uid() == unsafe { libc::geteuid() }
}

/// A file in a folder of the user's is the user's.
#[cfg(not(unix))]
pub(crate) fn is_own(_: &Metadata) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn lock_ends_with_its_process_although_a_child_lives_on() {
        let folder = tempfile::tempdir().unwrap();
        let lock = || Lock::of(OpenOptions::new().write(true).create(true), &folder.path().join("lock"));
        let mut ends = [0; 2];
        // SAFETY: both ends are written.
        assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
        // SAFETY: the child locks, forks a child that waits, and ends.
        let parent = unsafe { libc::fork() };
        if parent == 0 {
            let locked = lock();
            // SAFETY: as above. The grandchild says who it is, so that it can be ended.
            unsafe {
                if libc::fork() == 0 {
                    let own = libc::getpid();
                    libc::write(ends[1], (&raw const own).cast(), size_of_val(&own));
                    libc::alarm(60);
                    libc::pause();
                }
                libc::_exit(locked.is_err().into());
            }
        }
        let (mut status, mut grandchild) = (-1, 0);
        // SAFETY: the child is ours, and what is read has the size of what is written.
        unsafe {
            libc::waitpid(parent, &raw mut status, 0);
            libc::read(ends[0], (&raw mut grandchild).cast(), size_of_val(&grandchild));
        }
        let again = lock();
        // SAFETY: the grandchild is not ours to wait for; it ends at once.
        unsafe { libc::kill(grandchild, libc::SIGKILL) };
        // SAFETY: both are open, and ours.
        _ = ends.map(|end| unsafe { libc::close(end) });
        assert_eq!(status, 0);
        assert!(again.is_ok());
    }

    #[test]
    fn lock_ends_although_a_child_was_forked_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let lock = || Lock::of(OpenOptions::new().write(true).create(true), &folder.path().join("lock"));
        let first = lock().unwrap();
        assert_eq!(lock().err().unwrap().kind(), io::ErrorKind::WouldBlock);
        // SAFETY: the child waits, and does nothing else.
        let child = unsafe { libc::fork() };
        if child == 0 {
            // SAFETY: it waits until a signal ends it.
            unsafe {
                libc::alarm(60);
                libc::pause();
            }
        }
        drop(first);
        let second = lock();
        // SAFETY: the child is ours.
        unsafe {
            libc::kill(child, libc::SIGKILL);
            libc::waitpid(child, std::ptr::null_mut(), 0);
        }
        assert!(second.is_ok());
    }
}
