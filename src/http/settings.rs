//! All that is settled before the first request.

use std::time::Duration;

use bytes::Bytes;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::HeaderValue;
use ureq::tls::TlsConfig;

use super::base_url::BaseUrl;
use super::connect::connector;
use super::lookup::Lookup;
use super::proxy::{Proxy, is_clear};
use super::roots::Roots;
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
            Proxy::FromEnvironment => ureq::Proxy::try_from_env().filter(is_clear),
            Proxy::Never => None,
            Proxy::Always(proxy) => Some(proxy.clone()),
        }
    }
}
