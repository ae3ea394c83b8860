//! A base URL: what is accepted leads, in a browser's reading of it too, to that host: by https, or on this machine.

#![no_main]

use libfuzzer_sys::fuzz_target;
use url::{Host, ParseError, Url};
use whop_license::fuzzing;

fuzz_target!(|text: &str| {
    let Ok(base) = fuzzing::base_url(text) else { return };
    assert!(text.trim().starts_with(&base) && !base.chars().any(|c| c.is_whitespace() || c.is_control()), "{base:?}");
    let url = match Url::parse(&format!("{base}/v2/plans?expand=product")) {
        Ok(url) => url,
        // A name such as `xn--a`, which a browser would not even look up.
        Err(ParseError::IdnaError) => return assert!(base[..8].eq_ignore_ascii_case("https://"), "{base}"),
        Err(error) => panic!("{base}: {error}"),
    };
    assert_eq!((url.username(), url.password(), url.fragment()), ("", None, None), "{base}");
    assert_eq!(url.query(), Some("expand=product"), "{base}");
    assert!(url.path().ends_with("/v2/plans"), "{base}");
    let (host, is_this_machine) = match url.host().unwrap() {
        Host::Domain(name) => (name.to_owned(), name == "localhost"),
        Host::Ipv4(address) => (address.to_string(), address.is_loopback()),
        Host::Ipv6(address) => ("[".to_owned(), address.is_loopback()),
    };
    let written = base.split('/').nth(2).unwrap().to_ascii_lowercase();
    assert!(written.starts_with(&host), "{base} leads to {host}");
    assert!(url.scheme() == "https" || url.scheme() == "http" && is_this_machine, "{base}");
});
