//! Programs that start calls, poll them, and stop them.

use std::time::Duration;

use whop_sandbox::{Options, Sandbox};

use crate::peers::{public_keys, relay_url, sandbox};
use crate::support::RefusingPort;
use crate::support::workshop::{EVERY_WAY, Way, Workshop};

/// How often each stage: as `WHOP_STAGES` says, else so that it takes seconds.
fn times(way: Way) -> String {
    let few = match way {
        Way::Plain => "50",
        Way::Sanitized => "8",
        Way::Valgrind => "2",
    };
    std::env::var("WHOP_STAGES").unwrap_or_else(|_| few.into())
}

#[test]
fn canceled_call_ends_at_once_wherever_it_is() {
    for way in EVERY_WAY {
        let slow = Duration::from_secs(3600);
        let sandbox = Sandbox::start(Options { tls: true, slow, rate_limit: None, ..Options::default() }).unwrap();
        let workshop = Workshop::new();
        let ca_file = workshop.write("ca.pem", sandbox.ca_pem().unwrap()).display().to_string();
        let arguments = [times(way), ca_file, sandbox.base_url(), sandbox.api_key("full")];
        workshop.check("tests/c/cancel.c", &["-rdynamic"], way, &arguments);
    }
}

#[test]
fn started_calls_can_be_asked_awaited_and_canceled_by_any_thread() {
    for (way, rounds) in [(Way::Plain, "10"), (Way::Sanitized, "5"), (Way::Valgrind, "1")] {
        Workshop::new().check("tests/c/calls.c", &[], way, &[rounds]);
    }
}

#[test]
fn nothing_waits_for_pending_calls_at_the_end_of_the_program() {
    let sanitized = ["return", "exit", "cancel"].map(|how| (Way::Sanitized, how));
    for (way, how) in
        ["return", "exit", "quick_exit", "cancel"].map(|how| (Way::Plain, how)).into_iter().chain(sanitized)
    {
        Workshop::new().check("tests/c/exit_with_calls.c", &[], way, &[how]);
    }
}

#[test]
fn call_beyond_what_the_host_or_the_library_has_room_for_says_so() {
    for way in [Way::Plain, Way::Sanitized] {
        Workshop::new().check::<&str>("tests/c/many_calls.c", &["-rdynamic"], way, &[]);
    }
}

#[test]
fn pending_calls_of_a_parent_are_canceled_in_its_child() {
    for way in [Way::Plain, Way::Valgrind] {
        Workshop::new().check::<&str>("tests/c/fork_with_calls.c", &[], way, &[]);
    }
}

#[test]
fn canceled_call_is_not_answered_from_a_lease() {
    for way in [Way::Plain, Way::Sanitized] {
        let (workshop, sandbox, nobody) = (Workshop::new(), sandbox(), RefusingPort::new());
        let away = format!("http://127.0.0.1:{}", nobody.number());
        let lease_file = workshop.path("license.lease").display().to_string();
        let arguments = [relay_url(&sandbox, "good"), public_keys(), away, lease_file];
        workshop.check("tests/c/relay_cancel.c", &[], way, &arguments);
    }
}
