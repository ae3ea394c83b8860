//! Whop says 429 with a wait: until it is over no relay asks.

use std::time::{Duration, Instant};

use super::seconds;
use crate::support::{Customer, Keys, Redis, Relay, Said, Way, Whop, ask, ask_patiently, figure};

const WAIT: u32 = 4;

pub async fn run((): ()) {
    let Some(redis) = Redis::start() else { return };
    let whop = Whop::start().await;
    let keys = Keys::new(&whop);
    let redis_url = redis.url();
    let relays = [(); 2].map(|()| Relay::start(&whop, &keys, &["--redis", &redis_url]));
    let cached = Customer::bound(&whop, &keys, 1);
    for relay in &relays {
        assert_eq!(ask(relay.address, &keys, &cached).await.unwrap(), Said::Allowed);
    }

    whop.gate.set(Way::TooMany(WAIT));
    let refused = Customer::bound(&whop, &keys, 2);
    let said = ask(relays[0].address, &keys, &refused).await.unwrap();
    let told = Instant::now();
    let Said::Later(429 | 503, Some(wait)) = said else { panic!("after Whop's 429: {said:?}") };
    assert!((1..=u64::from(WAIT) + 1).contains(&wait), "{wait} s");
    whop.gate.set(Way::Open);

    let before = whop.gate.count();
    let mut number = 10;
    while told.elapsed() + Duration::from_millis(500) < Duration::from_secs(WAIT.into()) {
        for relay in &relays {
            number += 1;
            let said = ask(relay.address, &keys, &Customer::bound(&whop, &keys, number)).await.unwrap();
            let is_in_time = told.elapsed() < Duration::from_secs(WAIT.into());
            assert!(!is_in_time || matches!(said, Said::Later(..)), "{said:?}");
            assert_eq!(ask(relay.address, &keys, &cached).await.unwrap(), Said::Allowed, "what is cached is told");
        }
    }
    let early = whop.gate.passed()[before..]
        .iter()
        .filter(|passed| passed.asked - told < Duration::from_secs_f64(f64::from(WAIT) - 0.2))
        .count();
    assert_eq!(early, 0, "asked before the wait was over");
    let (said, _) = ask_patiently(relays[1].address, &keys, &refused, Duration::from_secs(60)).await;
    assert_eq!(said, Some(Said::Allowed));
    figure(
        "429 of Whop with a wait of 4 s, two relays: requests before it is over; served again after",
        "0; nobody denied",
        format!("{early}; {}", seconds(told.elapsed())),
    );
}
