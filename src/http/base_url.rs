//! Where requests go.

use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

use super::place::{bare, is_localhost, is_place, is_port};
use crate::argument;
use crate::error::Error;

/// An address to which an API key may be sent: https, or plain http on this machine.
#[derive(Clone)]
pub(crate) struct BaseUrl {
    text: String,
    pub(super) is_https: bool,
}

impl BaseUrl {
    pub(crate) fn parse(argument: &'static str, text: &str) -> Result<Self, Error> {
        let fault = |fault: &str| Err(Error::argument(argument, fault));
        let text = argument::word(argument, text)?;
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
        // As Whop's own documentation gives it.
        if ["/v1", "/v2"].iter().any(|version| uri.path().trim_end_matches('/').ends_with(version)) {
            return fault("leave out /v1 or /v2, which is added");
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority.host()) => {}
            "http" => return fault("plain http is for this machine alone: use https"),
            _ => return fault("expected https"),
        }
        Ok(Self { text: text.trim_end_matches('/').to_owned(), is_https: scheme == "https" })
    }

    /// Whether it leads to this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// The host with its port, for messages.
    pub(super) fn place(&self) -> &str {
        self.text.split('/').nth(2).unwrap_or_default()
    }

    /// The host without its port and without brackets.
    pub(super) fn host(&self) -> &str {
        let place = self.place();
        let host = place.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(place, |(host, _)| host);
        bare(host)
    }

    pub(super) fn port(&self) -> u16 {
        let given = self.place().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        given.unwrap_or(if self.is_https { 443 } else { 80 })
    }

    /// Where an API key leads by itself: `sandbox_PORT_NAME` to the sandbox on this machine, every other key to Whop.
    pub(crate) fn of_api_key(api_key: &str) -> Self {
        match sandbox_port(api_key) {
            Some(port) => Self { text: format!("http://127.0.0.1:{port}/api"), is_https: false },
            None => Self { text: "https://api.whop.com/api".into(), is_https: true },
        }
    }
}

/// Whether an API key leads to the sandbox by itself.
pub(crate) fn leads_to_sandbox(api_key: &str) -> bool {
    sandbox_port(api_key).is_some()
}

fn sandbox_port(api_key: &str) -> Option<&str> {
    let (port, _) = api_key.strip_prefix("sandbox_")?.split_once('_')?;
    Some(port).filter(|port| is_port(port))
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_loopback(host: &str) -> bool {
    is_localhost(host) || bare(host).parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_is_https_or_plain_http_on_this_machine() {
        for good in ["https://api.whop.com/api/", "http://127.0.0.1:80/api", "http://[::1]:1", "http://LocalHost/x"] {
            let url = BaseUrl::parse("base_url", good).unwrap();
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
            "https://api.whop.com/api/v2/",
            "https://api.whop.com/api/v1",
        ] {
            assert!(BaseUrl::parse("base_url", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sandbox_key_leads_to_this_machine_and_every_other_to_whop() {
        for key in ["sandbox_8080_full", "sandbox_8080_", "sandbox_8080_anything_else"] {
            assert_eq!(BaseUrl::of_api_key(key).text, "http://127.0.0.1:8080/api");
            assert!(leads_to_sandbox(key), "{key}");
        }
        for key in [
            "sandbox_8080",
            "sandbox_99999_full",
            "sandbox_@evil.example_full",
            "sandbox_+80_full",
            "sandbox_0_full",
            "apik_x",
        ] {
            assert_eq!(BaseUrl::of_api_key(key).text, "https://api.whop.com/api", "{key}");
            assert!(!leads_to_sandbox(key), "{key}");
        }
    }
}
