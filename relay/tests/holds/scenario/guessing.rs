//! Random license keys from many addresses, as fast as they are answered: customers go on, and so do first uses.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use whop_license::lease::Reason;

use super::{check_limit, seconds};
use crate::support::{
    Connection, Customer, Keys, Proxy, Redis, Relay, Said, Whop, ask, ask_patiently, figure, percentile,
};

pub struct Size {
    guesses: u64,
    addresses: u32,
    customers: u32,
    strangers: u32,
}

impl Size {
    pub const QUICK: Self = Self { guesses: 3000, addresses: 200, customers: 20, strangers: 3 };
    pub const DEEP: Self = Self { guesses: 1_000_000, addresses: 1000, customers: 100, strangers: 20 };
}

#[derive(Default)]
struct Heard {
    stop: AtomicBool,
    guesses: AtomicU64,
    later: AtomicU64,
    not_found: AtomicU64,
    broken: AtomicU64,
}

pub async fn run(size: Size) {
    let Some(redis) = Redis::start() else { return };
    let whop = Arc::new(Whop::start().await);
    let keys = Arc::new(Keys::new(&whop));
    let control = Customer::bought(&whop, 999_999);
    let redis_url = redis.url();
    let more = ["--redis", &redis_url, "--control", &control.license_key];
    let relays = [(); 2].map(|()| Relay::start(&whop, &keys, &more));
    let Some(proxy) = Proxy::before(&relays.each_ref().map(|relay| relay.address)) else { return };
    let to = proxy.address;

    let (heard, began) = (Arc::new(Heard::default()), Instant::now());
    let mut guessers = JoinSet::new();
    for number in 0..size.addresses {
        guessers.spawn(guess(to, keys.clone(), heard.clone(), 200_000 + number));
    }
    while heard.guesses.load(Ordering::Relaxed) < u64::from(size.addresses) {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody can guess");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let mut customers = JoinSet::new();
    for number in 0..size.customers {
        let customer = Customer::bound(&whop, &keys, number);
        customers.spawn(play(to, keys.clone(), heard.clone(), customer));
    }
    let mut strangers = JoinSet::new();
    for number in 0..size.strangers {
        let stranger = Customer::bought(&whop, 500_000 + number);
        let keys = keys.clone();
        strangers.spawn(async move {
            tokio::time::sleep(Duration::from_secs(2) * number).await;
            let began = Instant::now();
            let (said, count) = ask_patiently(to, &keys, &stranger, Duration::from_secs(300)).await;
            assert_eq!(said, Some(Said::Allowed), "a stranger with a good key");
            (began.elapsed(), count)
        });
    }
    let strangers = strangers.join_all().await;
    while heard.guesses.load(Ordering::Relaxed) < size.guesses {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let took = began.elapsed();
    heard.stop.store(true, Ordering::Relaxed);
    let (mut fresh, mut by_lease, mut longest) = (0_usize, 0_usize, Vec::new());
    for (mut times, leases) in customers.join_all().await {
        assert!(!times.is_empty(), "a customer had no fresh answer at all");
        fresh += times.len();
        by_lease += leases;
        longest.append(&mut times);
    }
    guessers.join_all().await;
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    assert_eq!(count(&heard.later) + count(&heard.not_found) + count(&heard.broken), count(&heard.guesses));

    figure(
        "guessing: random keys",
        "1,000,000 from 1,000 addresses",
        format!(
            "{} from {} in {}: {} told that there is none, {} sent away, {} without an answer",
            count(&heard.guesses),
            size.addresses,
            seconds(took),
            count(&heard.not_found),
            count(&heard.later),
            count(&heard.broken)
        ),
    );
    figure(
        "guessing: customers with leases",
        "served throughout",
        format!(
            "{} customers: {fresh} fresh answers (p99 {}), {by_lease} by the lease",
            size.customers,
            seconds(percentile(99.0, &mut longest))
        ),
    );
    let (mut times, asked): (Vec<_>, Vec<_>) = strangers.into_iter().unzip();
    figure(
        "guessing: strangers with good keys",
        "within a minute",
        format!(
            "{}, median {}, longest {}, asked {} times at most",
            times.len(),
            seconds(percentile(50.0, &mut times)),
            seconds(percentile(100.0, &mut times)),
            asked.iter().max().unwrap()
        ),
    );
    figure(
        "guessing: memory of the relays",
        "bounded",
        format!("{:.0} and {:.0} MiB at most", relays[0].program.memory().1, relays[1].program.memory().1),
    );
    check_limit(&whop, 8, "guessing");
}

/// Guesses until it is told to stop, and never waits.
async fn guess(to: std::net::SocketAddr, keys: Arc<Keys>, heard: Arc<Heard>, number: u32) {
    let mut connection = None;
    while !heard.stop.load(Ordering::Relaxed) {
        let customer = Customer::new(&format!("{:032X}", fastrand::u128(..)), number);
        if connection.is_none() {
            connection = Connection::open(to, customer.address).await.ok();
        }
        let answer = match &mut connection {
            Some(connection) => connection.ask(&keys, &customer).await.ok(),
            None => None,
        };
        let count = match answer {
            Some(answer) if matches!(answer.status(), 429 | 503) => &heard.later,
            Some(answer) if answer.status() == 404 => {
                assert_eq!(answer.said(&keys, &customer), Said::Denied(Reason::LicenseNotFound));
                &heard.not_found
            }
            Some(answer) if !matches!(answer.status(), 502..=504) => panic!("to a guess: {}", answer.status()),
            _ => {
                connection = None;
                tokio::time::sleep(Duration::from_millis(100)).await;
                &heard.broken
            }
        };
        count.fetch_add(1, Ordering::Relaxed);
        heard.guesses.fetch_add(1, Ordering::Relaxed);
    }
}

/// Starts the program again and again. Gives the times of the fresh answers, and how often the lease stood in.
async fn play(
    to: std::net::SocketAddr,
    keys: Arc<Keys>,
    heard: Arc<Heard>,
    customer: Customer,
) -> (Vec<Duration>, usize) {
    let (mut fresh, mut by_lease) = (Vec::new(), 0);
    while !heard.stop.load(Ordering::Relaxed) || fresh.is_empty() && by_lease < 100 {
        let began = Instant::now();
        match ask(to, &keys, &customer).await {
            Ok(Said::Allowed) => fresh.push(began.elapsed()),
            Ok(Said::Later(..) | Said::Unsigned(502..=504)) | Err(_) => by_lease += 1,
            other => panic!("a customer with a lease: {other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(500..1500))).await;
    }
    (fresh, by_lease)
}
