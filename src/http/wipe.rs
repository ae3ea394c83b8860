//! Wipes the memory from which requests were sent: the API key is in them.

use secrecy::zeroize::Zeroize;
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The last connector of a chain.
#[derive(Debug)]
pub(super) struct Wipe;

impl<In: Transport> Connector<In> for Wipe {
    type Out = Wiped<In>;

    fn connect(&self, _: &ConnectionDetails<'_>, connection: Option<In>) -> Result<Option<Wiped<In>>, Error> {
        Ok(connection.map(Wiped))
    }
}

/// A connection that leaves nothing behind.
#[derive(Debug)]
pub(super) struct Wiped<T: Transport>(T);

impl<T: Transport> Transport for Wiped<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

impl<T: Transport> Drop for Wiped<T> {
    fn drop(&mut self) {
        self.0.buffers().output().zeroize();
    }
}
