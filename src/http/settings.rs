//! All that is settled before the first request.

use std::time::Duration;

use bytes::Bytes;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::HeaderValue;

use super::base_url::BaseUrl;
use super::connect::Way;
use super::proxy::Proxy;
use super::resolver::NoLookup;
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
    /// An agent that goes this way, and keeps so many idle connections.
    pub(super) fn agent(&self, way: Way, idle_connections: usize) -> Agent {
        let config = Config::builder()
            .http_status_as_error(false)
            .https_only(self.base_url.is_https)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(idle_connections)
            .max_idle_connections_per_host(idle_connections)
            // The way leads through it.
            .proxy(None)
            .user_agent(USER_AGENT)
            .build();
        Agent::with_parts(config, way, NoLookup)
    }

    /// The header that carries the API key, wiped when freed.
    pub(super) fn bearer(&self) -> Result<HeaderValue, Error> {
        let text = Zeroizing::new(["Bearer ", self.api_key.expose_secret()].concat());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))
            .map_err(|_| Error::argument("api_key", "not a header value"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The proxy to go through. Plain http stays on this machine: through a proxy the API key would be read on the way.
    pub(super) fn proxy(&self) -> Result<Option<ureq::Proxy>, Error> {
        if self.base_url.is_https { self.proxy.to(self.base_url.host()) } else { Ok(None) }
    }
}

pub(super) const USER_AGENT: &str = concat!("whop-license/", env!("CARGO_PKG_VERSION"));
