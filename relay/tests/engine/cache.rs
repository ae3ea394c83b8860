//! What is kept, for how long, and when Whop is asked again.

use std::time::Duration;

use tokio::task::JoinSet;
use whop_license::lease::Reason;
use whop_relay::engine::EngineSettings;
use whop_relay::question::{Later, Outcome};
use whop_relay::store::Store;

use crate::support::{Act, Gate, Setup, begin, is_valid, later, numbered, question};

const ELSEWHERE: Outcome = Outcome::Denied(Reason::DeviceMismatch);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn grant_is_never_older_than_its_time_counted_from_when_whop_was_asked() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    setup.clock.forward(seconds(15 * 60 - 5));
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    // Whop is away: what is kept is not used for longer.
    setup.peer.set(|_| Act::Refuse);
    setup.clock.forward(seconds(6));
    assert_eq!(later(&engine.check(&question(&key, "mine")).await), Some(Later::WhopIsAway));
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_that_takes_long_is_as_old_as_its_question() {
    let setup = Setup::new();
    let settings = EngineSettings { cache_allowed: seconds(60), ..setup.settings() };
    let engine = setup.engine_with(settings, Store::memory());
    let (key, gate) = (setup.buy(), Gate::default());
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    setup.clock.forward(seconds(61));
    setup.peer.set({
        let gate = gate.clone();
        move |_| Act::HoldAnswer(gate.clone())
    });
    let check = begin(&engine, question(&key, "mine"));
    gate.reached().await;
    setup.clock.forward(seconds(59));
    gate.open();
    assert!(is_valid(&check.await.unwrap()));
    setup.peer.set(|_| Act::Refuse);
    setup.clock.forward(seconds(2));
    assert_eq!(later(&engine.check(&question(&key, "mine")).await), Some(Later::WhopIsAway));
}

#[tokio::test]
async fn machine_that_slept_has_grown_older_all_the_same() {
    let setup = Setup::new();
    let engine = setup.engine_with(EngineSettings { cache_allowed: seconds(60), ..setup.settings() }, Store::memory());
    let key = setup.buy();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    setup.peer.set(|_| Act::Refuse);
    // Less than what makes the clock a wrong one.
    setup.clock.set_wall(61);
    assert_eq!(later(&engine.check(&question(&key, "mine")).await), Some(Later::WhopIsAway));
}

#[tokio::test]
async fn what_does_not_entitle_is_asked_again_after_a_minute() {
    let setup = Setup::new();
    let engine = setup.engine();
    for key in ["SANDBOX-EXPIRED", "SANDBOX-OTHER-PRODUCT", "NO-SUCH"] {
        setup.peer.forget();
        let first = engine.check(&question(key, "mine")).await;
        setup.clock.forward(seconds(55));
        assert_eq!(engine.check(&question(key, "mine")).await, first);
        let asked = || setup.asked().iter().filter(|line| **line == format!("GET {key}")).count();
        assert_eq!(asked(), 1, "{key}");
        setup.clock.forward(seconds(6));
        assert_eq!(engine.check(&question(key, "mine")).await, first);
        assert_eq!(asked(), 2, "{key}");
    }
}

#[tokio::test]
async fn another_device_has_whop_asked_again_once_in_ten_seconds() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    setup.peer.forget();
    for number in 0..20 {
        assert_eq!(engine.check(&question(&key, &format!("other-{number}"))).await, ELSEWHERE);
    }
    assert!(setup.asked().is_empty(), "it was read a moment ago");
    setup.clock.forward(seconds(11));
    for number in 0..20 {
        assert_eq!(engine.check(&question(&key, &format!("other-{number}"))).await, ELSEWHERE);
    }
    assert_eq!(setup.asked(), [format!("GET {key}")]);
    // The buyer presses "Reset key": the next device has it ten seconds later.
    setup.reset(&key);
    assert_eq!(engine.check(&question(&key, "new")).await, ELSEWHERE);
    setup.clock.forward(seconds(11));
    assert!(is_valid(&engine.check(&question(&key, "new")).await));
    assert_eq!(engine.check(&question(&key, "mine")).await, ELSEWHERE);
}

#[tokio::test]
async fn another_device_is_denied_from_what_is_a_minute_old_at_the_most() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    setup.peer.set(|_| Act::Refuse);
    setup.clock.forward(seconds(55));
    assert_eq!(engine.check(&question(&key, "other")).await, ELSEWHERE);
    setup.clock.forward(seconds(10));
    setup.peer.forget();
    for _ in 0..20 {
        assert!(later(&engine.check(&question(&key, "other")).await).is_some());
    }
    assert!(setup.asked().len() <= 1, "{:?}", setup.asked());
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_questions_at_once_are_asked_once() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    assert!(is_valid(&engine.check(&numbered(&key, 7)).await));
    setup.clock.forward(seconds(16 * 60));
    setup.peer.forget();
    let mut checks = JoinSet::new();
    for _ in 0..50 {
        let (engine, question) = (engine.clone(), numbered(&key, 7));
        checks.spawn(async move { engine.check(&question).await });
    }
    assert!(checks.join_all().await.iter().all(is_valid));
    assert_eq!(setup.asked(), [format!("GET {key}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_before_a_license_was_forgotten_is_not_kept() {
    let setup = Setup::new();
    let engine = setup.engine();
    let (key, gate) = (setup.buy(), Gate::default());
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    setup.clock.forward(seconds(16 * 60));
    setup.peer.set({
        let gate = gate.clone();
        move |_| Act::HoldAnswer(gate.clone())
    });
    let check = begin(&engine, question(&key, "mine"));
    gate.reached().await;
    setup.reset(&key);
    engine.forget(&key).await;
    gate.open();
    assert!(is_valid(&check.await.unwrap()), "as it was when it was asked");
    setup.peer.set(|_| Act::Pass);
    setup.peer.forget();
    assert!(is_valid(&engine.check(&question(&key, "new")).await));
    assert_eq!(setup.asked(), [format!("GET {key}"), format!("PATCH {key}")]);
}
