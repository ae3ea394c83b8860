//! How connections are opened: within the deadline, also where ureq's own connectors would outlast it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::Error;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector, SocksConnector,
    TcpConnector, Transport,
};

use super::wipe::Wipe;

/// TCP, directly or through a proxy, then TLS, and nothing left behind.
pub(super) fn connector() -> impl Connector {
    ().chain(SocksConnector::default())
        .chain(ThroughProxy::default())
        .chain(ToAnyAddress::default())
        .chain(RustlsConnector::default())
        .chain(Wipe)
}

/// Tries every address briefly before it has patience with one. ureq would spend most of the deadline on an address that
/// swallows everything, such as IPv6 in a network that only claims to have it.
#[derive(Debug, Default)]
struct ToAnyAddress(TcpConnector);

impl<In: Transport> Connector<In> for ToAnyAddress {
    type Out = <TcpConnector as Connector<In>>::Out;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let addresses = &details.addrs;
        if chained.is_some() || addresses.len() < 2 {
            return self.0.connect(details, chained);
        }
        let deadline = Deadline::of(details);
        let brief = BRIEF.min(deadline.left() / (2 * addresses.len() as u32));
        for address in addresses {
            let mut alone = details.resolver.empty();
            alone.push(*address);
            let connection = self.0.connect(&with(details, alone, brief), None);
            if connection.is_ok() {
                return connection;
            }
        }
        self.0.connect(&with(details, addresses.clone(), deadline.left()), None)
    }
}

/// Asks a proxy for the way. ureq would grant the proxy the whole deadline for each part of its answer.
#[derive(Debug, Default)]
struct ThroughProxy(ConnectProxyConnector);

impl<In: Transport> Connector<In> for ThroughProxy {
    type Out = <ConnectProxyConnector as Connector<In>>::Out;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let deadline = Deadline::of(details);
        let opened = Arc::new(AtomicBool::new(false));
        let (run, flag) = (details.run_connector.clone(), opened.clone());
        let run_connector = Arc::new(move |details: &ConnectionDetails<'_>| {
            let transport = run(&with(details, details.addrs.clone(), deadline.left()))?;
            Ok(Box::new(Opening { transport, deadline, opened: flag.clone() }) as Box<dyn Transport>)
        });
        let details = ConnectionDetails { run_connector, ..with(details, details.addrs.clone(), deadline.left()) };
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
    fn limit(&self, timeout: NextTimeout) -> NextTimeout {
        if self.opened.load(Ordering::Relaxed) {
            return timeout;
        }
        NextTimeout { after: self.deadline.left().into(), ..timeout }
    }
}

impl Transport for Opening {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.transport.transmit_output(amount, self.limit(timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.transport.await_input(self.limit(timeout))
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}

/// When a connection must stand.
#[derive(Clone, Copy, Debug)]
struct Deadline(Instant);

impl Deadline {
    fn of(details: &ConnectionDetails<'_>) -> Self {
        Self(Instant::now() + *details.timeout.after)
    }

    fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// The same connection to other addresses, within another time.
fn with<'a>(details: &ConnectionDetails<'a>, addrs: ResolvedSocketAddrs, timeout: Duration) -> ConnectionDetails<'a> {
    ConnectionDetails {
        uri: details.uri,
        addrs,
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

/// Longer than a healthy connection takes, and three such waits are less than a second.
const BRIEF: Duration = Duration::from_millis(250);
