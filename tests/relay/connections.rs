//! Which checks share a connection, what is repeated, what a proxy sees, and when a call ends.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use whop_license::Client;

use crate::support::authority::Authority;
use crate::support::signer::Asked;
use crate::support::{Act, DEVICE, Peer, Proxy, Signer, status_of};

#[test]
fn checks_share_a_connection_and_no_nonce() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    let client = peer.relay_client(&signer).build().unwrap();
    for _ in 0..200 {
        assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
    }
    let seen = peer.seen();
    assert_eq!((seen.len(), peer.connections()), (200, 1));
    let nonces: BTreeSet<_> = seen.iter().map(|request| Asked::read(request).nonce).collect();
    assert_eq!(nonces.len(), 200);
    for nonce in nonces {
        assert_eq!(nonce.len(), 22);
        assert!(nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
    }
}

#[test]
fn request_holds_what_the_contract_says_and_no_authorization() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    peer.relay_client(&signer).build().unwrap().validate_license("KEY 1/2", DEVICE).unwrap();
    let request = peer.seen().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let head = head.to_lowercase();
    assert!(head.starts_with("post /v2/memberships/key%201%2f2/validate_license http/1.1\r\n"), "{head}");
    assert_eq!(body, format!(r#"{{"metadata":{DEVICE}}}"#));
    let mut names: Vec<_> = head.lines().skip(1).map(|line| line.split(':').next().unwrap()).collect();
    names.sort_unstable();
    let expected =
        ["accept", "content-length", "content-type", "host", "user-agent", "whop-license-keys", "whop-license-nonce"];
    names.retain(|name| *name != "accept-encoding");
    assert_eq!(names, expected);
}

#[test]
fn none_of_many_checks_is_lost_on_a_server_that_closes_after_each_answer() {
    let signer = Signer::new(1);
    let closing = {
        let signer = signer.clone();
        Act::ask(move |request| Act::SendAndClose(signer.answer(request, |_| ())))
    };
    let peer = Peer::start([closing]);
    let client = peer.relay_client(&signer).build().unwrap();
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                (0..250).for_each(|_| assert!(client.validate_license("K", DEVICE).unwrap().is_allowed()));
            });
        }
    });
}

#[test]
fn check_whose_connection_is_gone_is_repeated_with_the_same_nonce() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes(), Act::SendAndClose(String::new()), signer.yes()]);
    let client = peer.relay_client(&signer).build().unwrap();
    for _ in 0..2 {
        assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
    }
    let nonces: Vec<_> = peer.seen().iter().map(|request| Asked::read(request).nonce).collect();
    assert!(nonces[0] != nonces[1] && nonces[1] == nonces[2], "{nonces:?}");
}

#[test]
fn server_error_is_repeated_where_it_may_pass() {
    let signer = Signer::new(1);
    for (status, requests) in [(500, 1), (501, 1), (502, 2), (503, 2), (504, 2), (429, 1), (401, 1), (404, 1)] {
        let peer = Peer::start([Act::Send(crate::support::failure(status, "x")), signer.yes()]);
        let outcome = peer.relay_client(&signer).build().unwrap().validate_license("K", DEVICE);
        assert_eq!(peer.seen().len(), requests, "{status}");
        assert_eq!(status_of(&outcome) == 0, requests == 2, "{status}");
    }
}

#[test]
fn proxy_lets_the_check_through_and_reads_nothing_of_it() {
    let signer = Signer::new(1);
    let folder = tempfile::tempdir().unwrap();
    let (authority, ca_file) = (Authority::new(), folder.path().join("ca.pem"));
    authority.write_to(&ca_file);
    let peer = Peer::start_tls([signer.yes()], authority.server(&["relay.invalid"]));
    let url = format!("https://relay.invalid:{}", peer.port());
    for (scheme, proxy) in [("http", Proxy::to(peer.port())), ("socks5h", Proxy::socks5_to(peer.port()))] {
        let mut settings = Client::relay(&url, &signer.public_key());
        settings.product_id("prod_1").ca_file(ca_file.to_str().unwrap());
        settings.proxy(&format!("{scheme}://{}", proxy.host()));
        settings.lease_file(folder.path().join("leases").to_str().unwrap());
        let client = settings.build().unwrap();
        for _ in 0..2 {
            assert!(!client.validate_license("SECRET-KEY", DEVICE).unwrap().is_offline());
        }
        let seen = proxy.seen().to_lowercase();
        for secret in ["secret-key", "this-device", "whop-license-", "eyj"] {
            assert!(!seen.contains(secret), "{secret}");
        }
        assert!(seen.contains("relay.invalid"));
    }
}

#[test]
fn lease_of_a_relay_for_tests_is_good_from_this_machine_and_not_from_behind_a_proxy() {
    let signer = Signer::new(1);
    let folder = tempfile::tempdir().unwrap();
    let (authority, ca_file) = (Authority::new(), folder.path().join("ca.pem"));
    authority.write_to(&ca_file);
    for (name, has_proxy, status) in [("localhost", false, 0), ("localhost", true, 306), ("relay.invalid", true, 306)] {
        let peer = Peer::start_tls([signer.says(|claims| claims.sandbox = true)], authority.server(&[name]));
        let proxy = Proxy::to(peer.port());
        let mut settings = Client::relay(&format!("https://{name}:{}", peer.port()), &signer.public_key());
        settings.product_id("prod_1").ca_file(ca_file.to_str().unwrap());
        settings.proxy(&if has_proxy { format!("http://{}", proxy.host()) } else { String::new() });
        let outcome = settings.build().unwrap().validate_license("K", DEVICE);
        assert_eq!(status_of(&outcome), status, "{name} {has_proxy}: {outcome:?}");
        assert_eq!(peer.seen().len(), 1);
    }
}

#[test]
fn call_ends_by_its_deadline() {
    let signer = Signer::new(1);
    let deadline = Duration::from_secs(1);
    let folder = tempfile::tempdir().unwrap();
    let slow = {
        let signer = signer.clone();
        Act::ask(move |request| Act::Drip(signer.answer(request, |_| ()), Duration::from_millis(50)))
    };
    let busy = Act::Send("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n".into());
    for (act, status) in [(Act::StayMute, 301), (slow, 301), (busy, 303)] {
        for has_file in [false, true] {
            let peer = Peer::start([act.clone()]);
            let mut settings = peer.relay_client(&signer);
            if has_file {
                settings.lease_file(folder.path().join("leases").to_str().unwrap());
            }
            let client = settings.timeout(deadline).max_retries(10).build().unwrap();
            let began = Instant::now();
            assert_eq!(status_of(&client.validate_license("K", DEVICE)), status);
            assert!(began.elapsed() < deadline + Duration::from_millis(200), "{:?}", began.elapsed());
        }
    }
}
