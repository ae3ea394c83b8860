//! Hosts and ports that every reader takes for the same.

use std::net::{Ipv4Addr, Ipv6Addr};

use ureq::http::uri::Authority;

/// A host and, maybe, a port, in which every reader sees the same. ureq would take a port that is out of range for that of
/// the scheme.
pub(super) fn is_place(authority: &Authority) -> bool {
    let (host, place) = (authority.host(), authority.as_str());
    let place = place.rsplit_once('@').map_or(place, |(_user, place)| place);
    let Some(port) = place.strip_prefix(host).filter(|_| is_host(host)) else { return false };
    port.is_empty() || port.strip_prefix(':').is_some_and(is_port)
}

/// The host of a URL without the brackets of IPv6.
pub(super) fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// This machine, without a lookup (RFC 6761, 6.3).
pub(super) fn is_localhost(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
}

pub(super) fn is_port(port: &str) -> bool {
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
