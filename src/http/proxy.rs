//! Whether requests go through a proxy, and through which.

use std::env;
use std::net::IpAddr;

use ureq::ProxyProtocol;

use super::place::is_place;
use crate::argument;
use crate::error::Error;

/// The way out of a network that has no direct one.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// As the variables of the environment say.
    FromEnvironment,
    Never,
    Always(ureq::Proxy),
}

/// The proxy on the way to a host.
#[derive(Clone)]
pub(super) struct Chosen {
    pub proxy: ureq::Proxy,
    /// The variable of the environment that names it; none for one that was set.
    pub variable: Option<&'static str>,
}

impl Proxy {
    pub(crate) fn parse(url_or_empty: &str) -> Result<Self, Error> {
        if url_or_empty.trim().is_empty() {
            return Ok(Self::Never);
        }
        let url = argument::word("proxy", url_or_empty)?;
        usable(url).map(Self::Always).ok_or_else(|| Error::argument("proxy", EXPECTED))
    }

    /// The proxy on the way to this host over https. A proxy that cannot be used is not left out: whoever has set it may
    /// have no other way, or want no other.
    pub(super) fn to(&self, host: &str) -> Result<Option<Chosen>, Error> {
        match self {
            Self::FromEnvironment => from_variables(variable, host),
            Self::Never => Ok(None),
            Self::Always(proxy) => Ok(Some(Chosen { proxy: proxy.clone(), variable: None })),
        }
    }
}

/// In the order of curl (its manual, "Environment"). `HTTP_PROXY` is not read: under CGI, whoever sends a request sets it.
fn from_variables(variable: impl Fn(&'static str) -> Option<String>, host: &str) -> Result<Option<Chosen>, Error> {
    let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, variable(name)?)));
    let set = first(["https_proxy", "HTTPS_PROXY"]).or_else(|| first(["all_proxy", "ALL_PROXY"]));
    let Some((name, url)) = set else { return Ok(None) };
    if first(["no_proxy", "NO_PROXY"]).is_some_and(|(_, list)| is_listed(host, &list)) {
        return Ok(None);
    }
    // No argument of the caller is at fault, and no license key either.
    let fault =
        || Error::Unreachable { cause: format!("{name} in the environment is no proxy that can be used: {EXPECTED}") };
    usable(url.trim()).map(|proxy| Some(Chosen { proxy, variable: Some(name) })).ok_or_else(fault)
}

/// A variable that is set to something.
fn variable(name: &'static str) -> Option<String> {
    env::var_os(name).map(|text| text.to_string_lossy().into_owned()).filter(|text| !text.trim().is_empty())
}

/// Whether every reader takes it for the same proxy.
fn usable(url: &str) -> Option<ureq::Proxy> {
    let proxy = ureq::Proxy::new(url).ok()?;
    let user = [proxy.username(), proxy.password()];
    let is_clear = |text: &&str| !text.contains(char::is_control);
    let is_clear = proxy.uri().authority().is_some_and(is_place) && user.iter().flatten().all(is_clear);
    // SOCKS4 knows no password, and no IPv6.
    (is_clear && !matches!(proxy.protocol(), ProxyProtocol::Socks4 | ProxyProtocol::Socks4A)).then_some(proxy)
}

/// Whether a list, by commas or spaces, names the host: itself, a domain that it belongs to, an address, a network
/// such as 10.0.0.0/8, or `*` alone for all.
fn is_listed(host: &str, list: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.parse::<IpAddr>().ok();
    let is_it = |entry: &str| match address {
        Some(address) => is_in(address, entry),
        None => {
            let domain = entry.trim_end_matches('.').trim_start_matches('.').to_ascii_lowercase();
            host.strip_suffix(&domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }
    };
    list.trim() == "*" || list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty()).any(is_it)
}

/// Whether the address is this one, or of this network.
fn is_in(address: IpAddr, entry: &str) -> bool {
    let (network, length) = entry.split_once('/').map_or((entry, None), |(network, length)| (network, Some(length)));
    let Ok(network) = network.trim_matches(['[', ']']).parse::<IpAddr>() else { return false };
    let (bits, common) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (32, (a.to_bits() ^ b.to_bits()).leading_zeros()),
        (IpAddr::V6(a), IpAddr::V6(b)) => (128, (a.to_bits() ^ b.to_bits()).leading_zeros()),
        _ => return false,
    };
    length.map_or(Ok(bits), str::parse).is_ok_and(|length| common >= length)
}

const EXPECTED: &str =
    "expected http://HOST:PORT, https, socks5 or socks5h, with USER:PASSWORD@ before the host if it wants one";

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

    /// The host of the proxy in such an environment, `-` for none, or what is wrong.
    fn proxy_in(variables: &[(&str, &str)]) -> String {
        let variable = |name| variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
        match from_variables(variable, "api.whop.com") {
            Ok(Some(chosen)) => chosen.proxy.host().to_owned(),
            Ok(None) => "-".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn environment_is_read_as_curl_reads_it() {
        assert_eq!(proxy_in(&[]), "-");
        let all = [("all_proxy", "c"), ("ALL_PROXY", "d"), ("https_proxy", "a"), ("HTTPS_PROXY", "b")];
        for (set, host) in [(4, "a"), (2, "c")] {
            assert_eq!(proxy_in(&all[..set]), host);
        }
        assert_eq!(proxy_in(&[("HTTPS_PROXY", "b"), ("all_proxy", "c")]), "b");
        assert_eq!(proxy_in(&[("ALL_PROXY", "socks5h://d")]), "d");
        assert_eq!(proxy_in(&[("HTTP_PROXY", "evil"), ("http_proxy", "evil")]), "-");
        assert_eq!(proxy_in(&[("https_proxy", "a"), ("NO_PROXY", "whop.com")]), "-");
        assert_eq!(proxy_in(&[("https_proxy", "a"), ("no_proxy", "example.com"), ("NO_PROXY", "whop.com")]), "a");
        let refused = proxy_in(&[("HTTPS_PROXY", "socks4://u:secret@b")]);
        assert!(refused.contains("HTTPS_PROXY in the environment is no proxy that can be used: expected"), "{refused}");
        assert!(!refused.contains("secret"));
    }

    #[test]
    fn list_names_hosts_domains_addresses_and_networks() {
        for list in ["*", "API.whop.com", "whop.com", ".whop.com", "a.b, whop.com", "a.b whop.com.", " * "] {
            assert!(is_listed("api.whop.com", list), "{list}");
        }
        for list in ["", ",", "hop.com", "www.api.whop.com", "*.whop.com", "*,a", "10.0.0.0/8", "api.whop.com:443"] {
            assert!(!is_listed("api.whop.com", list), "{list}");
        }
        for list in ["10.1.2.3", "10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0"] {
            assert!(is_listed("10.1.2.3", list), "{list}");
        }
        for list in ["10.1.2.4", "11.0.0.0/8", "10.1.2.3/33", "10.1.2.3/x", "10.1.2.3/", "2.3", "::/0"] {
            assert!(!is_listed("10.1.2.3", list), "{list}");
        }
        assert!(is_listed("fd00::1", "fd00::/8") && is_listed("::1", "[::1]") && !is_listed("::1", "::2"));
    }
}
