//! How connections are opened: the name looked up, TCP, the way through a proxy, then TLS, all within one deadline.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use once_cell::sync::OnceCell;
use rustls::ClientConfig;
use secrecy::zeroize::Zeroize;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport};
use ureq::{Error, ProxyProtocol};

use super::deadline::Deadline;
use super::place::bare;
use super::resolver::look_up;
use super::roots::Roots;
use super::socks::{self, Destination};
use super::stream::Stream;
use super::tls::{self, Tls};
use super::{sent, tcp, tunnel};

/// How a server is reached, for each new connection.
#[derive(Clone, Debug)]
pub(super) struct Route {
    proxy: Option<ureq::Proxy>,
    roots: Roots,
    /// Made from the roots with the first connection that needs it.
    tls: Arc<OnceCell<Arc<ClientConfig>>>,
}

impl Route {
    pub fn new(proxy: Option<ureq::Proxy>, roots: Roots) -> Self {
        Self { proxy, roots, tls: Arc::default() }
    }

    /// One whose connections use this configuration of TLS.
    pub fn with_tls(proxy: Option<ureq::Proxy>, roots: Roots, tls: Arc<ClientConfig>) -> Self {
        Self { proxy, roots, tls: Arc::new(OnceCell::with_value(tls)) }
    }

    /// Opens a connection, and closes it.
    pub fn try_to(&self, host: &str, port: u16, is_https: bool, deadline: Deadline) -> Result<(), Error> {
        self.open(&Target { host, port, is_https }, deadline).map(drop)
    }

    fn open(&self, target: &Target<'_>, deadline: Deadline) -> Result<Connection, Error> {
        let mut stream = match &self.proxy {
            None => Box::new(tcp::connect(target.host, target.port, deadline)?),
            Some(proxy) => self.through(proxy, target, deadline)?,
        };
        if target.is_https {
            stream = self.encrypt(stream, target.host, deadline)?;
        }
        Ok(Connection { stream, is_tls: target.is_https, buffers: LazyBuffers::new(INPUT, OUTPUT) })
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
        let config = self.tls.get_or_try_init(|| tls::config(&self.roots))?;
        Ok(Box::new(Tls::over(stream, config.clone(), host, deadline)?))
    }
}

impl Connector for Route {
    type Out = Connection;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Connection>, Error> {
        let is_https = details.needs_tls();
        let port = details.uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let target = Target { host: bare(details.uri.host().unwrap_or_default()), port, is_https };
        self.open(&target, Deadline::of(details.timeout)).map(Some)
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

/// An open connection, as ureq uses it.
#[derive(Debug)]
pub(super) struct Connection {
    stream: Box<dyn Stream>,
    is_tls: bool,
    buffers: LazyBuffers,
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        sent::note();
        self.stream.write(output, Deadline::of(timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let length = self.stream.read(self.buffers.input_append_buf(), Some(Deadline::of(timeout)))?;
        self.buffers.input_appended(length);
        Ok(length > 0)
    }

    fn is_open(&mut self) -> bool {
        self.buffers.input().is_empty() && self.stream.is_idle()
    }

    fn is_tls(&self) -> bool {
        self.is_tls
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The API key was in what was sent from here.
        self.buffers.output().zeroize();
    }
}

/// As large as ureq's own.
const INPUT: usize = 128 * 1024;
const OUTPUT: usize = 128 * 1024;
