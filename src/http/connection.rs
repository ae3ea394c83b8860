//! An open connection, as ureq uses it: what a request consists of is sent at once, and a connection that is left in order is kept.

use std::mem;
use std::sync::Arc;

use secrecy::zeroize::Zeroize;
use ureq::Error;
use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport};

use super::deadline::Deadline;
use super::exchange;
use super::pool::Pool;
use super::stream::{Closed, Stream};

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Open {
    stream: Box<dyn Stream>,
    is_tls: bool,
    buffers: LazyBuffers,
    /// Head and body of a request, until the answer is waited for: one write, one TLS record.
    unsent: Vec<u8>,
}

impl Open {
    pub fn over(stream: Box<dyn Stream>, is_tls: bool) -> Self {
        Self { stream, is_tls, buffers: LazyBuffers::new(INPUT, OUTPUT), unsent: Vec::new() }
    }

    /// Whether it is open, and nothing has come that was not read: it would be taken for the next answer.
    pub fn is_idle(&mut self) -> bool {
        self.stream.is_idle()
    }

    fn flush(&mut self, deadline: Deadline) -> Result<(), Error> {
        if self.unsent.is_empty() {
            return Ok(());
        }
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

/// A connection that one request uses.
#[derive(Debug)]
pub(super) struct Connection {
    open: Open,
    /// Whether the request has had its answer to the end.
    is_done: bool,
    /// Where it is kept then.
    pool: Option<Arc<Pool>>,
}

impl Connection {
    pub fn new(open: Open, pool: Option<Arc<Pool>>) -> Self {
        Self { open, is_done: false, pool }
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.open.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if self.open.unsent.len() + amount > UNSENT {
            self.open.flush(Deadline::of(timeout))?;
        }
        let Open { buffers, unsent, .. } = &mut self.open;
        // All of it at once: what grows leaves a copy behind.
        unsent.reserve_exact(UNSENT.max(amount) - unsent.len());
        let output = buffers.output().get_mut(..amount).unwrap_or_default();
        unsent.extend_from_slice(output);
        // The API key may be in it.
        output.zeroize();
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let deadline = Deadline::of(timeout);
        self.open.flush(deadline)?;
        let Open { stream, buffers, .. } = &mut self.open;
        let length = stream.read(buffers.input_append_buf(), Some(deadline))?;
        buffers.input_appended(length);
        Ok(length > 0)
    }

    /// ureq asks this once: of a connection that may serve another request, just before it lets go of it. Whether something comes
    /// unasked meanwhile is seen when the connection is taken again.
    fn is_open(&mut self) -> bool {
        self.is_done = self.open.buffers.input().is_empty();
        self.is_done
    }

    fn is_tls(&self) -> bool {
        self.open.is_tls
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.forget_unsent();
        if let (true, Some(pool)) = (self.is_done, &self.pool) {
            pool.keep(mem::replace(&mut self.open, Open::over(Box::new(Closed), false)));
        }
    }
}

/// As much as ureq takes of an answer's head, and more.
const INPUT: usize = 128 * 1024;
const OUTPUT: usize = 128 * 1024;
/// More than a check sends, and one TLS record.
const UNSENT: usize = 16 * 1024;
