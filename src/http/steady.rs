//! Steady: the deadline also while a proxy makes its connection. For each read there, ureq grants the whole time anew.

use std::time::Instant;

use ureq::Error;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// Wraps every connection.
#[derive(Debug)]
pub(super) struct Steady;

impl<In: Transport> Connector<In> for Steady {
    type Out = SteadyTransport<In>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| SteadyTransport { inner, reads_end: end(details.timeout) }))
    }
}

/// A connection whose reads, one after the other, take no longer than the first of them may.
#[derive(Debug)]
pub(super) struct SteadyTransport<T> {
    inner: T,
    reads_end: Option<Instant>,
}

impl<T: Transport> Transport for SteadyTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.reads_end = None;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, Error> {
        self.reads_end = self.reads_end.or_else(|| end(timeout));
        if let Some(end) = self.reads_end {
            let left = end.saturating_duration_since(Instant::now());
            if left < *timeout.after {
                timeout.after = Duration::Exact(left);
            }
        }
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

fn end(timeout: NextTimeout) -> Option<Instant> {
    (!timeout.after.is_not_happening()).then(|| Instant::now() + *timeout.after)
}
