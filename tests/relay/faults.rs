//! The faults of servers and networks that the other ways meet, without a lease file and with one.

use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Act, DEVICE, Peer, Reads, Signer, status_of};
use crate::table::{self, Fault};

const TIMEOUT: Duration = Duration::from_millis(1500);

/// The fault as it meets an answer that is signed for the request.
fn act(signer: &Signer, faults: fn(&str) -> Vec<Fault>, place: usize) -> Act {
    let unsigned = faults("{\"lease\":\"\"}").remove(place).act;
    if unsigned.clone().script().reads != Reads::All || matches!(unsigned, Act::StayMute) {
        return unsigned;
    }
    let signer = signer.clone();
    Act::ask(move |request| faults(&signer.body(request, |_| ())).remove(place).act)
}

fn status(fault: &Fault) -> i32 {
    match (fault.name, fault.status) {
        // It is signed, whatever the server calls it.
        ("status 999", _) => 0,
        (_, 203 | 304) => 306,
        (_, status) => status,
    }
}

fn meet(signer: &Signer, fault: &Fault, act: Act) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leases");
    let peer = Peer::start([act.clone()]);
    let began = Instant::now();
    let outcome = peer.relay_client(signer).timeout(TIMEOUT).build().unwrap().validate_license("KEY", DEVICE);
    let took = began.elapsed();
    println!("{} | {} | {} ms | {outcome:?}", fault.name, status_of(&outcome), took.as_millis());
    assert_eq!(status_of(&outcome), status(fault), "{}: {outcome:?}", fault.name);
    assert!(took < 2 * TIMEOUT, "{}: ended by the server, not by the deadline: {took:?}", fault.name);

    let peer = Peer::start([signer.yes(), act]);
    let mut settings = peer.relay_client(signer);
    let client = settings.timeout(TIMEOUT).lease_file(file.to_str().unwrap()).build().unwrap();
    assert!(client.validate_license("KEY", DEVICE).unwrap().is_allowed());
    let began = Instant::now();
    let verdict = client.validate_license("KEY", DEVICE).unwrap();
    let took = began.elapsed();
    assert!(verdict.is_allowed());
    assert_eq!(verdict.is_offline(), status(fault) != 0, "{}: {verdict}", fault.name);
    assert!(took < TIMEOUT + Duration::from_millis(500), "{}: {took:?}", fault.name);
}

fn meet_all(faults: fn(&str) -> Vec<Fault>) {
    let signer = Signer::new(1);
    thread::scope(|threads| {
        for (place, fault) in faults("{\"lease\":\"\"}").into_iter().enumerate() {
            let signer = &signer;
            threads.spawn(move || meet(signer, &fault, act(signer, faults, place)));
        }
    });
}

#[test]
fn silent_and_broken_connections() {
    meet_all(table::connections);
}

#[test]
fn broken_framing() {
    meet_all(table::framing);
}

#[test]
fn broken_bodies() {
    meet_all(table::bodies);
}

#[test]
fn redirect_is_not_followed_and_neither_lease_nor_key_goes_elsewhere() {
    let signer = Signer::new(1);
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = Peer::start([signer.yes()]);
    for status in [301, 302, 303, 307, 308] {
        let location = format!("HTTP/1.1 {status} Moved\r\nLocation: http://{}/\r\n", elsewhere.host());
        let peer = Peer::start([signer.yes(), Act::Send(format!("{location}Content-Length: 0\r\n\r\n"))]);
        let mut settings = peer.relay_client(&signer);
        let client = settings.lease_file(folder.path().join("leases").to_str().unwrap()).build().unwrap();
        assert!(!client.validate_license("KEY", DEVICE).unwrap().is_offline());
        assert!(client.validate_license("KEY", DEVICE).unwrap().is_offline());
        assert!(peer.seen()[1].to_lowercase().contains("whop-license-lease: "));
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn bytes_behind_an_answer_do_not_answer_the_next_call() {
    let signer = Signer::new(1);
    let twice = {
        let signer = signer.clone();
        Act::ask(move |request| Act::Send(signer.answer(request, |_| ()).repeat(2)))
    };
    let peer = Peer::start([twice]);
    let client = peer.relay_client(&signer).build().unwrap();
    for _ in 0..3 {
        assert!(client.validate_license("KEY", DEVICE).unwrap().is_allowed());
    }
    assert_eq!(peer.connections(), 3);
}
