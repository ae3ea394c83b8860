//! How a server is reached from this machine, step by step, by the code that requests use.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};

use super::cause::cause;
use super::connect::Route;
use super::deadline::Deadline;
use super::place::bare;
use super::provider::provider;
use super::resolver::look_up;
use super::roots::Roots;
use super::settings::Settings;
use super::tcp;
use crate::error::Error;

/// How a server is reached from this machine. A step that was not taken, because one before it failed, is none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RouteReport {
    /// The server's name or address, without a port.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether it is asked over TLS; plain http stays on this machine.
    pub is_https: bool,
    /// The proxy that is asked in its place, if there is one.
    pub proxy: Option<ProxyInUse>,
    /// The addresses of the proxy, or else of the server.
    pub addresses: Result<Vec<IpAddr>, String>,
    /// How long it took to connect to one of them.
    pub connected: Option<Result<Duration, String>>,
    /// Whether the proxy lets through to the server, and the server shows a certificate that is trusted.
    pub opened: Option<Result<(), String>>,
    /// The certificates that were shown last, each as DER, the server's own first; also where they are not trusted.
    pub certificates: Vec<Vec<u8>>,
}

/// The proxy that requests go through.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProxyInUse {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The variable of the environment that names it; none for one that was set.
    pub variable: Option<&'static str>,
}

pub(super) fn examine(settings: &Settings, until: Instant) -> Result<RouteReport, Error> {
    let (base_url, chosen, deadline) = (&settings.base_url, settings.proxy()?, Deadline::at(until));
    let proxy = chosen.as_ref().map(|chosen| ProxyInUse {
        host: bare(chosen.proxy.host()).to_owned(),
        port: chosen.proxy.port(),
        variable: chosen.variable,
    });
    let (host, port) = (base_url.host().to_owned(), base_url.port());
    let (first_host, first_port) = proxy.as_ref().map_or((&host, port), |proxy| (&proxy.host, proxy.port));
    let addresses = look_up(first_host, first_port, deadline).map_err(|error| cause(&error));
    let connected = addresses.is_ok().then(|| {
        let began = Instant::now();
        tcp::connect(first_host, first_port, deadline).map(|_| began.elapsed()).map_err(|error| cause(&error))
    });
    let shown = Arc::new(Shown::default());
    let opened = matches!(connected, Some(Ok(_))).then(|| {
        let tls = recording(&settings.roots, shown.clone()).map_err(|error| error.to_string())?;
        let route = Route::with_tls(chosen.map(|chosen| chosen.proxy), tls);
        route.prepare(&host, port, base_url.is_https, deadline).map_err(|error| cause(&error))
    });
    let certificates = std::mem::take(&mut *shown.lock().unwrap_or_else(PoisonError::into_inner));
    let addresses = addresses.map(|found| found.into_iter().map(|address| address.ip()).collect());
    Ok(RouteReport { host, port, is_https: base_url.is_https, proxy, addresses, connected, opened, certificates })
}

type Shown = Mutex<Vec<Vec<u8>>>;

/// What a connection uses that remembers the certificates it was shown. It trusts as every other does.
fn recording(roots: &Roots, shown: Arc<Shown>) -> Result<Arc<ClientConfig>, Box<dyn std::error::Error>> {
    let provider = provider();
    let inner = WebPkiServerVerifier::builder_with_provider(roots.store(), provider.clone()).build()?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Recorder { inner, shown }))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

#[derive(Debug)]
struct Recorder {
    inner: Arc<WebPkiServerVerifier>,
    shown: Arc<Shown>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let all = [own].into_iter().chain(others).map(|certificate| certificate.to_vec()).collect();
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = all;
        self.inner.verify_server_cert(own, others, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
