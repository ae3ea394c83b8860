//! What a client may take of the server's time and memory.

use std::time::Duration;

/// The largest body: many times what a question takes.
pub(crate) const BODY: usize = 8 * 1024;
/// The largest head of a request: a long license key and a lease fit in several times.
pub(crate) const HEAD: usize = 16 * 1024;
/// How long a head may take, and how long a connection may be kept without one.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(15);
/// How long a body may take.
pub(crate) const BODY_TIME: Duration = Duration::from_secs(10);
/// How long a client may take nothing of what is sent to it.
pub(crate) const WRITE_TIME: Duration = Duration::from_secs(10);
/// How long the beginning of TLS may take.
pub(crate) const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// The most questions that are under way at once.
pub(crate) const QUESTIONS: usize = 4096;

/// How many of these connections the system lets a process have, once that was raised as far as it goes.
#[cfg(unix)]
pub(crate) fn connections(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    if setrlimit(Resource::Nofile, files).is_err() {
        files = getrlimit(Resource::Nofile);
    }
    let most = files.current.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    wanted.min(most.saturating_sub(OTHER_FILES)).max(1)
}

/// As many as are wanted.
#[cfg(not(unix))]
pub(crate) fn connections(wanted: usize) -> usize {
    wanted
}

/// Files that are open beside the connections: to Whop, to the store, of the administrators.
#[cfg(unix)]
const OTHER_FILES: usize = 256;
