//! How connections are opened: the name looked up, TCP, the way through a proxy, then TLS, all within one deadline.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use rustls::ClientConfig;
use ureq::unversioned::transport::{ConnectionDetails, Connector};
use ureq::{Error, ProxyProtocol};

use super::connection::Connection;
use super::deadline::Deadline;
use super::exchange;
use super::place::bare;
use super::pool::Pool;
use super::resolver::look_up;
use super::roots::Roots;
use super::socks::{self, Destination};
use super::stream::Stream;
use super::tls::{self, Tls};
use super::transport::RequestConnection;
use super::{tcp, tunnel};

/// How a server is reached, and the connections to it that are kept.
#[derive(Clone, Debug)]
pub(super) struct Route {
    proxy: Option<ureq::Proxy>,
    tls: Trust,
    pool: Arc<Pool>,
}

/// Whom connections trust.
#[derive(Clone, Debug)]
enum Trust {
    Roots(Roots),
    Config(Arc<ClientConfig>),
}

impl Route {
    pub fn new(proxy: Option<ureq::Proxy>, roots: Roots) -> Self {
        Self { proxy, tls: Trust::Roots(roots), pool: Arc::default() }
    }

    /// One whose connections use this configuration of TLS.
    pub fn with_tls(proxy: Option<ureq::Proxy>, tls: Arc<ClientConfig>) -> Self {
        Self { proxy, tls: Trust::Config(tls), pool: Arc::default() }
    }

    /// Makes sure that a connection is kept.
    pub fn prepare(&self, host: &str, port: u16, is_https: bool, deadline: Deadline) -> Result<(), Error> {
        let kept = self.pool.take();
        self.pool.keep(kept.map_or_else(|| self.open(&Target { host, port, is_https }, deadline), Ok)?);
        Ok(())
    }

    fn open(&self, target: &Target<'_>, deadline: Deadline) -> Result<Connection, Error> {
        let mut stream = match &self.proxy {
            None => Box::new(tcp::connect(target.host, target.port, deadline)?),
            Some(proxy) => self.through(proxy, target, deadline)?,
        };
        if target.is_https {
            stream = self.encrypt(stream, target.host, deadline)?;
        }
        Ok(Connection::over(stream, target.is_https))
    }

    fn through(&self, proxy: &ureq::Proxy, target: &Target<'_>, deadline: Deadline) -> Result<Box<dyn Stream>, Error> {
        let host = bare(proxy.host());
        let mut stream: Box<dyn Stream> = Box::new(tcp::connect(host, proxy.port(), deadline)?);
        if proxy.protocol() == ProxyProtocol::Https {
            stream = self.encrypt(stream, host, deadline)?;
        }
        match proxy.protocol() {
            ProxyProtocol::Http | ProxyProtocol::Https => {
                tunnel::open(&mut *stream, &target.to_string(), proxy, deadline)?;
            }
            ProxyProtocol::Socks5h if target.host.parse::<IpAddr>().is_err() => {
                socks::open(&mut *stream, &Destination::Name(target.host, target.port), proxy, deadline)?;
            }
            _ => {
                let address = look_up(target.host, target.port, deadline)?.into_iter().next();
                let address = address.ok_or(Error::HostNotFound)?;
                socks::open(&mut *stream, &Destination::Address(address), proxy, deadline)?;
            }
        }
        Ok(stream)
    }

    fn encrypt(&self, stream: Box<dyn Stream>, host: &str, deadline: Deadline) -> Result<Box<dyn Stream>, Error> {
        let config = match &self.tls {
            Trust::Roots(roots) => tls::config(roots)?,
            Trust::Config(config) => config.clone(),
        };
        Ok(Box::new(Tls::over(stream, config, host, deadline)?))
    }
}

impl Connector for Route {
    type Out = RequestConnection;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<RequestConnection>, Error> {
        // Without one that others keep, none is left for others either: they would become more and more.
        let pool = exchange::may_reuse().then_some(&self.pool);
        let connection = match pool.and_then(|pool| pool.take()) {
            Some(kept) => {
                exchange::note_kept();
                kept
            }
            None => {
                let is_https = details.needs_tls();
                let port = details.uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
                let target = Target { host: bare(details.uri.host().unwrap_or_default()), port, is_https };
                self.open(&target, Deadline::of(details.timeout))?
            }
        };
        Ok(Some(RequestConnection::new(connection, exchange::was_kept(), pool.cloned())))
    }
}

/// The server at the end of the route.
struct Target<'a> {
    host: &'a str,
    port: u16,
    is_https: bool,
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}
