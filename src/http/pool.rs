//! The connections that are kept for later requests. ureq's own pool asks a connection under its lock whether it is open, and
//! takes none that was opened ahead of need.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::connection::Connection;

/// Connections to one server that no request uses.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// The newest last.
    idle: Mutex<Vec<(Connection, Instant)>>,
}

impl Pool {
    /// The connection that was used last, if it is still open and nothing has come unasked.
    pub fn take(&self) -> Option<Connection> {
        loop {
            // A statement of its own: the lock is not held while the connection is asked.
            let newest = self.lock().pop();
            let (mut connection, since) = newest?;
            if since.elapsed() < LONGEST_IDLE && connection.is_idle() {
                return Some(connection);
            }
        }
    }

    pub fn keep(&self, connection: Connection) {
        let mut idle = self.lock();
        let outlived = idle.iter().take_while(|(_, since)| since.elapsed() >= LONGEST_IDLE).count();
        let surplus = (idle.len() + 1).saturating_sub(MOST);
        let closed: Vec<_> = idle.drain(..outlived.max(surplus)).collect();
        idle.push((connection, Instant::now()));
        drop(idle);
        // To close connections takes system calls.
        drop(closed);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Connection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const LONGEST_IDLE: Duration = Duration::from_secs(60);
/// As many as threads that share a client at once, and not so many that the descriptors of an idle program matter.
const MOST: usize = 128;
