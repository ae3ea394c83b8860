//! A patch day: all customers start the program within a minute, most with a lease, some for the first time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use whop_license::lease::{self, Lease};
use whop_license::{Client, Verdict};

use super::{check_limit, seconds};
use crate::support::{Customer, Keys, Proxy, Redis, Relay, Said, Whop, ask, ask_patiently, figure, percentile};

pub struct Size {
    leased: u32,
    /// Of those, how many ask through the library itself.
    by_library: u32,
    first_uses: u32,
    within: Duration,
}

impl Size {
    pub const QUICK: Self = Self { leased: 270, by_library: 12, first_uses: 30, within: Duration::from_secs(3) };
    pub const DEEP: Self = Self { leased: 9000, by_library: 90, first_uses: 1000, within: Duration::from_secs(60) };
}

/// How a customer with a lease was served.
enum Served {
    Online(Duration),
    /// By his lease, after so long.
    Offline(Duration),
}

pub async fn run(size: Size) {
    let Some(redis) = Redis::start() else { return };
    let whop = Arc::new(Whop::start().await);
    let keys = Arc::new(Keys::new(&whop));
    let redis_url = redis.url();
    let relays: Vec<_> = (0..2).map(|_| Relay::start(&whop, &keys, &["--redis", &redis_url])).collect();
    let Some(proxy) = Proxy::before(&relays.iter().map(|relay| relay.address).collect::<Vec<_>>()) else { return };
    let to = proxy.address;

    let mut leased = Vec::new();
    for number in 0..size.leased {
        let customer = Customer::bound(&whop, &keys, number);
        let (keys, delay) = (keys.clone(), size.within.mul_f64(fastrand::f64()));
        leased.push(tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            match number < size.by_library {
                true => tokio::task::spawn_blocking(move || by_library(to, &keys, &customer)).await.unwrap(),
                false => by_hand(to, &keys, &customer).await,
            }
        }));
    }
    let mut first_uses = Vec::new();
    for number in 0..size.first_uses {
        let customer = Customer::bought(&whop, 1_000_000 + number);
        let (whop, keys, delay) = (whop.clone(), keys.clone(), size.within.mul_f64(fastrand::f64()));
        first_uses.push(tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            let began = Instant::now();
            let (said, count) = ask_patiently(to, &keys, &customer, Duration::from_secs(600)).await;
            assert_eq!(said, Some(Said::Allowed), "a first use");
            assert!(customer.is_stored(&whop), "allowed, and not stored");
            (began.elapsed(), count)
        }));
    }
    let began = Instant::now();
    let (mut online, mut offline, mut first, mut asked) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for served in leased {
        match served.await.unwrap() {
            Served::Online(time) => online.push(time),
            Served::Offline(time) => offline.push(time),
        }
    }
    for done in first_uses {
        let (time, count) = done.await.unwrap();
        first.push(time);
        asked += count;
    }
    let all = began.elapsed();

    figure("patch day: customers with a lease", "nobody denied", format!("{}, none denied", size.leased));
    let late = online.iter().chain(&offline).filter(|time| **time > Duration::from_secs(2)).count();
    for (how, times) in [("by a fresh answer", &mut online), ("by the lease", &mut offline)] {
        let measured =
            format!("{}, p99 {}, longest {}", times.len(), percentile_of(times, 99.0), percentile_of(times, 100.0));
        figure(&format!("patch day: served {how}"), "within 2 s", measured);
    }
    figure("patch day: with a lease, served after more than 2 s", "0", late);
    figure(
        "patch day: first uses",
        "all within 5 minutes",
        format!(
            "{} in {} since the first, longest {}, median {}, asked {:.1} times each",
            size.first_uses,
            seconds(all),
            percentile_of(&mut first, 100.0),
            percentile_of(&mut first, 50.0),
            f64::from(asked) / f64::from(size.first_uses)
        ),
    );
    check_limit(&whop, 8, "patch day");
}

/// As the library does: what is not signed stands back behind the lease.
async fn by_hand(to: std::net::SocketAddr, keys: &Keys, customer: &Customer) -> Served {
    let began = Instant::now();
    match ask(to, keys, customer).await {
        Ok(Said::Allowed) => Served::Online(began.elapsed()),
        Ok(Said::Later(..)) => Served::Offline(began.elapsed()),
        // A gateway's, and what is no answer.
        Ok(Said::Unsigned(502..=504)) | Err(_) => Served::Offline(began.elapsed()),
        other => panic!("a customer with a lease: {other:?}"),
    }
}

fn by_library(to: std::net::SocketAddr, keys: &Keys, customer: &Customer) -> Served {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("lease");
    let lease = Lease::verify(customer.lease.as_ref().unwrap(), &keys.trusted).unwrap();
    std::fs::write(&file, lease::file(&[lease])).unwrap();
    let mut client = Client::relay(&format!("http://{to}"), &keys.public_key);
    let client = client.product_id("prod_sandbox").lease_file(file.to_str().unwrap()).build().unwrap();
    let began = Instant::now();
    let verdict = client.validate_license(&customer.license_key, &*format!(r#"{{"hwid":"{}"}}"#, customer.device));
    let took = began.elapsed();
    let Ok(Verdict::Allowed(membership)) = &verdict else { panic!("a customer with a lease: {verdict:?}") };
    match membership.answer().is_offline() {
        true => Served::Offline(took),
        false => Served::Online(took),
    }
}

fn percentile_of(times: &mut [Duration], of_hundred: f64) -> String {
    seconds(percentile(of_hundred, times))
}
