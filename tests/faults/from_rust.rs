//! The faults through the Rust API, in both calls of both APIs.

use std::thread;
use std::time::Instant;

use whop_license::{Api, Client, Error, Verdict};

use crate::TIMEOUT;
use crate::support::{Act, BOTH, DEVICE, Peer, RefusingPort, entitled, membership, plan, status_of, status_of_error};
use crate::table::{self, Fault};

fn status<T>(outcome: &Result<T, Error>) -> i32 {
    outcome.as_ref().err().map_or(0, status_of_error)
}

/// Makes one call of a new peer, which ends with the status and by the deadline.
fn meet<T>(api: Api, fault: &Fault, name: &str, call: impl FnOnce(&Client) -> Result<T, Error>) -> Peer {
    let peer = Peer::start([fault.act.clone()]);
    let client = peer.client_of(api).timeout(TIMEOUT).build().unwrap();
    let began = Instant::now();
    let outcome = call(&client);
    let took = began.elapsed();
    let message = outcome.as_ref().err().map(Error::to_string).unwrap_or_default();
    println!("{api:?} {name} | {} | {} | {} ms | {message}", fault.name, status(&outcome), took.as_millis());
    assert_eq!(status(&outcome), fault.status, "{api:?} {name}: {}: {message}", fault.name);
    assert!(took < 2 * TIMEOUT, "{name}: {} ended by the server, not by the deadline: {took:?}", fault.name);
    peer
}

fn validate_and_create(api: Api, fault: &Fault) {
    meet(api, fault, "validate", |client| {
        let verdict = client.validate_license("KEY", DEVICE)?;
        assert!(verdict.is_allowed());
        Ok(())
    });
    let peer = meet(api, fault, "create", |client| client.create_plan(plan()));
    match api {
        Api::V2 => assert_eq!(peer.seen().len(), 1, "{}: creations", fault.name),
        // By their name, one creation however many arrive. A peer that reads nothing does not see the name.
        Api::Current => {
            let mut names: Vec<_> = peer.seen().iter().filter_map(|request| name_of(request)).collect();
            names.dedup();
            assert!(names.len() <= 1, "{}: {names:?}", fault.name);
        }
    }
}

fn name_of(request: &str) -> Option<String> {
    request.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).map(str::to_owned)
}

fn meet_all(faults: fn(&str) -> Vec<Fault>) {
    for api in BOTH {
        let faults = faults(&membership(api, "KEY").to_string());
        thread::scope(|threads| faults.iter().for_each(|fault| _ = threads.spawn(|| validate_and_create(api, fault))));
    }
}

#[test]
fn silent_and_broken_connections() {
    meet_all(table::connections);
}

#[test]
fn broken_framing() {
    meet_all(table::framing);
}

#[test]
fn broken_bodies() {
    meet_all(table::bodies);
}

#[test]
fn refused_connection() {
    let nobody = RefusingPort::new();
    for api in BOTH {
        let mut settings = Client::builder("apik_secret");
        settings.base_url(&format!("http://127.0.0.1:{}/api", nobody.number())).api(api).timeout(TIMEOUT);
        let client = settings.build().unwrap();
        assert_eq!(status_of(&client.validate_license("KEY", "{}")), 300);
        assert_eq!(status(&client.create_plan(plan())), 300);
        assert_eq!(status(&client.reset_license("KEY")), 300);
    }
}

#[test]
fn redirect_is_not_followed() {
    for api in BOTH {
        let elsewhere = Peer::start([Act::Send(entitled(api, "KEY"))]);
        for status in [301, 302, 303, 307, 308] {
            let location = format!("HTTP/1.1 {status} Moved\r\nLocation: http://{}/\r\n", elsewhere.host());
            let peer = Peer::start([Act::Send(format!("{location}Content-Length: 0\r\n\r\n"))]);
            let client = peer.client_of(api).build().unwrap();
            assert_eq!(status_of(&client.validate_license("KEY", "{}")), 304);
            assert_eq!(self::status(&client.create_plan(plan())), 304);
            assert_eq!(self::status(&client.reset_license("KEY")), 304);
        }
        assert_eq!(elsewhere.connections(), 0);
    }
}

#[test]
fn bytes_behind_an_answer_do_not_answer_the_next_call() {
    for api in BOTH {
        let yes = entitled(api, "KEY");
        let no = yes.replace("\"active\"", "\"no_one\"").replace("\"valid\":true", "\"valid\":null");
        let peer = Peer::start([Act::Send(no.clone() + &yes), Act::Send(no)]);
        let client = peer.client_of(api).build().unwrap();
        for _ in 0..2 {
            assert!(matches!(client.validate_license("KEY", "{}"), Ok(Verdict::Inactive(_))));
        }
        assert_eq!(peer.connections(), 2);
    }
}
