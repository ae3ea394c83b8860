//! Names are looked up to connect alone, few at a time, and never longer than a call may last.

use crate::support::authority::Authority;
use crate::support::workshop::{EVERY_WAY, Workshop, alone, run};
use crate::support::{Peer, yes};

const HOSTS: [&str; 10] =
    ["open.test", "slow.test", "other.test", "gone.test", "a.test", "b.test", "c.test", "d.test", "e.test", "f.test"];

/// A peer of all these names, with the arguments of the program that calls them.
fn peer(workshop: &Workshop) -> (Peer, [String; 2]) {
    let authority = Authority::new();
    let ca_file = workshop.path("ca.pem");
    authority.write_to(&ca_file);
    let peer = Peer::start_tls([yes("lookups")], authority.server(&HOSTS));
    let arguments = [ca_file.display().to_string(), peer.port().to_string()];
    (peer, arguments)
}

#[test]
fn lookups_are_few_and_serve_whoever_asks() {
    for way in EVERY_WAY {
        let workshop = Workshop::new();
        let (_peer, arguments) = peer(&workshop);
        workshop.check("tests/c/lookups.c", &["-rdynamic"], way, &arguments);
    }
}

#[test]
fn stack_of_a_lookup_is_not_the_environments_to_say() {
    let workshop = Workshop::new();
    let (_peer, arguments) = peer(&workshop);
    let program = workshop.compile("tests/c/lookups.c", &["-rdynamic"]);
    for size in ["1000000000000000", "1"] {
        run(alone(&program).args(&arguments).env("RUST_MIN_STACK", size));
    }
}
