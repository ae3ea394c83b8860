//! A fault in each of the requests of which a check by the current API is made: it never makes a yes or a no, nor binds a
//! second time, and what can be repeated goes well once the fault is over.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use whop_license::Api;

use crate::TIMEOUT;
use crate::support::{Act, DEVICE, Peer, Reads, Stored, failure, membership, status_of};
use crate::table::{self, Fault};

/// Which request meets the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    LookUp,
    Bind,
    ReadBack,
    /// Behind a license that is not there.
    Proof,
}

impl Request {
    fn faults(self) -> Vec<Fault> {
        match self {
            Self::Proof => {
                let mut faults = table::all(r#"{"data":[{"id":"mem_12"}]}"#);
                for fault in &mut faults {
                    fault.status = match fault.status {
                        // The key is proved, so the license is not there.
                        0 => 100,
                        // What refuses the proof says nothing of the license.
                        203 => 304,
                        other => other,
                    };
                }
                faults
            }
            _ => table::all(&membership(Api::Current, "KEY").to_string()),
        }
    }

    /// What is answered before.
    fn acts_before(self, stored: &Stored) -> Vec<Act> {
        match self {
            Self::LookUp => vec![],
            Self::Bind => vec![stored.act()],
            Self::ReadBack => vec![stored.act(), stored.act()],
            Self::Proof => vec![Act::Send(failure(404, "Membership not found"))],
        }
    }
}

/// How long a fault goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    FromThenOn,
    Once,
    /// Once, after the request has had its effect.
    OnceTooLate,
}

fn meet(request: Request, lasts: Lasts, fault: &Fault) {
    let stored = Stored::new("KEY", json!({"note": "VIP"}));
    let mut acts = request.acts_before(&stored);
    match lasts {
        Lasts::FromThenOn => acts.push(fault.act.clone()),
        Lasts::Once => acts.extend([fault.act.clone(), stored.act()]),
        Lasts::OnceTooLate => acts.extend([stored.but(fault.act.clone()), stored.act()]),
    }
    let peer = Peer::start(acts);
    let client = peer.client_of(Api::Current).timeout(TIMEOUT).build().unwrap();
    let began = Instant::now();
    let outcome = client.validate_license("KEY", DEVICE);
    let (status, took) = (status_of(&outcome), began.elapsed());
    let name = format!("{request:?} {lasts:?} | {}", fault.name);
    println!("{name} | {status} | {} ms", took.as_millis());

    assert!(took < 2 * TIMEOUT, "{name} ended by the server, not by the deadline: {took:?}");
    let allowed = if request == Request::Proof { 100 } else { 0 };
    if fault.status == 301 && lasts != Lasts::FromThenOn && took < TIMEOUT - Duration::from_millis(50) {
        assert_eq!(status, allowed, "{name}: the fault is over, and the call has time: {outcome:?}");
    } else {
        assert_eq!(status, fault.status, "{name}: {outcome:?}");
    }
    let seen = peer.seen();
    let binds: Vec<_> = seen.iter().filter(|request| request.starts_with("PATCH ")).collect();
    let body = format!(r#"{{"metadata":{DEVICE}}}"#);
    let is_read_whole = |sent: &str| sent.contains("\r\n\r\n{");
    assert!(binds.iter().all(|bind| !is_read_whole(bind) || bind.ends_with(&body)), "{name}: {binds:?}");
    if lasts == Lasts::OnceTooLate {
        assert_eq!(binds.len(), usize::from(request != Request::Proof), "{name}: bound once, and not again");
    }
    let is_bound = stored.metadata() == json!({"note": "VIP", "hwid": "this-device"});
    assert!(is_bound || stored.metadata() == json!({"note": "VIP"}), "{name}: {}", stored.metadata());
    if status == 0 && lasts != Lasts::FromThenOn {
        assert!(is_bound, "{name}: a yes to a device that is not stored");
    }
}

fn meet_all(request: Request) {
    let faults = request.faults();
    thread::scope(|threads| {
        for fault in &faults {
            threads.spawn(move || meet(request, Lasts::FromThenOn, fault));
            // A good answer that nothing stands behind, or one of the wrong moment, is no fault of the network.
            let reads_all = fault.act.clone().script().reads == Reads::All;
            let is_good = matches!(fault.status, 0 | 100);
            if !is_good || request == Request::Proof {
                threads.spawn(move || meet(request, Lasts::Once, fault));
            }
            if !is_good && reads_all && request == Request::Bind {
                threads.spawn(move || meet(request, Lasts::OnceTooLate, fault));
            }
        }
    });
}

#[test]
fn in_the_look_up() {
    meet_all(Request::LookUp);
}

#[test]
fn in_the_binding() {
    meet_all(Request::Bind);
}

#[test]
fn in_the_reading_back() {
    meet_all(Request::ReadBack);
}

#[test]
fn in_the_proof_of_the_api_key() {
    meet_all(Request::Proof);
}
