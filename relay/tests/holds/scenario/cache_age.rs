//! What is told of a license was read at Whop within the cache's time, through however many relays it went.

use std::time::{Duration, Instant};

use crate::support::{Connection, Customer, Keys, Operation, Redis, Relay, Said, Whop, figure};

const CACHE: Duration = Duration::from_secs(3);
/// Between what the gate and the relay note.
const SLACK: Duration = Duration::from_millis(500);

pub async fn run((): ()) {
    let Some(redis) = Redis::start() else { return };
    let whop = Whop::start().await;
    let keys = Keys::new(&whop);
    let redis_url = redis.url();
    let relays = [(); 2].map(|()| Relay::start(&whop, &keys, &["--redis", &redis_url, "--cache-allowed", "3s"]));
    let customer = Customer::bound(&whop, &keys, 1);
    let mut connections = Vec::new();
    for relay in &relays {
        connections.push(Connection::open(relay.address, customer.address).await.unwrap());
    }

    let began = Instant::now();
    let (mut grants, mut oldest) = (0_u32, Duration::ZERO);
    while began.elapsed() < 4 * CACHE {
        for connection in &mut connections {
            let asked = Instant::now();
            if connection.ask(&keys, &customer).await.unwrap().said(&keys, &customer) != Said::Allowed {
                continue;
            }
            grants += 1;
            // The last reading whose answer this can be.
            let now = Instant::now();
            let readings = whop.gate.passed().into_iter().filter(|passed| passed.operation == Operation::Read);
            let answered =
                readings.filter_map(|passed| passed.answered).filter(|(at, status)| *status == 200 && *at <= now);
            let read = answered.map(|(at, _)| at).max().expect("allowed without a reading");
            oldest = oldest.max(asked.saturating_duration_since(read));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let reads = whop.gate.times(Operation::Read).len();
    assert!(oldest <= CACHE + SLACK, "a grant was {oldest:?} old");
    assert!(grants > 100, "{grants} grants");
    assert!(reads <= 2 * 5, "{reads} readings: nothing was cached");
    figure(
        "oldest of the cached grants of two relays on one Redis, cache of 3 s",
        "<= 3.00 s",
        format!("{:.2} s, of {grants} grants with {reads} readings", oldest.as_secs_f64()),
    );
}
