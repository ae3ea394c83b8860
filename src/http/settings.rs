//! Where requests go, whom they trust and how they travel: checked when set, used when the agents are made.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use bytes::Bytes;
use rustls::RootCertStore;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::{HeaderValue, Uri, uri::Authority};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::connect::connector;
use super::lookup::Lookup;
use crate::argument;
use crate::error::Error;

/// All that is settled before the first request.
#[derive(Clone)]
pub(crate) struct Settings {
    pub api_key: SecretString,
    pub base_url: BaseUrl,
    pub roots: Roots,
    pub proxy: Proxy,
    pub timeout: Duration,
    pub max_retries: u32,
}

impl Settings {
    /// An agent that keeps so many idle connections.
    pub(super) fn agent(&self, idle_connections: usize) -> Agent {
        Agent::with_parts(
            Config::builder()
                .http_status_as_error(false)
                .https_only(self.base_url.is_https)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .max_idle_connections(idle_connections)
                .max_idle_connections_per_host(idle_connections)
                .proxy(self.proxy())
                .tls_config(TlsConfig::builder().root_certs(self.roots.0.clone()).build())
                .user_agent(concat!("whop-license/", env!("CARGO_PKG_VERSION")))
                .build(),
            connector(),
            Lookup::default(),
        )
    }

    /// The header that carries the API key, wiped when freed.
    pub(super) fn bearer(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(["Bearer ", self.api_key.expose_secret()].concat());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))
            .map_err(|_| Error::argument("api_key", "not a header value"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Plain http stays on this machine: through a proxy the API key would be read on the way.
    fn proxy(&self) -> Option<ureq::Proxy> {
        match &self.proxy {
            _ if !self.base_url.is_https => None,
            Proxy::FromEnvironment => ureq::Proxy::try_from_env(),
            Proxy::Never => None,
            Proxy::Always(proxy) => Some(proxy.clone()),
        }
    }
}

/// An address to which an API key may be sent: https, or plain http on this machine.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    text: String,
    is_https: bool,
}

impl BaseUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let fault = |fault: &str| Err(Error::argument("base_url", fault));
        let text = argument::word("base_url", text)?;
        let uri = text.parse::<Uri>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_graphic()));
        let Some(uri) = uri else { return fault("not a URL") };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return fault("expected https://HOST/PATH");
        };
        if authority.as_str().contains('@') {
            return fault("must hold no user name or password");
        }
        if !is_place(authority) {
            return fault("expected https://HOST or https://HOST:PORT");
        }
        if text.contains(['?', '#']) {
            return fault("must hold no `?` or `#`");
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority.host()) => {}
            "http" => return fault("plain http is for this machine alone: use https"),
            _ => return fault("expected https"),
        }
        Ok(Self { text: text.trim_end_matches('/').to_owned(), is_https: scheme == "https" })
    }

    /// Where an API key leads by itself: `sandbox_PORT_NAME` to the sandbox on this machine, every other key to Whop.
    pub(crate) fn of_api_key(api_key: &str) -> Self {
        let port = api_key.strip_prefix("sandbox_").and_then(|rest| Some(rest.split_once('_')?.0));
        match port.filter(|port| is_port(port)) {
            Some(port) => Self { text: format!("http://127.0.0.1:{port}/api"), is_https: false },
            None => Self { text: "https://api.whop.com/api".into(), is_https: true },
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A host and, maybe, a port, in which every reader sees the same. ureq would take a port that is out of range for that of
/// the scheme.
fn is_place(authority: &Authority) -> bool {
    let (host, place) = (authority.host(), authority.as_str());
    let place = place.rsplit_once('@').map_or(place, |(_user, place)| place);
    let Some(port) = place.strip_prefix(host).filter(|_| is_host(host)) else { return false };
    port.is_empty() || port.strip_prefix(':').is_some_and(is_port)
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse().is_ok_and(|port: u16| port > 0)
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None if ends_in_number(host) => host.parse::<Ipv4Addr>().is_ok(),
        None => host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte)),
    }
}

/// Some readers take `127.1`, `0x7f.1` and `1.2.3.010` for an address, and not all for the same one.
fn ends_in_number(host: &str) -> bool {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The certificate authorities that are trusted. Bundled, since the store of a player's machine is the player's.
#[derive(Clone)]
pub(crate) struct Roots(RootCerts);

impl Roots {
    pub(crate) fn bundled() -> Self {
        Self(RootCerts::WebPki)
    }

    /// Every certificate in a PEM file.
    pub(crate) fn read(pem_path: &str) -> Result<Self, Error> {
        let fault = |fault: String| Error::argument("ca_file", fault);
        let mut pem = Vec::new();
        File::open(pem_path)
            .and_then(|file| file.take(MAX_CA_FILE + 1).read_to_end(&mut pem))
            .map_err(|error| fault(format!("cannot be read: {error}")))?;
        if pem.len() as u64 > MAX_CA_FILE {
            return Err(fault(format!("longer than {} MiB", MAX_CA_FILE >> 20)));
        }
        let items: Vec<_> =
            parse_pem(&pem).collect::<Result<_, _>>().map_err(|_| fault("broken PEM: copy the file again".into()))?;
        let certificates: Vec<_> = items
            .into_iter()
            .filter_map(|item| match item {
                PemItem::Certificate(certificate) => Some(certificate),
                _ => None,
            })
            .collect();
        let ders = certificates.iter().map(|certificate| certificate.der().into());
        if RootCertStore::empty().add_parsable_certificates(ders).0 == 0 {
            return Err(fault("holds no certificate that can be used (-----BEGIN CERTIFICATE-----)".into()));
        }
        Ok(Self(RootCerts::from(certificates)))
    }
}

/// The way out of a network that has no direct one.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// `HTTPS_PROXY` and its kin.
    FromEnvironment,
    Never,
    Always(ureq::Proxy),
}

impl Proxy {
    pub(crate) fn parse(url_or_empty: &str) -> Result<Self, Error> {
        if url_or_empty.trim().is_empty() {
            return Ok(Self::Never);
        }
        let url = argument::word("proxy", url_or_empty)?;
        let proxy = ureq::Proxy::new(url).ok().filter(|proxy| {
            let user = [proxy.username(), proxy.password()];
            proxy.uri().authority().is_some_and(is_place)
                && !user.iter().flatten().any(|text| text.contains(char::is_control))
        });
        proxy.map(Self::Always).ok_or_else(|| {
            let expected =
                "expected http://HOST:PORT or socks5://HOST:PORT, with USER:PASSWORD@ before the host if it wants one";
            Error::argument("proxy", expected)
        })
    }
}

/// A bundle of every public authority is a quarter of this.
const MAX_CA_FILE: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_is_https_or_plain_http_on_this_machine() {
        for good in ["https://api.whop.com/api/", "http://127.0.0.1:80/api", "http://[::1]:1", "http://localhost/x"] {
            let url = BaseUrl::parse(good).unwrap();
            assert_eq!(url.text, good.trim_end_matches('/'));
            assert_eq!(url.is_https, good.starts_with("https"));
        }
        for bad in [
            "",
            "api.whop.com",
            "/api",
            "ftp://127.0.0.1",
            "http://api.whop.com",
            "http://localhost.example.com",
            "http://127.0.0.1@example.com/",
            "https://user:password@example.com",
            "https://example.com:0",
            "https://example.com:",
            "http://127.0.0.1:99999/api",
            "https://:443/",
            "https://example.com/?a",
            "https://example.com/#a",
            "https://exa mple.com",
            "https://example.com\r\nA: b",
            "https://example.com\\@127.0.0.1",
            "https://[fe80::1%25eth0]/",
            "https://example.com/\u{97}",
            "https://[::1",
            "http://[::1]65:553/",
            "http://127.0.0.1:+80",
            "https://127.1",
            "https://0x7f.1",
            "https://127.0.0.010",
            "https://127.0.0.1.",
            "https://example.com;a",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sandbox_key_leads_to_this_machine_and_every_other_to_whop() {
        assert_eq!(BaseUrl::of_api_key("sandbox_8080_full").text, "http://127.0.0.1:8080/api");
        for key in [
            "sandbox_8080",
            "sandbox_99999_full",
            "sandbox_@evil.example_full",
            "sandbox_+80_full",
            "sandbox_0_full",
            "apik_x",
        ] {
            assert_eq!(BaseUrl::of_api_key(key).text, "https://api.whop.com/api", "{key}");
        }
    }

    #[test]
    fn proxy_is_http_socks_or_none() {
        assert!(matches!(Proxy::parse(" "), Ok(Proxy::Never)));
        assert!(matches!(Proxy::parse("http://user:pass@proxy.example:3128"), Ok(Proxy::Always(_))));
        assert!(matches!(Proxy::parse("socks5://127.0.0.1:1080"), Ok(Proxy::Always(_))));
        for bad in ["ftp://127.0.0.1", "http://", "::"] {
            assert!(Proxy::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ca_file_must_hold_a_certificate() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut refusal = |content: &str| {
            std::io::Write::write_all(&mut file, content.as_bytes()).unwrap();
            match Roots::read(file.path().to_str().unwrap()) {
                Ok(_) => panic!("accepted"),
                Err(error) => error.to_string(),
            }
        };
        assert!(refusal("").starts_with("ca_file: holds no certificate"));
        assert!(refusal("-----BEGIN CERTIFICATE-----\n").starts_with("ca_file: "));
        assert!(refusal(&"x".repeat(MAX_CA_FILE as usize)).starts_with("ca_file: longer than 1 MiB"));
        assert!(Roots::read("/nowhere/ca.pem").is_err_and(|error| error.to_string().contains("cannot be read")));
    }
}
