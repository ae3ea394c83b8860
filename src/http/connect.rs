//! How connections are opened: within the deadline, also where ureq's own connectors would outlast it. To a SOCKS proxy,
//! ureq's TCP leads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::Error;
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector, SocksConnector,
    Transport,
};

use super::deadline::Deadline;
use super::tcp::Tcp;
use super::wipe::Wipe;

/// TCP, directly or through a proxy, then TLS, and nothing left behind.
pub(super) fn connector() -> impl Connector {
    ().chain(SocksConnector::default())
        .chain(ThroughProxy::default())
        .chain(Tcp)
        .chain(RustlsConnector::default())
        .chain(Wipe)
}

/// Asks a proxy for the way. ureq would grant the proxy the whole deadline for each part of its answer.
#[derive(Debug, Default)]
struct ThroughProxy(ConnectProxyConnector);

impl<In: Transport> Connector<In> for ThroughProxy {
    type Out = <ConnectProxyConnector as Connector<In>>::Out;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let deadline = Deadline::of(details.timeout);
        let opened = Arc::new(AtomicBool::new(false));
        let (run, flag) = (details.run_connector.clone(), opened.clone());
        let run_connector = Arc::new(move |details: &ConnectionDetails<'_>| {
            let transport = run(&with(details, deadline.left()?))?;
            Ok(Box::new(Opening { transport, deadline, opened: flag.clone() }) as Box<dyn Transport>)
        });
        let details = ConnectionDetails { run_connector, ..with(details, deadline.left()?) };
        let way = self.0.connect(&details, chained);
        opened.store(true, Ordering::Relaxed);
        way
    }
}

/// A connection to a proxy, which keeps to one deadline until the way is open.
#[derive(Debug)]
struct Opening {
    transport: Box<dyn Transport>,
    deadline: Deadline,
    opened: Arc<AtomicBool>,
}

impl Opening {
    fn limit(&self, timeout: NextTimeout) -> Result<NextTimeout, Error> {
        if self.opened.load(Ordering::Relaxed) {
            return Ok(timeout);
        }
        Ok(NextTimeout { after: self.deadline.left()?.into(), ..timeout })
    }
}

impl Transport for Opening {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.transport.transmit_output(amount, self.limit(timeout)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.transport.await_input(self.limit(timeout)?)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// The same connection within another time.
fn with<'a>(details: &ConnectionDetails<'a>, timeout: Duration) -> ConnectionDetails<'a> {
    ConnectionDetails {
        uri: details.uri,
        addrs: details.addrs.clone(),
        config: details.config,
        request_level: details.request_level,
        resolver: details.resolver,
        now: (details.current_time)(),
        timeout: NextTimeout { after: timeout.into(), ..details.timeout },
        current_time: details.current_time.clone(),
        run_connector: details.run_connector.clone(),
        register_shutdown: details.register_shutdown.clone(),
    }
}
