//! Bytes in both directions: what TCP is, and TLS on top of it.

use std::fmt::Debug;
use std::io::ErrorKind::NotConnected;

use ureq::Error;

use super::deadline::Deadline;

pub(super) trait Stream: Debug + Send + Sync {
    /// Sends all of the bytes.
    fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Result<(), Error>;

    /// Receives some bytes; none at the end. Without a deadline it does not wait: nothing there is `WouldBlock`.
    fn read(&mut self, into: &mut [u8], deadline: Option<Deadline>) -> Result<usize, Error>;

    /// Whether a part of something has come, here or below, of which the rest has not.
    fn holds_part(&self) -> bool;

    /// Whether the connection is open, and nothing has come that was not read: it would be taken for the next answer.
    fn is_idle(&mut self) -> bool;
}

/// What is left where a connection was taken away.
#[derive(Debug)]
pub(super) struct Closed;

impl Stream for Closed {
    fn write(&mut self, _: &[u8], _: Deadline) -> Result<(), Error> {
        Err(Error::Io(NotConnected.into()))
    }

    fn read(&mut self, _: &mut [u8], _: Option<Deadline>) -> Result<usize, Error> {
        Err(Error::Io(NotConnected.into()))
    }

    fn holds_part(&self) -> bool {
        false
    }

    fn is_idle(&mut self) -> bool {
        false
    }
}
