//! A call ends by its deadline, whatever keeps it waiting.

use std::process::Command;
use std::time::Duration;

use crate::support::workshop::{Workshop, alone, run};
use crate::support::{Act, Peer, answer};

const TIMEOUT_MS: &str = "500";
const UNREACHABLE: &str = "300";
const NO_ANSWER: &str = "301";

fn deadline(workshop: &Workshop, base_url: &str, status: &str) -> Command {
    let mut program = alone(workshop.compile("tests/c/deadline.c", &[]));
    program.args([base_url, TIMEOUT_MS, status]);
    program
}

#[test]
fn holds_with_a_name_that_never_resolves() {
    let workshop = Workshop::new();
    let preloaded = workshop.preloaded("tests/c/never_resolves.c");
    run(deadline(&workshop, "https://whop.example/api", UNREACHABLE).env("LD_PRELOAD", preloaded));
}

#[test]
fn holds_with_a_mute_server_and_with_an_answer_that_drips() {
    let long = answer(201, &" ".repeat(10_000));
    for act in [Act::StayMute, Act::Drip(long, Duration::from_millis(20))] {
        let peer = Peer::start([act]);
        run(&mut deadline(&Workshop::new(), &format!("http://{}/api", peer.host()), NO_ANSWER));
    }
}
