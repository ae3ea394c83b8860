//! The whole call ends by its deadline.

#![cfg(test)]

mod support;

use std::time::{Duration, Instant};

use support::{Act, Peer, Script, Then, answer};
use whop_license::{Error, PlanRequest};

const DEADLINE: Duration = Duration::from_secs(1);
/// A drip that would take half a minute, were there no deadline.
const DRIP: Duration = Duration::from_millis(100);

#[test]
fn mute_server_and_slow_drip_do_not_outlast_the_deadline() {
    let valid = answer(201, &format!(r#"{{"id":"mem_1","valid":true,"x":"{}"}}"#, "x".repeat(300)));
    for act in [Act::StayMute, Act::Drip(valid, DRIP)] {
        let peer = Peer::start([act]);
        let client = peer.client().timeout(DEADLINE).max_retries(10).build().unwrap();
        let began = Instant::now();
        assert!(matches!(client.validate_license("K", "{}"), Err(Error::NoAnswer { .. })));
        assert!(matches!(client.create_plan(&PlanRequest::default()), Err(Error::NoAnswer { .. })));
        assert!(began.elapsed() >= DEADLINE, "gave up early");
        assert!(began.elapsed() < 20 * DEADLINE, "ended by the server, not by the deadline");
    }
}

#[test]
fn retries_stay_within_the_deadline() {
    let peer = Peer::start([Act::SendAndClose("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\n\r\n".into())]);
    let client = peer.client().max_retries(10).build().unwrap();
    let error = client.validate_license("K", "{}").unwrap_err();
    assert!(matches!(error, Error::ServerError(_)));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(peer.seen().len(), 1, "the wait that was asked for is longer than the deadline");
}

#[test]
fn second_try_has_the_time_that_is_left() {
    let deadline = 3 * DEADLINE;
    let late = Script { sends: b"H".into(), pace: deadline * 4 / 5, then: Then::Close, ..Script::default() };
    let peer = Peer::start([Act::Play(late), Act::StayMute]);
    let client = peer.client().timeout(deadline).build().unwrap();
    let began = Instant::now();
    assert!(matches!(client.validate_license("K", "{}"), Err(Error::NoAnswer { .. })));
    assert_eq!(peer.seen().len(), 2);
    assert!(began.elapsed() < deadline * 3 / 2, "{:?}", began.elapsed());
}
