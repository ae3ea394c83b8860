//! Bytes in both directions: what TCP is, and TLS on top of it.

use std::fmt::Debug;

use ureq::Error;

use super::deadline::Deadline;

pub(super) trait Stream: Debug + Send + Sync {
    /// Sends all of the bytes.
    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Result<(), Error>;

    /// Receives some bytes; none at the end. Without a deadline it does not wait: nothing there is `WouldBlock`.
    fn read(&mut self, into: &mut [u8], deadline: Option<Deadline>) -> Result<usize, Error>;

    /// Whether the connection is open, and nothing has come that was not read: it would be taken for the next answer.
    fn is_idle(&mut self) -> bool;
}
