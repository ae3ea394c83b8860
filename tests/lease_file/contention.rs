//! Several programs and threads write at once.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::child::Program;
use crate::support::{Act, DEVICE, Peer, status_of};
use crate::{Home, KEY};

#[test]
fn nothing_is_lost_of_what_four_programs_write_at_once() {
    let home = Home::new();
    let peer = Peer::start([home.signer.yes()]);
    let relay = format!("http://{}", peer.host());
    let keys: Vec<_> = (0..4).map(|number| format!("KEY-{number} KEY-{}", number + 4)).collect();
    let lines: Vec<_> = thread::scope(|threads| {
        let programs = keys.iter().map(|license_keys| {
            let (home, relay) = (&home, &relay);
            threads.spawn(move || {
                let program = Program { relay, signer: &home.signer, file: &home.file, license_keys, times: 50 };
                program.told(|_| ())
            })
        });
        let programs: Vec<_> = programs.collect();
        programs.into_iter().flat_map(|program| program.join().unwrap()).collect()
    });
    assert_eq!(lines.len(), 400);
    assert!(lines.iter().all(|line| line == "0 0 The license is valid here."), "{lines:?}");
    assert!((0..8).all(|number| home.is_allowed_offline(&format!("KEY-{number}"))));
    assert_eq!(home.listed(), ["leases", "leases.lock"]);
}

#[test]
fn threads_that_share_a_client_keep_and_use_every_lease() {
    let home = Home::new();
    let peer = Peer::start([home.signer.yes()]);
    let (online, offline) = (home.with_network(&peer).build().unwrap(), home.without_network().build().unwrap());
    let outcomes = |client: &whop_license::Client| -> Vec<_> {
        thread::scope(|threads| {
            let check = |thread: usize| {
                let checks = (0..3).map(|_| client.validate_license(&format!("KEY-{}", thread % 8), DEVICE));
                checks.map(|outcome| outcome.map(|verdict| verdict.to_string())).collect::<Vec<_>>()
            };
            let threads: Vec<_> = (0..32).map(|thread| threads.spawn(move || check(thread))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    };
    for outcome in outcomes(&online) {
        assert_eq!(outcome.unwrap(), "The license is valid here.");
    }
    for outcome in outcomes(&offline) {
        let told = outcome.unwrap();
        assert!(told.starts_with("The license is valid here. It stands on the lease"), "{told}");
    }
}

/// A program that is stopped while it holds the lock.
struct Stopped(Child);

impl Stopped {
    fn holding_the_lock_of(home: &Home) -> Self {
        let mut command = Command::new("flock");
        command.arg("--no-fork").arg(home.folder().join("leases.lock"));
        let mut child =
            command.args(["sh", "-c", "echo locked; kill -STOP $$"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "locked\n");
        Self(child)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

const HELD: &str = "the lease file cannot be locked: another program has had it locked for too long";

#[test]
fn stopped_program_that_holds_the_lock_costs_only_the_use_without_network() {
    let home = Home::new();
    home.granted(KEY);
    let stopped = Stopped::holding_the_lock_of(&home);
    let began = Instant::now();
    let verdict = home.online(KEY, home.signer.yes()).unwrap();
    let not_kept = format!("The license is valid here. It is not kept for use without network: {HELD}.");
    assert_eq!(verdict.to_string(), not_kept);
    assert!((3..4).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert_eq!(home.refused_offline(KEY), HELD);
    drop(stopped);
    // Killed, it leaves nothing behind.
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn wait_for_the_lock_does_not_outlast_the_call() {
    let home = Home::new();
    home.granted(KEY);
    let stopped = Stopped::holding_the_lock_of(&home);
    for timeout in [1, 200, 1500] {
        let timeout = Duration::from_millis(timeout);
        for (act, status) in [(Act::StayMute, 301), (home.signer.yes(), 0)] {
            // A call of a millisecond reaches nobody.
            if timeout < Duration::from_millis(10) && status == 0 {
                continue;
            }
            let peer = Peer::start([act]);
            let client = home.with_network(&peer).timeout(timeout).build().unwrap();
            let began = Instant::now();
            let outcome = client.validate_license(KEY, DEVICE);
            let took = began.elapsed();
            if timeout > Duration::from_millis(10) {
                assert_eq!(status_of(&outcome), status, "{outcome:?}");
            }
            assert!(took < timeout + Duration::from_millis(150), "{took:?} of {timeout:?}");
        }
    }
    drop(stopped);
    // Of a silent relay, enough time is left to look into the file.
    let peer = Peer::start([Act::StayMute]);
    let client = home.with_network(&peer).timeout(Duration::from_millis(500)).build().unwrap();
    let began = Instant::now();
    assert!(client.validate_license(KEY, DEVICE).unwrap().is_offline());
    assert!(began.elapsed() < Duration::from_millis(650), "{:?}", began.elapsed());
}

#[test]
fn many_whose_relay_is_silent_have_time_for_the_file_one_after_the_other() {
    let home = Home::new();
    home.granted(KEY);
    let peer = Peer::start([Act::StayMute]);
    let client = home.with_network(&peer).timeout(Duration::from_secs(3)).build().unwrap();
    thread::scope(|threads| {
        let check = || client.validate_license(KEY, DEVICE).map(|verdict| verdict.is_offline());
        let checks: Vec<_> = (0..12).map(|_| threads.spawn(check)).collect();
        for check in checks {
            assert!(check.join().unwrap().unwrap());
        }
    });
}
