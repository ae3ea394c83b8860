//! An open connection to the server, with the buffers of its requests and answers.

use secrecy::zeroize::Zeroize;
use ureq::Error;
use ureq::unversioned::transport::{Buffers, LazyBuffers};

use super::deadline::Deadline;
use super::exchange;
use super::stream::{Closed, Stream};
use super::token;

/// An open connection to the server.
#[derive(Debug)]
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    pub is_tls: bool,
    pub buffers: LazyBuffers,
    /// Head and body of a request, until the answer is waited for: one write, one TLS record.
    unsent: Vec<u8>,
}

impl Connection {
    pub fn over(stream: Box<dyn Stream>, is_tls: bool) -> Self {
        Self { stream, is_tls, buffers: LazyBuffers::new(INPUT, OUTPUT), unsent: Vec::new() }
    }

    /// What stands in where one was taken away.
    pub fn closed() -> Self {
        Self::over(Box::new(Closed), false)
    }

    /// Sends what stands at the beginning of the output buffer, together with what comes before the answer is waited for.
    pub fn send(&mut self, amount: usize, deadline: Deadline) -> Result<(), Error> {
        if self.unsent.len() + amount > UNSENT {
            self.flush(deadline)?;
        }
        // All of it at once: what grows leaves a copy behind.
        self.unsent.reserve_exact(UNSENT.max(amount) - self.unsent.len());
        let output = self.buffers.output().get_mut(..amount).unwrap_or_default();
        self.unsent.extend_from_slice(output);
        // The API key may be in it.
        output.zeroize();
        Ok(())
    }

    /// Waits for a part of the answer. False at the end.
    pub fn receive(&mut self, deadline: Deadline) -> Result<bool, Error> {
        self.flush(deadline)?;
        let length = self.stream.read(self.buffers.input_append_buf(), Some(deadline))?;
        self.buffers.input_appended(length);
        Ok(length > 0)
    }

    /// Whether it is open, and nothing has come that was not read: it would be taken for the next answer.
    pub fn is_idle(&mut self) -> bool {
        self.stream.is_idle()
    }

    fn flush(&mut self, deadline: Deadline) -> Result<(), Error> {
        if self.unsent.is_empty() {
            return Ok(());
        }
        // Nothing goes out once the call is canceled.
        token::check()?;
        exchange::note_written();
        let outcome = self.stream.write(&self.unsent, deadline);
        self.forget_unsent();
        outcome
    }

    /// Wipes what may hold the API key. Not the whole room of it, which takes longer than all else.
    fn forget_unsent(&mut self) {
        self.unsent.as_mut_slice().zeroize();
        self.unsent.clear();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.forget_unsent();
    }
}

/// More than the longest head of an answer.
const INPUT: usize = LONGEST_HEAD + 16 * 1024;
/// More than the longest head of a request.
const OUTPUT: usize = 32 * 1024;
/// More than a check sends.
const UNSENT: usize = 8 * 1024;
/// The longest head of an answer that is taken, in bytes.
pub(super) const LONGEST_HEAD: usize = 32 * 1024;
