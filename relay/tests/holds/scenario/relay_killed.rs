//! A relay is killed in the middle of a first use: the device that is stored, and no other, is let in by the next relay.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use whop_license::lease::Reason;

use super::seconds;
use crate::support::{
    Customer, Keys, Operation, Proxy, Redis, Relay, Said, Side, Whop, ask, ask_patiently, figure, percentile,
};

const LONGEST: Duration = Duration::from_secs(120);

pub async fn run((): ()) {
    tokio::join!(killed(Side::Before), killed(Side::After));
}

async fn killed(side: Side) {
    let Some(redis) = Redis::start() else { return };
    let whop = Whop::start().await;
    let keys = Keys::new(&whop);
    let redis_url = redis.url();
    let mut first = Relay::start(&whop, &keys, &["--redis", &redis_url]);
    let second = Relay::start(&whop, &keys, &["--redis", &redis_url]);
    // A Redis that has just begun may have forgotten locks: nobody is bound for as long as those could last.
    let (said, _) = ask_patiently(second.address, &keys, &Customer::bought(&whop, 3), LONGEST).await;
    assert_eq!(said, Some(Said::Allowed));
    let device = Customer::bought(&whop, 1);
    let other = device.on_device(2);

    let mut held = whop.gate.hold(Operation::Update, side);
    let lost = {
        let asked = ask(first.address, &keys, &device);
        let killed = async {
            tokio::time::timeout(LONGEST, held.reached()).await.expect("nothing was written");
            first.program.kill();
        };
        tokio::join!(asked, killed).0
    };
    let killed = Instant::now();
    drop(held);
    assert!(lost.is_err(), "answered by a relay that was killed: {lost:?}");
    assert_eq!(device.is_stored(&whop), side == Side::After);

    // Both try from now on, as players do.
    let both = tokio::join!(
        ask_patiently(second.address, &keys, &device, LONGEST),
        ask_patiently(second.address, &keys, &other, LONGEST),
    );
    let recovered = killed.elapsed();
    let ((said, _), (others, _)) = both;
    let (denied, allowed) = (Some(Said::Denied(Reason::DeviceMismatch)), Some(Said::Allowed));
    assert_eq!((said == allowed, others == allowed), (device.is_stored(&whop), other.is_stored(&whop)));
    match side {
        Side::After => assert_eq!((said, others), (allowed, denied), "what was stored is who is let in"),
        Side::Before => {
            assert!([(&allowed, &denied), (&denied, &allowed)].contains(&(&said, &others)), "{said:?} {others:?}")
        }
    }
    let when = if side == Side::Before { "before Whop had it" } else { "after Whop had it" };
    figure(
        &format!("relay killed in a first use, {when}: until both devices have their answer"),
        "no device bound that lost",
        seconds(recovered),
    );
}

/// Again and again, at any moment, while many devices ask for several licenses.
pub async fn at_random(rounds: u32) {
    let Some(redis) = Redis::start() else { return };
    let whop = Arc::new(Whop::without_limit().await);
    let keys = Arc::new(Keys::new(&whop));
    let redis_url = redis.url();
    let more = ["--redis", &redis_url, "--whop-limit", "100"];
    let mut relays = [(); 3].map(|()| Relay::start(&whop, &keys, &more));
    let Some(proxy) = Proxy::before(&relays.each_ref().map(|relay| relay.address)) else { return };
    let to = proxy.address;
    let mut times = Vec::new();
    for round in 0..rounds {
        let began = Instant::now();
        let mut asking = JoinSet::new();
        for number in 0..4 {
            let license = Customer::bought(&whop, 10 * round + number);
            for device in 0..40 {
                let customer = license.on_device(100_000 + 1000 * round + 100 * number + device);
                let keys = keys.clone();
                asking.spawn(async move { (ask_patiently(to, &keys, &customer, LONGEST).await.0, customer) });
            }
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..1500))).await;
        let relay = &mut relays[round as usize % 3];
        relay.program.kill();
        relay.start_again(&whop, &keys, &more);
        let mut allowed = 0;
        for (said, customer) in asking.join_all().await {
            let stored = customer.is_stored(&whop);
            let expected = if stored { Said::Allowed } else { Said::Denied(Reason::DeviceMismatch) };
            assert_eq!(said, Some(expected), "round {round}");
            allowed += usize::from(stored);
        }
        assert_eq!(allowed, 4, "round {round}");
        times.push(began.elapsed());
    }
    figure(
        "one of three relays killed and started again while 160 devices ask for 4 licenses",
        "no device bound that lost",
        format!(
            "{rounds} times; all had their answer after {} (median), {} (longest)",
            seconds(percentile(50.0, &mut times)),
            seconds(percentile(100.0, &mut times))
        ),
    );
}
