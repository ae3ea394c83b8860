//! A game's patch day, as it goes at the engine: for `make test-deep`, since it takes minutes.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use whop_relay::question::{Later, Outcome};
use whop_relay::store::Store;

use crate::support::{Setup, is_valid, numbered, with_lease};

const CUSTOMERS: usize = 9_000;
const NEW: usize = 1_000;
const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn patch_day_denies_nobody_and_every_first_use_is_done_within_five_minutes() {
    let setup = Setup::new();
    let engine = setup.engine_with(setup.settings(), Store::memory());
    let keys: Vec<_> = (0..CUSTOMERS + NEW).map(|_| setup.buy()).collect();
    let began = Instant::now();
    let (mut leases, mut first_uses) = (JoinSet::new(), JoinSet::new());
    for (number, key) in keys.iter().enumerate() {
        let (engine, question) = (engine.clone(), numbered(key, number));
        // Spread over the minute, in no order.
        let at = MINUTE.mul_f64((number * 7919 % keys.len()) as f64 / keys.len() as f64);
        if number < CUSTOMERS {
            leases.spawn(async move {
                tokio::time::sleep(at).await;
                let asked = Instant::now();
                let outcome = engine.check(&with_lease(question)).await;
                (outcome, asked.elapsed())
            });
        } else {
            first_uses.spawn(async move {
                tokio::time::sleep(at).await;
                loop {
                    match engine.check(&question).await {
                        Outcome::Later(Later::LimitIsNear | Later::AddressTooBusy, wait) => {
                            tokio::time::sleep(wait).await;
                        }
                        outcome => return (outcome, began.elapsed()),
                    }
                }
            });
        }
    }
    let (mut served, mut slowest) = (0, Duration::ZERO);
    for (outcome, took) in leases.join_all().await {
        // Whoever comes back with nothing runs from the lease.
        let is_later = matches!(outcome, Outcome::Later(Later::LimitIsNear, _));
        assert!(is_valid(&outcome) || is_later, "{outcome:?}");
        served += usize::from(is_valid(&outcome));
        slowest = slowest.max(took);
    }
    let outcomes = first_uses.join_all().await;
    assert!(outcomes.iter().all(|(outcome, _)| is_valid(outcome)));
    let last = outcomes.iter().map(|(_, at)| *at).max().unwrap_or_default();
    println!(
        "{served} of {CUSTOMERS} served from Whop, the slowest answer after {slowest:?}; {NEW} first uses by {last:?}"
    );
    assert!(slowest < Duration::from_secs(2), "{slowest:?}");
    assert!(last < 5 * MINUTE, "{last:?}");
    for operation in ["GET", "PATCH", "LIST"] {
        let moments = setup.peer.moments(operation);
        let within = |from: &Instant| moments.iter().filter(|at| **at >= *from && **at < *from + MINUTE).count();
        let most = moments.iter().map(within).max().unwrap_or_default();
        println!("{operation}: {} in all, {most} in a minute at the most", moments.len());
        assert!(most <= 600);
    }
}
