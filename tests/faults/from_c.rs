//! The same faults through the C ABI: no crash, no leak.

use std::thread;
use std::time::Duration;

use whop_license::Api;

use crate::TIMEOUT;
use crate::support::workshop::{Way, Workshop};
use crate::support::{BOTH, Peer, RefusingPort, membership};
use crate::table::{self, Fault};

/// Valgrind takes seconds for a first call on a busy machine; none of its faults lasts until the deadline.
const SLOW: Duration = Duration::from_secs(60);

/// Both APIs and a few faults at the same time, since most of it is waiting: so many in one program.
fn meet_all(way: Way, timeout: Duration, at_once: usize, faults: fn(&str) -> Vec<Fault>) {
    thread::scope(|threads| {
        for api in BOTH {
            // The license and the device that the program asks for.
            let mut good = membership(api, "KEY");
            good["metadata"]["hwid"] = "fault".into();
            let mut faults = faults(&good.to_string());
            while !faults.is_empty() {
                let some = faults.split_off(faults.len().saturating_sub(at_once));
                threads.spawn(move || meet(api, way, timeout, &some));
            }
        }
    });
}

fn meet(api: Api, way: Way, timeout: Duration, faults: &[Fault]) {
    let start = || faults.iter().map(|fault| Peer::start([fault.act.clone()])).collect::<Vec<_>>();
    let (validating, creating) = (start(), start());
    let mut arguments = vec!["-".to_owned(), timeout.as_millis().to_string()];
    for ((fault, validated), created) in faults.iter().zip(&validating).zip(&creating) {
        let status = || fault.status.to_string();
        let prefix = if api == Api::V2 { "v2 " } else { "" };
        let url = |peer: &Peer| format!("{prefix}http://{}/api", peer.host());
        arguments.extend([url(validated), status(), "-".into(), url(created), "-".into(), status()]);
    }
    Workshop::new().check("tests/c/fault.c", &[], way, &arguments);
    for (fault, peer) in faults.iter().zip(&creating) {
        let creations = peer.seen().len();
        // The current API takes one and the same creation once, however often it arrives.
        let most = if api == Api::V2 { 1 } else { 3 };
        assert!((1..=most).contains(&creations), "{api:?} {}: {creations} creations", fault.name);
    }
}

#[test]
fn silent_and_broken_connections() {
    meet_all(Way::Sanitized, TIMEOUT, 6, table::connections);
}

#[test]
fn broken_framing() {
    meet_all(Way::Sanitized, TIMEOUT, 6, table::framing);
    meet_all(Way::Valgrind, SLOW, 30, table::framing);
}

#[test]
fn broken_bodies() {
    meet_all(Way::Sanitized, TIMEOUT, 6, table::bodies);
    meet_all(Way::Valgrind, SLOW, 30, table::bodies);
}

#[test]
fn refused_connection() {
    let url = format!("http://127.0.0.1:{}/api", RefusingPort::new().number());
    Workshop::new().check(
        "tests/c/fault.c",
        &[],
        Way::Sanitized,
        &["-", "10000", &url, "300", "300", &format!("v2 {url}"), "300", "300"],
    );
}
