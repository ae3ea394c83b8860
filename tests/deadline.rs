//! The whole call ends by its deadline.

#![cfg(test)]

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::{Act, BOTH, DEVICE, Peer, Script, Stored, Then, entitled, plan};
use whop_license::{Api, Error};

const DEADLINE: Duration = Duration::from_secs(1);
/// A drip that would take half a minute, were there no deadline.
const DRIP: Duration = Duration::from_millis(100);

#[test]
fn mute_server_and_slow_drip_do_not_outlast_the_deadline() {
    for api in BOTH {
        let slow = Act::Drip(entitled(api, &"K".repeat(300)), DRIP);
        for act in [Act::StayMute, slow] {
            let peer = Peer::start([act]);
            let client = peer.client_of(api).timeout(DEADLINE).max_retries(10).build().unwrap();
            let began = Instant::now();
            assert!(matches!(client.validate_license("K", "{}"), Err(Error::NoAnswer { .. })));
            assert!(matches!(client.create_plan(plan()), Err(Error::NoAnswer { .. })));
            assert!(began.elapsed() >= DEADLINE, "gave up early");
            assert!(began.elapsed() < 20 * DEADLINE, "ended by the server, not by the deadline");
        }
    }
}

#[test]
fn retries_stay_within_the_deadline() {
    for api in BOTH {
        let peer = Peer::start([Act::SendAndClose("HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\n\r\n".into())]);
        let client = peer.client_of(api).max_retries(10).build().unwrap();
        let error = client.validate_license("K", "{}").unwrap_err();
        assert!(matches!(error, Error::ServerError(_)));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
        assert_eq!(peer.seen().len(), 1, "the wait that was asked for is longer than the deadline");
    }
}

#[test]
fn second_try_has_the_time_that_is_left() {
    let deadline = 3 * DEADLINE;
    for api in BOTH {
        let late = Script { sends: b"H".into(), pace: deadline * 4 / 5, then: Then::Close, ..Script::default() };
        let peer = Peer::start([Act::Play(late), Act::StayMute]);
        let client = peer.client_of(api).timeout(deadline).build().unwrap();
        let began = Instant::now();
        assert!(matches!(client.validate_license("K", "{}"), Err(Error::NoAnswer { .. })));
        assert_eq!(peer.seen().len(), 2);
        assert!(began.elapsed() < deadline * 3 / 2, "{:?}", began.elapsed());
    }
}

#[test]
fn requests_of_one_call_share_its_deadline() {
    let deadline = 2 * DEADLINE;
    // Each of the three answers takes two fifths of it.
    let stored = Stored::new("K", json!({}));
    let late = Act::ask(move |request| {
        let answer = stored.answer(request);
        let pace = deadline * 2 / 5 / answer.len() as u32;
        Act::Drip(answer, pace)
    });
    let peer = Peer::start([late]);
    let client = peer.client_of(Api::Current).timeout(deadline).build().unwrap();
    let began = Instant::now();
    let outcome = client.validate_license("K", DEVICE);
    assert!(matches!(outcome, Err(Error::NoAnswer { .. })), "{outcome:?}");
    assert!(peer.seen().len() > 1, "the first answer alone took {deadline:?}");
    assert!(began.elapsed() < deadline * 3 / 2, "{:?}", began.elapsed());
}
