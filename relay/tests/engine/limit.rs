//! Whop's limit is kept, by all relays together, and nobody is starved.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use whop_relay::engine::{Engine, EngineSettings};
use whop_relay::question::{Later, Outcome, Question};
use whop_relay::store::Store;

use crate::support::{RedisServer, Setup, is_valid, later, numbered, question_from, with_lease};

/// All at once.
async fn all(engine: &Engine, questions: Vec<Question>) -> Vec<Outcome> {
    let mut checks = JoinSet::new();
    for question in questions {
        let engine = engine.clone();
        checks.spawn(async move { engine.check(&question).await });
    }
    checks.join_all().await
}

fn most_within(moments: &[Instant], window: Duration) -> usize {
    let within = |from: &Instant| moments.iter().filter(|at| **at >= *from && **at < *from + window).count();
    moments.iter().map(within).max().unwrap_or_default()
}

fn count(outcomes: &[Outcome]) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    for outcome in outcomes {
        *counted.entry(later(outcome).map_or("said", Later::name)).or_default() += 1;
    }
    counted
}

#[tokio::test(flavor = "multi_thread")]
async fn whop_never_sees_more_than_the_limit_whatever_comes() {
    let setup = Setup::new();
    let settings = EngineSettings { whop_limit: 4, ..setup.settings() };
    let engine = setup.engine_with(settings, Store::memory());
    let strangers = (0..500).map(|number| numbered(&format!("NO-{number}"), number));
    let leases = (500..1000).map(|number| with_lease(numbered(&format!("NO-{number}"), number)));
    let outcomes = all(&engine, strangers.chain(leases).collect()).await;
    let moments = setup.peer.moments("GET");
    assert!(moments.len() >= 10, "{}", moments.len());
    for seconds in [1, 2, 5] {
        let most = most_within(&moments, Duration::from_secs(seconds));
        // What is sent evenly may arrive a little unevenly.
        assert!(most as u64 <= 10 + 4 * seconds + 1, "{most} in {seconds} s");
    }
    let counted = count(&outcomes);
    assert!(counted.keys().all(|name| ["said", "limit_is_near", "not_proved"].contains(name)), "{counted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_relays_share_one_limit() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let settings = || EngineSettings { whop_limit: 4, ..setup.settings() };
    let engines: Vec<_> = (0..3).map(|_| setup.engine_with(settings(), redis.store())).collect();
    redis.refill();
    let mut checks = JoinSet::new();
    for number in 0..900 {
        let (engine, question) = (engines[number % 3].clone(), numbered(&format!("NO-{number}"), number));
        checks.spawn(async move { engine.check(&question).await });
    }
    checks.join_all().await;
    let moments = setup.peer.moments("GET");
    assert!(moments.len() >= 10, "{}", moments.len());
    for seconds in [1, 2, 5] {
        let most = most_within(&moments, Duration::from_secs(seconds));
        assert!(most as u64 <= 10 + 4 * seconds + 1, "{most} in {seconds} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_with_leases_are_served_while_strangers_guess() {
    let setup = Setup::new();
    let engine = setup.engine();
    let keys: Vec<_> = (0..12).map(|_| setup.buy()).collect();
    for (number, key) in keys.iter().enumerate() {
        setup.clock.forward(Duration::from_secs(2));
        assert!(is_valid(&engine.check(&numbered(key, number)).await));
    }
    setup.clock.forward(Duration::from_secs(16 * 60));
    let guesses = tokio::spawn({
        let engine = engine.clone();
        async move {
            let questions = (0..2000).map(|number| numbered(&format!("NO-{number}"), 100 + number));
            count(&all(&engine, questions.collect()).await)
        }
    });
    // They ask when the guesses are in the queue.
    while setup.peer.moments("GET NO-").len() < 3 {
        tokio::task::yield_now().await;
    }
    let mut checks = JoinSet::new();
    for (number, key) in keys.iter().enumerate() {
        let (engine, question) = (engine.clone(), with_lease(numbered(key, number)));
        checks.spawn(async move {
            let began = Instant::now();
            (is_valid(&engine.check(&question).await), began.elapsed())
        });
    }
    for (is_served, took) in checks.join_all().await {
        assert!(is_served && took < Duration::from_secs(2), "{is_served} {took:?}");
    }
    let guesses = guesses.await.unwrap();
    assert!(guesses["limit_is_near"] > 1500, "{guesses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stranger_with_a_good_key_goes_before_those_who_have_guessed() {
    let setup = Setup::new();
    let engine = setup.engine_with(EngineSettings { whop_limit: 2, ..setup.settings() }, Store::memory());
    let guesses = |of: &'static str| (0..8).map(move |number| numbered(&format!("{of}-{number}"), number));
    // Each has guessed once.
    for question in guesses("FIRST") {
        setup.clock.forward(Duration::from_secs(5));
        assert!(matches!(engine.check(&question).await, Outcome::Denied(_)));
    }
    let key = setup.buy();
    let engine_of_guesses = engine.clone();
    let guessing = tokio::spawn(async move { all(&engine_of_guesses, guesses("SECOND").collect()).await });
    while setup.peer.moments("GET SECOND").is_empty() {
        tokio::task::yield_now().await;
    }
    let before = setup.peer.moments("GET SECOND").len();
    assert!(is_valid(&engine.check(&question_from(&key, "mine", [192, 0, 2, 1])).await));
    let asked = setup.asked();
    let place = asked.iter().position(|line| *line == format!("GET {key}")).unwrap();
    let ahead = asked[..place].iter().filter(|line| line.starts_with("GET SECOND")).count();
    assert!(ahead <= before + 3, "{ahead} went before, of which {before} were through already");
    guessing.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn address_has_one_place_in_the_queue_and_does_not_push_out_others() {
    let setup = Setup::new();
    let engine = setup.engine_with(EngineSettings { whop_limit: 2, ..setup.settings() }, Store::memory());
    // As after a quiet time.
    engine.check(&question_from("SANDBOX-EXPIRED", "d", [192, 0, 2, 1])).await;
    setup.clock.forward(Duration::from_secs(60));
    let greedy = (0..100).map(|number| question_from(&format!("NO-{number}"), "d", [198, 51, 100, 1]));
    let keys: Vec<_> = (0..6).map(|_| setup.buy()).collect();
    let others = keys.iter().enumerate().map(|(number, key)| numbered(key, number));
    let outcomes = all(&engine, greedy.chain(others).collect()).await;
    let counted = count(&outcomes);
    assert!(counted["address_too_busy"] >= 90, "{counted:?}");
    assert_eq!(outcomes.iter().filter(|outcome| is_valid(outcome)).count(), 6, "{counted:?}");
}
