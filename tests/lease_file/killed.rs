//! A program that is killed while it writes leaves the old file or the new one.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use crate::child::Program;
use crate::support::Peer;
use crate::support::workshop::Workshop;
use crate::{ANOTHER, Home, KEY};

#[test]
fn killed_at_each_step() {
    let dies = Workshop::new();
    let library = dies.preloaded("tests/c/dies.c");
    let (mut is_over, mut old, mut new, mut leftovers) = (false, 0, 0, 0);
    for step in 1.. {
        let home = Home::new();
        home.granted(KEY);
        let before = fs::read(&home.file).unwrap();
        let peer = Peer::start([home.signer.yes()]);
        let relay = format!("http://{}", peer.host());
        let program =
            Program { relay: &relay, signer: &home.signer, file: &home.file, license_keys: ANOTHER, times: 1 };
        let mut command = program.command();
        let status = command.env("LD_PRELOAD", &library).env("DIES_AT", step.to_string()).output().unwrap().status;
        let after = fs::read(&home.file).unwrap();
        leftovers += usize::from(home.listed().contains(&"leases.new".to_owned()));
        if after == before {
            old += 1;
        } else {
            new += 1;
            assert!(home.is_allowed_offline(ANOTHER), "step {step}");
        }
        assert!(home.is_allowed_offline(KEY), "step {step}");
        home.granted(ANOTHER);
        assert!(home.is_allowed_offline(ANOTHER), "step {step}");
        assert_eq!(home.listed(), ["leases", "leases.lock"], "step {step}: what was left over is gone");
        if status.success() {
            is_over = true;
            break;
        }
        assert!(step < 100);
    }
    println!(
        "killed {old} times before the file was replaced and {new} times after, {leftovers} times with a leftover"
    );
    assert!(is_over && old > 5 && new > 1 && leftovers > 2, "{old} {new} {leftovers}");
}

#[test]
fn killed_at_any_time() {
    let home = Home::new();
    home.granted(KEY);
    let peer = Peer::start([home.signer.yes()]);
    let relay = format!("http://{}", peer.host());
    let program =
        Program { relay: &relay, signer: &home.signer, file: &home.file, license_keys: "KEY-2 KEY-3", times: 100_000 };
    for round in 0..40 {
        let asked = peer.seen().len();
        let mut child = program.start();
        let began = Instant::now();
        while peer.seen().len() < asked + 3 && began.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(fastrand::u64(..10_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(home.is_allowed_offline(KEY), "round {round}");
        assert!(home.is_allowed_offline(ANOTHER), "round {round}");
    }
}
