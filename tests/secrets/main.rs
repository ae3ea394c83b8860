//! Whatever a call comes to, in any language: what can be printed, thrown or logged holds no key, no e-mail address and
//! nothing else of the buyer's.

#![cfg(test)]

mod at_relay;
mod cases;
mod rust;
#[path = "../support/mod.rs"]
mod support;
mod tellers;

use std::collections::BTreeSet;

use cases::{
    API_KEY, Case, DEVICE, LICENSE_KEY, Machine, OF_ADDRESS, OF_API_KEY, OF_DEVICE, OF_LICENSE_KEY, SECRETS, TO_PROXY,
    cases,
};
use support::{Peer, RefusingPort};
use tellers::Teller;

/// All of include/whop_license.h.
const STATUSES: [i32; 17] = [0, 100, 101, 102, 103, 200, 201, 202, 203, 300, 301, 302, 303, 304, 305, 306, 900];

#[test]
fn rust_tells_no_secret() {
    // A bug is no status there: it unwinds into the program.
    let cases = cases().into_iter().filter(|case| case.machine != Machine::WithoutClock);
    check(&Teller::rust(), cases, &STATUSES[..16]);
}

#[test]
fn c_tells_no_secret() {
    check(&Teller::compiled("tests/secrets/tell.c"), cases(), &STATUSES);
}

#[test]
fn cpp_tells_no_secret() {
    check(&Teller::compiled("tests/secrets/tell.cpp"), cases(), &STATUSES);
}

#[test]
fn python_tells_no_secret() {
    check(&Teller::python(), cases(), &STATUSES);
}

#[test]
fn csharp_tells_no_secret() {
    check(&Teller::csharp(), cases(), &STATUSES);
}

fn check(teller: &Teller, cases: impl IntoIterator<Item = Case>, expected: &[i32]) {
    let refusing = RefusingPort::new();
    let nobody = format!("127.0.0.1:{}", refusing.number());
    let mut seen = BTreeSet::new();
    let mut sent = String::new();
    for case in cases {
        let peer = Peer::start(case.acts.clone());
        let told = teller.tell(&case, &peer.host(), &nobody);
        let statuses = statuses(&told);
        let name = format!("{} ({:?})", case.name, case.way);
        assert_eq!(statuses, case.statuses, "{name}:\n{told}");
        for secret in SECRETS {
            assert!(!told.contains(secret), "{name}: {secret} in\n{told}");
            assert!(!plain(&told).contains(&plain(secret)), "{name}: {secret} in\n{told}");
        }
        // Some escape the backslash anew.
        let told = told.replace(r"\\", r"\");
        for writing in [&OF_LICENSE_KEY[..], &OF_API_KEY, &OF_DEVICE, &OF_ADDRESS].concat() {
            assert!(!told.contains(&writing.replace(r"\\", r"\")), "{name}: {writing} in\n{told}");
        }
        seen.extend(statuses);
        sent.extend(peer.seen());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
    // The secrets were used, and not replaced on the way here.
    let in_path = LICENSE_KEY.replace('/', "%2F");
    for used in [API_KEY, &format!("GET /api/v1/memberships/{in_path} "), DEVICE, TO_PROXY] {
        assert!(sent.contains(used), "{used}");
    }
}

/// The letters and digits, whose case does not matter.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn statuses(told: &str) -> Vec<i32> {
    told.lines().filter_map(|line| line.strip_prefix("status ")?.parse().ok()).collect()
}
