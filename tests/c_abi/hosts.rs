//! Programs that load, fork, thread and starve the library.

use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use whop_sandbox::{Options, Sandbox};

use crate::peers::{CURRENT, V2, sandbox, tls_sandbox};
use crate::support::workshop::{EVERY_WAY, STRICT_CPP, Way, Workshop, library, run};

/// Licenses that are bound to no device yet.
const UNBOUND: [&str; 4] = ["SANDBOX-ACTIVE", "SANDBOX-COMPLETED", "SANDBOX-TRIALING", "SANDBOX-PAST-DUE"];

#[test]
fn library_may_be_unloaded_while_its_name_lookups_go_on() {
    let dynamic = run(Command::new("readelf").arg("--dynamic").arg(library()).env("LC_ALL", "C"));
    assert!(dynamic.contains("NODELETE"), "{dynamic}");
    for way in EVERY_WAY {
        let sandbox = sandbox();
        let arguments = [library().display().to_string(), sandbox.api_key("full")];
        Workshop::new().check("tests/c/reload.c", &["-rdynamic", "-Wl,--as-needed"], way, &arguments);
    }
}

#[test]
fn child_and_parent_get_their_own_answers() {
    for way in EVERY_WAY {
        check_forks(way, CURRENT, "fork", 5);
    }
    check_forks(Way::Sanitized, V2, "fork", 5);
    check_forks(Way::Sanitized, CURRENT, "clone", 5);
}

#[test]
fn child_and_parent_with_the_same_process_id_get_their_own_answers() {
    for way in [Way::Plain, Way::Sanitized] {
        check_forks(way, CURRENT, "fork-namespace", 1);
        check_forks(way, CURRENT, "clone-namespace", 5);
    }
}

fn check_forks(way: Way, api: &str, how: &str, children: usize) {
    for sandbox in [sandbox(), tls_sandbox()] {
        let workshop = Workshop::new();
        let ca_file = sandbox.ca_pem().map(|pem| workshop.write("ca.pem", pem).display().to_string());
        let settings =
            [how.to_owned(), api.to_owned(), sandbox.api_key("full"), sandbox.base_url(), ca_file.unwrap_or_default()];
        let license_keys = UNBOUND.into_iter().cycle().take(1 + children).map(str::to_owned);
        let arguments: Vec<String> = settings.into_iter().chain(license_keys).collect();
        // So that the library calls the program's `connect`.
        workshop.check("tests/c/fork.c", &["-rdynamic"], way, &arguments);
    }
}

#[test]
fn clients_come_and_go_while_others_work() {
    for (way, api) in [(Way::Plain, CURRENT), (Way::Sanitized, CURRENT), (Way::Sanitized, V2)] {
        let sandbox = sandbox();
        Workshop::new().check("tests/c/clients.c", &[], way, &[api, &sandbox.api_key("full")]);
    }
}

#[test]
fn client_may_be_freed_during_a_call() {
    for (way, calls) in [(Way::Plain, "5000"), (Way::Sanitized, "1000"), (Way::Valgrind, "100")] {
        Workshop::new().check("tests/c/free_during_call.c", &[], way, &[calls]);
    }
}

#[test]
fn client_may_be_destroyed_moved_and_assigned_to_during_a_call() {
    for (way, calls) in [(Way::Plain, "1000"), (Way::Sanitized, "400"), (Way::Valgrind, "40")] {
        Workshop::new().check("tests/cpp/destroyed_during_call.cpp", &STRICT_CPP, way, &[calls]);
    }
}

#[test]
fn host_may_leave_little() {
    for way in EVERY_WAY {
        let options = || Options { rate_limit: None, slow: Duration::from_millis(300), ..Options::default() };
        let plain = Sandbox::start(options()).unwrap();
        let tls = Sandbox::start(Options { tls: true, ..options() }).unwrap();
        let closing = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/api", closing.local_addr().unwrap());
        thread::spawn(move || closing.incoming().for_each(drop));

        let workshop = Workshop::new();
        let ca_file = workshop.write("ca.pem", tls.ca_pem().unwrap()).display().to_string();
        let [tls, plain] = [tls.port(), plain.port()].map(|port| port.to_string());
        workshop.check("tests/c/host.c", &[], way, &[tls, ca_file, plain, address]);
    }
}

#[test]
fn host_that_has_no_thread_to_spare_cannot_look_up_a_name_but_reaches_this_machine() {
    for way in EVERY_WAY {
        let sandbox = sandbox();
        let arguments = [sandbox.api_key("full"), sandbox.port().to_string()];
        Workshop::new().check("tests/c/no_threads.c", &[], way, &arguments);
    }
}

#[test]
fn child_can_use_a_client_whose_first_call_was_under_way_in_the_parent() {
    let (sandbox, workshop) = (tls_sandbox(), Workshop::new());
    let ca_file = workshop.write("ca.pem", sandbox.ca_pem().unwrap()).display().to_string();
    let arguments = [sandbox.api_key("full"), sandbox.base_url(), ca_file];
    workshop.check("tests/c/fork_during_first_call.c", &["-rdynamic"], Way::Plain, &arguments);
}

#[test]
fn child_can_use_a_client_between_the_requests_of_a_call_in_the_parent() {
    for way in [Way::Plain, Way::Sanitized] {
        Workshop::new().check::<&str>("tests/c/fork_between_requests.c", &[], way, &[]);
    }
}
