//! Whop is away, or asks for a pause, or the clock is wrong.

use std::time::Duration;

use serde_json::json;
use whop_relay::question::{Later, Outcome};

use crate::support::{ACTIVE, Act, RedisServer, Setup, is_valid, later, question};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn hour_without_whop_denies_nobody_and_is_over_at_once() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    setup.peer.set(|_| Act::Refuse);
    for minute in 0..60 {
        let known = engine.check(&question(ACTIVE, "mine")).await;
        match minute {
            0..15 => assert!(is_valid(&known), "{minute}: {known:?}"),
            _ => assert_eq!(later(&known), Some(Later::WhopIsAway), "{minute}: {known:?}"),
        }
        for key in ["SANDBOX-COMPLETED", "NO-SUCH", "SANDBOX-EXPIRED"] {
            let outcome = engine.check(&question(key, "mine")).await;
            assert_eq!(later(&outcome), Some(Later::WhopIsAway), "{outcome:?}");
        }
        setup.clock.forward(seconds(60));
    }
    setup.peer.set(|_| Act::Pass);
    for key in [ACTIVE, "SANDBOX-COMPLETED"] {
        assert!(is_valid(&engine.check(&question(key, "mine")).await));
    }
}

#[tokio::test]
async fn after_a_429_nobody_asks_until_its_wait_is_over() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    let Outcome::Later(Later::LimitIsNear, wait) = engine.check(&question("SANDBOX-429", "mine")).await else {
        panic!()
    };
    assert_eq!(wait, seconds(7));
    setup.peer.forget();
    setup.clock.forward(seconds(5));
    let outcome = engine.check(&question("SANDBOX-COMPLETED", "mine")).await;
    assert!(matches!(outcome, Outcome::Later(Later::LimitIsNear, wait) if wait <= seconds(2)), "{outcome:?}");
    assert!(engine.health().cooldown.is_some_and(|left| left <= seconds(2)));
    // What is kept needs no request.
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    assert!(setup.asked().is_empty(), "{:?}", setup.asked());
    setup.clock.forward(seconds(2));
    assert!(is_valid(&engine.check(&question("SANDBOX-COMPLETED", "mine")).await));
    assert_eq!(engine.health().cooldown, None);
}

#[tokio::test]
async fn after_a_429_nobody_asks_at_the_other_relays_either() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let [one, other] = [0; 2].map(|_| setup.engine_with(setup.settings(), redis.store()));
    assert_eq!(later(&one.check(&question("SANDBOX-429", "mine")).await), Some(Later::LimitIsNear));
    setup.peer.forget();
    let outcome = other.check(&question("SANDBOX-EXPIRED", "mine")).await;
    assert!(matches!(outcome, Outcome::Later(Later::LimitIsNear, wait) if wait <= seconds(7)), "{outcome:?}");
    assert!(setup.asked().is_empty());
    // As if the wait were over: first for all others, then for this one.
    redis.run::<()>(&["DEL", "whop-relay:cooldown"]);
    setup.clock.forward(seconds(7));
    assert!(matches!(other.check(&question("SANDBOX-EXPIRED", "mine")).await, Outcome::Known(_)));
}

#[tokio::test]
async fn odd_429_stops_the_relay_for_minutes_and_not_for_the_day_that_it_asks_for() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    // As a gateway may answer in place of Whop.
    let page = "HTTP/1.1 429 Too Many Requests\r\ncontent-type: text/html\r\nretry-after: 86400\r\n\
        content-length: 13\r\n\r\n<html></html>";
    setup.peer.set(move |_| Act::Answer(page.into()));
    for _ in 0..2 {
        let outcome = engine.check(&question("SANDBOX-COMPLETED", "mine")).await;
        assert_eq!(outcome, Outcome::Later(Later::LimitIsNear, seconds(300)));
        assert!(!engine.health().is_ready());
        setup.clock.forward(seconds(241));
        assert!(engine.health().cooldown.is_some() && engine.health().is_ready());
        setup.peer.forget();
        assert_eq!(later(&engine.check(&question("SANDBOX-COMPLETED", "mine")).await), Some(Later::LimitIsNear));
        assert!(setup.asked().is_empty());
        setup.clock.forward(seconds(60));
    }
    setup.peer.set(|_| Act::Pass);
    assert!(is_valid(&engine.check(&question("SANDBOX-COMPLETED", "mine")).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_without_the_time_of_whop_and_that_is_told() {
    let setup = Setup::new();
    for date in ["", "garbage", "Thu, 01 Jan 2026 00:00:00 GMT"] {
        let (engine, key) = (setup.engine(), setup.buy());
        setup.peer.set(move |_| Act::PassDated(date));
        setup.peer.forget();
        assert!(engine.health().is_ready(), "Whop was not asked yet");
        assert_eq!(later(&engine.check(&question(&key, "mine")).await), Some(Later::ClockIsWrong), "{date}");
        assert_eq!((setup.asked(), setup.metadata(&key)), (vec![format!("GET {key}")], json!({})), "{date}");
        assert!(engine.health().clock_wrong && !engine.health().is_ready(), "{date}");
        // As soon as it comes.
        setup.peer.set(|_| Act::Pass);
        setup.clock.forward(seconds(11));
        let began = std::time::Instant::now();
        while !is_valid(&engine.check(&question(&key, "mine")).await) {
            assert!(began.elapsed() < seconds(10), "{date}");
            tokio::task::yield_now().await;
        }
        assert!(engine.health().is_ready(), "{date}");
    }
}

#[tokio::test]
async fn nothing_is_said_while_the_clock_is_wrong_and_everything_as_soon_as_it_is_right() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    for wrong in [400, -400] {
        setup.clock.set_wall(wrong);
        for key in [ACTIVE, "SANDBOX-EXPIRED", "NO-SUCH", "SANDBOX-COMPLETED"] {
            assert_eq!(later(&engine.check(&question(key, "mine")).await), Some(Later::ClockIsWrong), "{wrong} {key}");
        }
        assert!(engine.health().clock_wrong);
        setup.clock.set_wall(-wrong);
        assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
        assert!(!engine.health().clock_wrong);
    }
    // One that was wrong before Whop was first asked.
    setup.clock.set_wall(400);
    let engine = setup.engine();
    for _ in 0..2 {
        assert_eq!(later(&engine.check(&question(ACTIVE, "mine")).await), Some(Later::ClockIsWrong));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_of_whop_that_was_wrong_once_is_asked_again() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    // Whop's clock is behind while it answers.
    setup.clock.set_wall(400);
    setup.clock.forward(seconds(16 * 60));
    assert_eq!(later(&engine.check(&question(ACTIVE, "mine")).await), Some(Later::ClockIsWrong));
    // Now all have the same time again: the engine learns it by asking.
    setup.clock.agree();
    setup.clock.forward(seconds(11));
    let began = std::time::Instant::now();
    while !is_valid(&engine.check(&question(ACTIVE, "mine")).await) {
        assert!(began.elapsed() < seconds(10));
        tokio::task::yield_now().await;
    }
}
