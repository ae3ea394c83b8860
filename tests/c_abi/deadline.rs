//! A call ends by its deadline, whatever keeps it waiting.

use std::process::Command;

use crate::peers::{dripping_server, mute_server};
use crate::workshop::{Workshop, alone, compiler, root, run};

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
    let source = root().join("tests/c/never_resolves.c");
    let preloaded = workshop.path("never_resolves.so");
    run(compiler(&source).args(["-shared", "-fPIC"]).arg(&source).arg("-o").arg(&preloaded));

    run(deadline(&workshop, "https://whop.example/api", UNREACHABLE).env("LD_PRELOAD", preloaded));
}

#[test]
fn holds_with_a_mute_server() {
    let server = mute_server();
    let url = format!("http://{}/api", server.local_addr().unwrap());
    run(&mut deadline(&Workshop::new(), &url, NO_ANSWER));
}

#[test]
fn holds_with_an_answer_that_drips() {
    let (port, server) = dripping_server();
    run(&mut deadline(&Workshop::new(), &format!("http://127.0.0.1:{port}/api"), NO_ANSWER));
    server.join().unwrap();
}
