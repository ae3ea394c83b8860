use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;
use whop_sandbox::{Options, Sandbox};

use crate::client::{Client, TIMEOUT};

#[test]
fn dropping_it_frees_the_port_and_closes_connections_under_way() {
    let client = Client::with(Options { slow: Duration::from_secs(3600), ..Options::default() });
    let port = client.sandbox.port();
    let mut idle = TcpStream::connect(("127.0.0.1", port)).unwrap();
    idle.set_read_timeout(Some(TIMEOUT)).unwrap();
    let start = Instant::now();

    let Client { sandbox, .. } = client;
    drop(sandbox);

    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(matches!(idle.read(&mut [0]), Ok(0) | Err(_)));
    let refused = TcpStream::connect(("127.0.0.1", port)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn a_request_under_way_does_not_hold_up_the_end() {
    let options = Options { slow: Duration::from_secs(3600), ..Options::default() };
    let client = Client::with(options);
    let url = format!("{}/v2/memberships/SANDBOX-SLOW/validate_license", client.sandbox.base_url());
    let key = client.sandbox.api_key("full");
    let caller = std::thread::spawn(move || {
        ureq::post(url).header("authorization", format!("Bearer {key}")).send_json(json!({ "metadata": {} })).is_err()
    });
    while client.sandbox.requests().is_empty() {
        std::thread::yield_now();
    }

    drop(client);
    assert!(caller.join().unwrap());
}

#[test]
fn it_listens_on_loopback_only() {
    let sandbox = Sandbox::start(Options::default()).unwrap();

    // The same port on another address of this machine is still free.
    TcpListener::bind((Ipv4Addr::new(127, 0, 0, 2), sandbox.port())).unwrap();
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let first = Sandbox::start(Options::default()).unwrap();
    let second = Sandbox::start(Options { port: first.port(), ..Options::default() });

    assert_eq!(second.unwrap_err().kind(), ErrorKind::AddrInUse);
}

#[test]
fn two_sandboxes_share_nothing() {
    let (one, two) = (Client::new(), Client::new());
    one.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" }));

    assert_eq!(two.validate("SANDBOX-ACTIVE", json!({ "hwid": "b" })).status, 201);
}
