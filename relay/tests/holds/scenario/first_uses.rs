//! One license, many devices at the same moment, three relays: one wins, and that is who Whop has stored.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use whop_license::lease::Reason;

use super::seconds;
use crate::support::{Customer, Keys, Operation, Proxy, Redis, Relay, Said, Whop, ask_patiently, figure, percentile};

pub struct Size {
    runs: u32,
    /// How many runs go on at the same time.
    at_once: usize,
}

impl Size {
    pub const QUICK: Self = Self { runs: 10, at_once: 2 };
    pub const DEEP: Self = Self { runs: 300, at_once: 3 };
}

const DEVICES: u32 = 200;

pub async fn run(size: Size) {
    let Some(redis) = Redis::start() else { return };
    let whop = Arc::new(Whop::without_limit().await);
    let keys = Arc::new(Keys::new(&whop));
    let redis_url = redis.url();
    let relays: Vec<_> =
        (0..3).map(|_| Relay::start(&whop, &keys, &["--redis", &redis_url, "--whop-limit", "200"])).collect();
    let Some(proxy) = Proxy::before(&relays.iter().map(|relay| relay.address).collect::<Vec<_>>()) else { return };

    let turns = Arc::new(Semaphore::new(size.at_once));
    let mut runs = JoinSet::new();
    let began = Instant::now();
    for number in 0..size.runs {
        let (whop, keys, turns) = (whop.clone(), keys.clone(), turns.clone());
        let to = proxy.address;
        runs.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            one(number, &whop, &keys, to).await
        });
    }
    let mut times: Vec<Duration> = runs.join_all().await;
    let mut writes = HashMap::<String, usize>::new();
    for passed in whop.gate.passed().into_iter().filter(|passed| passed.operation == Operation::Update) {
        *writes.entry(passed.id).or_default() += 1;
    }
    let most = writes.values().max().copied().unwrap_or_default();
    figure(
        "200 first uses of one license at once, through three relays",
        "one wins, and is stored, in each run",
        format!(
            "{} runs of {}, {} in all, median {}, longest {}; most writes of one license {most}",
            times.len(),
            size.runs,
            seconds(began.elapsed()),
            seconds(percentile(50.0, &mut times)),
            seconds(percentile(100.0, &mut times))
        ),
    );
    assert_eq!(most, 1, "a license was written twice");
}

/// One license. Gives the time until the last device had its answer.
async fn one(number: u32, whop: &Arc<Whop>, keys: &Arc<Keys>, to: std::net::SocketAddr) -> Duration {
    let license = Customer::bought(whop, number);
    let began = Instant::now();
    let mut devices = JoinSet::new();
    for device in 0..DEVICES {
        let customer = license.on_device(10_000 + number * DEVICES + device);
        let keys = keys.clone();
        devices.spawn(async move {
            let (said, _) = ask_patiently(to, &keys, &customer, Duration::from_secs(120)).await;
            (customer, said)
        });
    }
    let all = devices.join_all().await;
    let time = began.elapsed();
    let won: Vec<_> = all.iter().filter(|(_, said)| *said == Some(Said::Allowed)).collect();
    let lost = all.iter().filter(|(_, said)| *said == Some(Said::Denied(Reason::DeviceMismatch))).count();
    let others: Vec<_> = all
        .iter()
        .map(|(_, said)| said)
        .filter(|said| !matches!(said, Some(Said::Allowed | Said::Denied(_))))
        .collect();
    assert_eq!((won.len(), lost), (1, DEVICES as usize - 1), "run {number}: {others:?}");
    assert!(won[0].0.is_stored(whop), "run {number}: the winner is not who is stored");
    time
}
