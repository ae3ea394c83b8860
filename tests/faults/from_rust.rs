//! The faults through the Rust API.

use std::thread;
use std::time::Instant;

use whop_license::{Client, Error, PlanRequest, Verdict};

use crate::TIMEOUT;
use crate::support::{Act, Peer, RefusingPort, answer};
use crate::table::{self, Fault};

/// The number that C is given.
fn status<T>(outcome: &Result<T, Error>) -> i32 {
    match outcome {
        Ok(_) => 0,
        Err(Error::Rejected { .. }) => 203,
        Err(Error::Unreachable { .. }) => 300,
        Err(Error::NoAnswer { .. }) => 301,
        Err(Error::BadResponse { .. }) => 304,
        Err(other) => panic!("{other}"),
    }
}

/// Makes one call of a new peer: its status, how long it took and its message.
fn meet<T>(fault: &Fault, name: &str, call: impl FnOnce(&Client) -> Result<T, Error>) -> Peer {
    let peer = Peer::start([fault.act.clone()]);
    let client = peer.client().timeout(TIMEOUT).build().unwrap();
    let began = Instant::now();
    let outcome = call(&client);
    let took = began.elapsed();
    let message = outcome.as_ref().err().map(Error::to_string).unwrap_or_default();
    println!("{} | {name} | {} | {} ms | {message}", fault.name, status(&outcome), took.as_millis());
    assert_eq!(status(&outcome), fault.status, "{}: {name}: {message}", fault.name);
    assert!(took < 2 * TIMEOUT, "{}: {name} ended by the server, not by the deadline: {took:?}", fault.name);
    peer
}

fn validate_and_create(fault: &Fault) {
    meet(fault, "validate", |client| {
        let verdict = client.validate_license("KEY", r#"{"hwid":"fault"}"#)?;
        assert!(verdict.is_allowed());
        Ok(())
    });
    let peer = meet(fault, "create", |client| client.create_plan(&PlanRequest::default()));
    assert_eq!(peer.seen().len(), 1, "{}: creations", fault.name);
}

fn meet_all(faults: &[Fault]) {
    thread::scope(|threads| faults.iter().for_each(|fault| _ = threads.spawn(|| validate_and_create(fault))));
}

#[test]
fn silent_and_broken_connections() {
    meet_all(&table::connections());
}

#[test]
fn broken_framing() {
    meet_all(&table::framing());
}

#[test]
fn broken_bodies() {
    meet_all(&table::bodies());
}

#[test]
fn refused_connection() {
    let nobody = RefusingPort::new();
    let mut settings = Client::builder("apik_secret");
    settings.base_url(&format!("http://127.0.0.1:{}/api", nobody.number())).timeout(TIMEOUT);
    let client = settings.build().unwrap();
    assert_eq!(status(&client.validate_license("KEY", "{}")), 300);
    assert_eq!(status(&client.create_plan(&PlanRequest::default())), 300);
}

#[test]
fn redirect_is_not_followed() {
    let elsewhere = Peer::start([Act::Send(answer(201, r#"{"id":"mem_1","valid":true}"#))]);
    for status in [301, 302, 303, 307, 308] {
        let location = format!("HTTP/1.1 {status} Moved\r\nLocation: http://{}/\r\n", elsewhere.host());
        let peer = Peer::start([Act::Send(format!("{location}Content-Length: 0\r\n\r\n"))]);
        assert!(peer.client().build().unwrap().validate_license("KEY", "{}").is_err());
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn bytes_behind_an_answer_do_not_answer_the_next_call() {
    let forged = answer(201, r#"{"id":"mem_1","valid":false}"#) + &answer(201, r#"{"id":"mem_1","valid":true}"#);
    let peer = Peer::start([Act::Send(forged), Act::Send(answer(201, r#"{"id":"mem_1","valid":false}"#))]);
    let client = peer.client().build().unwrap();
    for _ in 0..2 {
        assert!(matches!(client.validate_license("KEY", "{}"), Ok(Verdict::Inactive(_))));
    }
    assert_eq!(peer.connections(), 2);
}
