//! Redis is killed and comes back empty: who is bound is served, first uses wait, and no two devices win.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use whop_license::lease::Reason;

use super::seconds;
use crate::support::{Connection, Customer, Keys, Redis, Relay, Said, Whop, ask, ask_patiently, figure};

pub struct Size {
    times: u32,
}

impl Size {
    pub const QUICK: Self = Self { times: 1 };
    pub const DEEP: Self = Self { times: 20 };
}

pub async fn run(size: Size) {
    let Some(mut redis) = Redis::start() else { return };
    let whop = Arc::new(Whop::without_limit().await);
    let keys = Arc::new(Keys::new(&whop));
    let redis_url = redis.url();
    let more = ["--redis", &redis_url, "--whop-limit", "50"];
    let relays = [Relay::start(&whop, &keys, &more), Relay::start(&whop, &keys, &more)];
    let to = relays.each_ref().map(|relay| relay.address);

    let first = Customer::bought(&whop, 1);
    let began = Instant::now();
    let (said, _) = ask_patiently(to[0], &keys, &first, Duration::from_secs(60)).await;
    assert_eq!(said, Some(Said::Allowed));
    figure("Redis has just begun: until a first use is served", "nobody denied", seconds(began.elapsed()));
    for time in 0..size.times {
        let base = 100_000 * (time + 1);
        // Some are known to the relays, some are not.
        let known: Vec<_> = (0..5).map(|number| Customer::bound(&whop, &keys, base + number)).collect();
        for (number, customer) in known.iter().enumerate() {
            assert_eq!(ask(to[number % 2], &keys, customer).await.unwrap(), Said::Allowed);
        }
        // First uses that are under way while Redis ends.
        let mut under_way = JoinSet::new();
        for license in 0..5 {
            let license = Customer::bought(&whop, base + 10 + license);
            for device in 0..6 {
                let customer = license.on_device(base + 1000 + 10 * under_way.len() as u32 + device);
                let (keys, to) = (keys.clone(), to[device as usize % 2]);
                under_way.spawn(async move {
                    tokio::time::sleep(Duration::from_millis(fastrand::u64(0..60))).await;
                    (ask_patiently(to, &keys, &customer, Duration::from_secs(120)).await.0, customer)
                });
            }
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..60))).await;
        redis.kill();
        for (number, customer) in known.iter().enumerate() {
            assert_eq!(ask(to[number % 2], &keys, customer).await.unwrap(), Said::Allowed, "known, without Redis");
        }
        let stranger = Customer::bought(&whop, base + 30);
        for to in to {
            let said = ask(to, &keys, &stranger).await.unwrap();
            assert!(matches!(said, Said::Later(503, Some(_))), "a first use without Redis: {said:?}");
        }
        let unknown = Customer::bound(&whop, &keys, base + 31);
        let said = ask(to[0], &keys, &unknown).await.unwrap();
        assert_eq!(said, Said::Allowed, "bound, unknown to the relay, without Redis");

        redis.start_again();
        let back = Instant::now();
        let (said, _) = ask_patiently(to[0], &keys, &stranger, Duration::from_secs(60)).await;
        assert_eq!(said, Some(Said::Allowed));
        if time == 0 {
            figure("Redis killed and back: until a first use is served", "nobody denied", seconds(back.elapsed()));
        }
        settle(under_way.join_all().await, &whop);
    }
    never_two(&relays, &keys, &whop, size.times).await;
}

/// One device of each license was let in, and it is the one that is stored.
fn settle(all: Vec<(Option<Said>, Customer)>, whop: &Whop) {
    for (said, customer) in &all {
        let expected = if customer.is_stored(whop) { Said::Allowed } else { Said::Denied(Reason::DeviceMismatch) };
        assert_eq!(said.as_ref(), Some(&expected), "first uses while Redis ended");
    }
    assert_eq!(all.iter().filter(|(said, _)| *said == Some(Said::Allowed)).count(), 5);
}

/// A device that was let in is let in again, by each relay.
async fn never_two(relays: &[Relay], keys: &Keys, whop: &Whop, times: u32) {
    for time in 0..times {
        for relay in relays {
            let customer =
                Customer::new(&format!("BOUGHT-{:06}", 100_000 * (time + 1) + 30), 100_000 * (time + 1) + 30);
            assert!(customer.is_stored(whop));
            let mut connection = Connection::open(relay.address, customer.address).await.unwrap();
            assert_eq!(connection.ask(keys, &customer).await.unwrap().said(keys, &customer), Said::Allowed);
        }
    }
}
