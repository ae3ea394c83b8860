//! All that is settled before the first request.

use std::time::Duration;

use bytes::Bytes;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use ureq::http::HeaderValue;

use super::base_url::BaseUrl;
use super::proxy::{Chosen, Proxy};
use super::roots::Roots;
use crate::error::Error;

/// All that is settled before the first request.
#[derive(Clone)]
pub(crate) struct Settings {
    /// None where nothing secret is sent.
    pub api_key: Option<SecretString>,
    pub base_url: BaseUrl,
    pub roots: Roots,
    pub proxy: Proxy,
    pub timeout: Duration,
    pub max_retries: u32,
}

impl Settings {
    /// The header that carries the API key, wiped when freed.
    pub(super) fn bearer(&self) -> Result<Option<HeaderValue>, Error> {
        let Some(api_key) = &self.api_key else { return Ok(None) };
        let text = Zeroizing::new(["Bearer ", api_key.expose_secret()].concat());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text))
            .map_err(|_| Error::argument("api_key", "not a header value"))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// The proxy to go through. Plain http stays on this machine: through a proxy the API key would be read on the way.
    pub(super) fn proxy(&self) -> Result<Option<Chosen>, Error> {
        if self.base_url.is_https { self.proxy.to(self.base_url.host()) } else { Ok(None) }
    }
}

pub(super) const USER_AGENT: &str = concat!("whop-license/", env!("CARGO_PKG_VERSION"));
