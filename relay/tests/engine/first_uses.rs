//! First uses of one license are one at a time, whichever relay they come to.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use whop_license::lease::Reason;
use whop_relay::engine::Engine;
use whop_relay::question::{Later, Outcome};

use crate::support::{Act, Gate, RedisServer, Setup, begin, is_valid, later, numbered, question};

/// Many devices at once, spread over the engines. The device that got the license, and how it went.
async fn rush(engines: &[Engine], key: &str, devices: usize) -> Vec<(usize, Outcome)> {
    let (key, mut checks) = (Arc::<str>::from(key), JoinSet::new());
    for number in 0..devices {
        let (engine, key) = (engines[number % engines.len()].clone(), key.clone());
        checks.spawn(async move { (number, engine.check(&numbered(&key, number)).await) });
    }
    checks.join_all().await
}

fn winners(outcomes: &[(usize, Outcome)]) -> Vec<String> {
    for (_, outcome) in outcomes {
        let is_expected = is_valid(outcome)
            || *outcome == Outcome::Denied(Reason::DeviceMismatch)
            || matches!(later(outcome), Some(BUSY | AWAY | Later::LimitIsNear));
        assert!(is_expected, "{outcome:?}");
    }
    let valid = outcomes.iter().filter(|(_, outcome)| is_valid(outcome));
    valid.map(|(number, _)| format!("device-{number}")).collect()
}

const BUSY: Later = Later::LicenseTooBusy;
const AWAY: Later = Later::StoreIsAway;

/// How often the long test runs: `RUNS=300` for the deep one.
fn runs() -> usize {
    std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(50)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_devices_at_three_relays_exactly_one_wins_and_whop_has_stored_it() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let engines: Vec<_> = (0..3).map(|_| setup.engine_with(setup.settings(), redis.store())).collect();
    setup.settle(&engines).await;
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..runs() {
        redis.refill();
        let key = setup.buy();
        let mut outcomes = rush(&engines, &key, 200).await;
        // A machine that is busy may leave Redis without an answer for a second: then all come back.
        while winners(&outcomes).is_empty() && outcomes.iter().any(|(_, outcome)| later(outcome) == Some(AWAY)) {
            outcomes = rush(&engines, &key, 200).await;
        }
        let winners = winners(&outcomes);
        let stored = setup.metadata(&key)["hwid"].as_str().unwrap_or_default().to_owned();
        assert_eq!(winners, [stored]);
        for (_, outcome) in outcomes {
            let name = match outcome {
                Outcome::Later(later, _) => later.name(),
                Outcome::Denied(_) => "denied",
                Outcome::Known(_) => "valid",
            };
            *seen.entry(name.into()).or_default() += 1;
        }
        // Once each, whatever came meanwhile.
        let written = setup.asked().iter().filter(|line| **line == format!("PATCH {key}")).count();
        assert_eq!(written, 1);
    }
    eprintln!("{seen:?}, asked {} times", setup.asked().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_devices_at_one_relay_exactly_one_wins() {
    let setup = Setup::new();
    let engine = setup.engine();
    for _ in 0..20 {
        setup.clock.forward(Duration::from_secs(60));
        let key = setup.buy();
        let winners = winners(&rush(std::slice::from_ref(&engine), &key, 200).await);
        assert_eq!(winners, [setup.metadata(&key)["hwid"].as_str().unwrap_or_default()]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_wait_for_a_license_and_more_are_told_to_come_back() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    let gate = Gate::default();
    setup.peer.set({
        let gate = gate.clone();
        move |line| if line.starts_with("PATCH") { Act::HoldAnswer(gate.clone()) } else { Act::Pass }
    });
    let first = begin(&engine, numbered(&key, 0));
    gate.reached().await;
    let mut others = JoinSet::new();
    for number in 1..=30 {
        let (engine, question) = (engine.clone(), numbered(&key, number));
        others.spawn(async move { engine.check(&question).await });
    }
    let mut outcomes = Vec::new();
    while outcomes.len() < 22 {
        outcomes.push(others.join_next().await.unwrap().unwrap());
    }
    assert!(outcomes.iter().all(|outcome| later(outcome) == Some(Later::LicenseTooBusy)), "{outcomes:?}");
    gate.open();
    assert!(is_valid(&first.await.unwrap()));
    let waited = others.join_all().await;
    assert!(waited.iter().all(|outcome| *outcome == Outcome::Denied(Reason::DeviceMismatch)), "{waited:?}");
    assert_eq!(waited.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn customer_who_hangs_up_has_his_device_bound_all_the_same() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    let gate = Gate::default();
    setup.peer.set({
        let gate = gate.clone();
        move |line| if line.starts_with("PATCH") { Act::Hold(gate.clone()) } else { Act::Pass }
    });
    let check = begin(&engine, question(&key, "mine"));
    gate.reached().await;
    check.abort();
    assert!(check.await.unwrap_err().is_cancelled());
    gate.open();
    // Waits for its turn, which comes when the first one is done.
    assert_eq!(engine.check(&question(&key, "another")).await, Outcome::Denied(Reason::DeviceMismatch));
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    assert_eq!(setup.asked(), [format!("GET {key}"), format!("PATCH {key}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lost_answer_nobody_writes_until_the_lock_has_ended_and_whop_is_read_first() {
    let setup = Setup::new();
    let engine = setup.engine();
    for is_written in [true, false] {
        let key = setup.buy();
        setup.peer.set(move |line| match line.starts_with("PATCH") {
            true if is_written => Act::LoseAnswer,
            true => Act::Refuse,
            false => Act::Pass,
        });
        assert_eq!(later(&engine.check(&question(&key, "mine")).await), Some(Later::WhopIsAway));
        setup.peer.set(|_| Act::Pass);
        setup.peer.forget();
        let another = engine.check(&question(&key, "another")).await;
        match is_written {
            // That it was written is read, and so it is a yes for the one and a no for the other.
            true => {
                assert_eq!(another, Outcome::Denied(Reason::DeviceMismatch));
                assert!(is_valid(&engine.check(&question(&key, "mine")).await));
            }
            // It may still be written.
            false => {
                assert_eq!(later(&another), Some(Later::LicenseTooBusy), "{another:?}");
                assert_eq!(later(&engine.check(&question(&key, "mine")).await), Some(Later::LicenseTooBusy));
                assert_eq!(setup.asked(), [format!("GET {key}")]);
                setup.clock.forward(Duration::from_secs(20));
                assert!(is_valid(&engine.check(&question(&key, "another")).await));
                assert_eq!(setup.asked()[1..], [format!("GET {key}"), format!("PATCH {key}")]);
            }
        }
    }
}
