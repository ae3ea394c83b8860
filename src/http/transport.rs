//! A connection as ureq uses it, for one request: what the request consists of is sent at once, and a connection that is left in
//! order is kept.

use std::mem;
use std::sync::Arc;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::connection::Connection;
use super::deadline::Deadline;
use super::pool::Pool;

/// A connection that one request uses.
#[derive(Debug)]
pub(super) struct RequestConnection {
    connection: Connection,
    /// Whether it served a request before, and nothing has come since this one was sent.
    may_be_dead: bool,
    /// Whether the request has had its answer to the end.
    is_done: bool,
    /// Where it is kept then.
    pool: Option<Arc<Pool>>,
}

impl RequestConnection {
    pub fn new(connection: Connection, was_kept: bool, pool: Option<Arc<Pool>>) -> Self {
        Self { connection, may_be_dead: was_kept, is_done: false, pool }
    }
}

impl Transport for RequestConnection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.connection.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.connection.send(amount, Deadline::of(timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let deadline = Deadline::of(timeout);
        // After a sleep, or in another network, nothing comes over a kept connection any more, and nothing says so: there must be
        // time left for a new one.
        let deadline = if self.may_be_dead { deadline.part(KEPT_PART) } else { deadline };
        let outcome = self.connection.receive(deadline);
        self.may_be_dead = false;
        outcome
    }

    /// ureq asks this once: of one that may serve another request, just before it lets go of it. Whether something comes unasked
    /// meanwhile is seen when the connection is taken again. The answer is no, so that ureq's own pool does not take it.
    fn is_open(&mut self) -> bool {
        self.is_done = self.connection.buffers.input().is_empty();
        false
    }

    fn is_tls(&self) -> bool {
        self.connection.is_tls
    }
}

impl Drop for RequestConnection {
    fn drop(&mut self) {
        if let (true, Some(pool)) = (self.is_done, &self.pool) {
            pool.keep(mem::replace(&mut self.connection, Connection::closed()));
        }
    }
}

/// A kept connection has this part of the time for the first byte of an answer.
const KEPT_PART: u32 = 3;
