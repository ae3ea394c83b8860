//! Who asks: the peer, or whom a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::address::Group;

/// Who asks. Of `X-Forwarded-For` the right-most address counts that is no proxy of ours: what stands left of it is
/// whatever the asker wrote.
pub(crate) fn asker(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Group {
    let mut asker = peer.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    let mut named = lines.iter().rev().flat_map(|line| line.rsplit(','));
    while is_trusted(&asker) {
        // A proxy that names nobody, or what is no address, is the asker itself.
        let Some(address) = named.next().and_then(address) else { break };
        asker = address;
    }
    asker.into()
}

/// Whether a trusted proxy has named nobody: then all of its customers count as one.
pub(crate) fn is_unnamed(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    let peer = peer.to_canonical();
    trusted.iter().any(|network| network.contains(&peer)) && !headers.contains_key(X_FORWARDED_FOR)
}

/// An address, with a port or brackets or without, as proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

const X_FORWARDED_FOR: &str = "x-forwarded-for";

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn group(text: &str) -> Group {
        text.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn right_most_address_that_is_no_proxy_counts() {
        let trusted: Vec<IpNet> =
            ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"].map(|network| network.parse().unwrap()).into();
        for (peer, lines, expected) in [
            // No proxy of ours: what it says is nothing.
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("203.0.113.9", &[], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
            ("10.0.0.1", &["1.1.1.1", "198.51.100.1", "10.9.9.9,127.0.0.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("fd00::1", &["::ffff:198.51.100.1"], "198.51.100.1"),
            // Nobody that can be read: the last that was is the asker.
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1, nonsense, 10.0.0.7"], "10.0.0.7"),
            ("10.0.0.1", &["198.51.100.1,"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(X_FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
            }
            let asker = asker(peer.parse().unwrap(), &headers, &trusted);
            assert!(asker == group(expected), "{peer} {lines:?}: {asker:?}");
        }
    }

    #[test]
    fn asker_of_ipv6_is_its_network() {
        let of = |address: &str| asker(address.parse().unwrap(), &HeaderMap::new(), &[]);
        assert!(of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9"));
        assert!(of("2001:db8:1:2::1") != of("2001:db8:1:3::1"));
        assert!(of("198.51.100.1") != of("198.51.100.2"));
        assert_eq!(format!("{:?} {:?}", of("198.51.100.1"), of("2001:db8:1:2::1")), "198.51.100.0/24 2001:db8:1::/48");
    }
}
