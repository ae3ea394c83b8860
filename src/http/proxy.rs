//! How requests travel.

use ureq::ProxyProtocol;

use super::place::is_place;
use crate::argument;
use crate::error::Error;

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
        let proxy = ureq::Proxy::new(url).ok().filter(is_clear);
        proxy.map(Self::Always).ok_or_else(|| {
            let expected =
                "expected http://HOST:PORT, https, socks5 or socks5h, with USER:PASSWORD@ before the host if it wants one";
            Error::argument("proxy", expected)
        })
    }
}

/// Whether every reader takes it for the same proxy. Of SOCKS4, ureq would drop the password without a word.
pub(super) fn is_clear(proxy: &ureq::Proxy) -> bool {
    let user = [proxy.username(), proxy.password()];
    let is_clear = |text: &&str| !text.contains(char::is_control);
    proxy.uri().authority().is_some_and(is_place)
        && user.iter().flatten().all(is_clear)
        && !matches!(proxy.protocol(), ProxyProtocol::Socks4 | ProxyProtocol::Socks4A)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxy_is_http_socks_or_none() {
        assert!(matches!(Proxy::parse(" "), Ok(Proxy::Never)));
        assert!(matches!(Proxy::parse("http://user:pass@proxy.example:3128"), Ok(Proxy::Always(_))));
        assert!(matches!(Proxy::parse("socks5://127.0.0.1:1080"), Ok(Proxy::Always(_))));
        for bad in ["ftp://127.0.0.1", "http://", "::", "socks4://127.0.0.1", "socks4a://127.0.0.1"] {
            assert!(Proxy::parse(bad).is_err(), "{bad}");
        }
    }
}
