//! The programs in `tests/c` and `tests/cpp`, each against a sandbox of its own.

use whop_sandbox::Request;

use crate::peers::{CURRENT, V2, public_keys, purchase, relay_url, sandbox, swift_sandbox, tls_sandbox};
use crate::support::RefusingPort;
use crate::support::workshop::{EVERY_WAY, STRICT_CPP, Way, Workshop, root};

#[test]
fn misuse_is_answered_and_harms_nothing() {
    for way in EVERY_WAY {
        let sandbox = sandbox();
        Workshop::new().check("tests/c/misuse.c", &[], way, &[sandbox.api_key("full")]);
    }
}

#[test]
fn misuse_of_a_relays_client_is_answered_and_harms_nothing() {
    for way in EVERY_WAY {
        check_with_relay("tests/c/relay_misuse.c", way);
    }
}

#[test]
fn threads_that_share_a_relays_client_get_their_own_answers() {
    for way in [Way::Plain, Way::Sanitized] {
        check_with_relay("tests/c/relay_threads.c", way);
    }
}

/// Runs a program with a relay that says yes, one that is away, and a path for a lease file.
fn check_with_relay(source: &str, way: Way) {
    let (workshop, sandbox, nobody) = (Workshop::new(), sandbox(), RefusingPort::new());
    let away = format!("http://127.0.0.1:{}", nobody.number());
    let lease_file = workshop.path("license.lease").display().to_string();
    workshop.check(source, &[], way, &[relay_url(&sandbox, "good"), public_keys(), away, lease_file]);
}

#[test]
fn every_status_arrives_from_a_socket() {
    for way in EVERY_WAY {
        let [sandbox, another] = [(); 2].map(|()| swift_sandbox());
        let nobody = RefusingPort::new();
        let ports = [sandbox.port(), another.port(), nobody.number()].map(|port| port.to_string());
        let table = root().join("tests/statuses.txt").display().to_string();
        let arguments: Vec<String> = [table].into_iter().chain(ports).collect();
        Workshop::new().check("tests/c/statuses.c", &[], way, &arguments);
    }
}

#[test]
fn every_lease_of_the_table_comes_to_its_status() {
    for way in EVERY_WAY {
        let (sandbox, nobody, workshop) = (sandbox(), RefusingPort::new(), Workshop::new());
        let [table, file] = [root().join("tests/leases.txt"), workshop.path("leases.json")];
        let [table, file] = [table, file].map(|path| path.display().to_string());
        let arguments = [table, sandbox.port().to_string(), nobody.number().to_string(), file];
        workshop.check("tests/c/leases.c", &[], way, &arguments);
    }
}

#[test]
fn every_setting_changes_what_a_call_does() {
    let (sandbox, another, tls, nobody) = (sandbox(), sandbox(), tls_sandbox(), RefusingPort::new());
    let workshop = Workshop::new();
    let ca_file = workshop.write("ca.pem", tls.ca_pem().unwrap()).display().to_string();
    let ports = [sandbox.port(), another.port(), tls.port(), nobody.number()];
    let [port, another, tls, nobody] = ports.map(|port| port.to_string());
    workshop.check("tests/c/settings.c", &[], Way::Plain, &[port, another, tls, ca_file, nobody]);
}

#[test]
fn what_an_answer_tells_does_not_depend_on_the_api() {
    for way in EVERY_WAY {
        Workshop::new().check::<&str>("tests/c/facts.c", &[], way, &[]);
    }
}

#[test]
fn every_call_sends_what_its_settings_say() {
    for way in EVERY_WAY {
        Workshop::new().check::<&str>("tests/c/requests.c", &[], way, &[]);
    }
}

#[test]
fn a_reset_frees_the_device_and_loses_nothing_else() {
    for way in EVERY_WAY {
        Workshop::new().check::<&str>("tests/c/reset.c", &[], way, &[]);
    }
}

#[test]
fn threads_that_share_a_client_get_their_own_answers() {
    for (way, api) in [(Way::Plain, CURRENT), (Way::Plain, V2), (Way::Sanitized, CURRENT), (Way::Sanitized, V2)] {
        let sandbox = sandbox();
        let license_keys = (0..32).map(|_| purchase(&sandbox));
        let first = [api.to_owned(), sandbox.api_key("full")];
        let arguments: Vec<String> = first.into_iter().chain(license_keys).collect();
        Workshop::new().check("tests/c/threads.c", &[], way, &arguments);

        let requests = sandbox.requests();
        let [read, written, posted] = ["GET", "PATCH", "POST"].map(|method| {
            let is_so = |request: &&Request| request.method == method && request.path.contains("/memberships/");
            requests.iter().filter(is_so).count()
        });
        // 32 times 100 checks, the first of each with two requests more.
        let expected = if api == V2 { (0, 0, 3200) } else { (3232, 32, 0) };
        assert_eq!((read, written, posted), expected);
    }
}

#[test]
fn the_cpp_face_does_what_it_says() {
    for (standard, ways) in [("-std=c++17", &EVERY_WAY[..]), ("-std=c++20", &[Way::Plain])] {
        for way in ways {
            let sandbox = sandbox();
            let flags = [&STRICT_CPP[..], &[standard]].concat();
            let workshop = Workshop::new();
            let lease_file = workshop.path("license.lease").display().to_string();
            let arguments = [sandbox.port().to_string(), public_keys(), lease_file];
            workshop.check("tests/cpp/client.cpp", &flags, *way, &arguments);
        }
    }
}
