//! Cached checks by one process on one core, each signed, over connections that stay open.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustix::thread::{CpuSet, sched_setaffinity};
use tokio::task::JoinSet;

use crate::support::{Answer, Connection, Customer, Keys, Relay, Said, Whop, figure, percentile};

const CONNECTIONS: u32 = 64;
const CUSTOMERS: u32 = 1024;
const SPAN: Duration = Duration::from_secs(10);
const GOAL: f64 = 10_000.0;

pub async fn run() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(cores >= 2, "the relay and its load need a core each");
    let mut own = CpuSet::new();
    own.set(1);
    sched_setaffinity(None, &own).unwrap();
    primitives();

    let whop = Whop::without_limit().await;
    let keys = Arc::new(Keys::new(&whop));
    let more = ["--whop-limit", "1000", "--cache-allowed", "24h"];
    let relay = Relay::start_on_core(0, &whop, &keys, &more);
    for (name, has_lease) in
        [("first check of a start, no lease sent", false), ("with the lease that the program holds", true)]
    {
        let customers = Arc::new(customers(&whop, &keys, &relay, has_lease).await);
        let asked = whop.gate.count();
        let full = load(&relay, &keys, &customers, None).await;
        figure(
            &format!("cached checks, one core, kept alive, signed: {name}"),
            ">= 10,000/s",
            format!(
                "{:.0}/s; {:.1} us of the core each, the relay's core {:.0} % busy, so {:.0}/s of a whole core",
                full.rate,
                full.core_each * 1e6,
                full.busy * 100.0,
                1.0 / full.core_each
            ),
        );
        let mut half = load(&relay, &keys, &customers, Some(GOAL / 2.0)).await;
        let [p50, p99, p999] = [50.0, 99.0, 99.9].map(|of| percentile(of, &mut half.times).as_secs_f64() * 1e3);
        figure(
            &format!("the same at 5,000/s, from when each was due: {name}"),
            "p99 <= 5 ms",
            format!(
                "{:.0}/s; p50 {p50:.2}, p99 {p99:.2}, p99.9 {p999:.2} ms; the core {:.0} % busy",
                half.rate,
                half.busy * 100.0
            ),
        );
        assert_eq!(whop.gate.count(), asked, "not from the cache");
    }
}

/// Customers whose licenses are cached.
async fn customers(whop: &Whop, keys: &Arc<Keys>, relay: &Relay, has_lease: bool) -> Vec<Customer> {
    let first = if has_lease { CUSTOMERS } else { 0 };
    let mut asking = JoinSet::new();
    for number in first..first + CUSTOMERS {
        let (customer, keys, to) = (Customer::bound(whop, keys, number), keys.clone(), relay.address);
        asking.spawn(async move {
            let mut connection = Connection::open(to, customer.address).await.unwrap();
            loop {
                let answer = connection.ask(&keys, &customer).await.unwrap();
                if answer.said(&keys, &customer) == Said::Allowed {
                    return Customer { lease: answer.lease().filter(|_| has_lease), ..customer };
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
    }
    asking.join_all().await
}

struct Load {
    rate: f64,
    times: Vec<Duration>,
    /// Seconds of the processor for each.
    core_each: f64,
    busy: f64,
}

/// As fast as it goes, or so many a second, each of which is due at its own time however late the one before came.
async fn load(relay: &Relay, keys: &Arc<Keys>, customers: &Arc<Vec<Customer>>, rate: Option<f64>) -> Load {
    let (began, used) = (Instant::now(), relay.program.processor_time());
    let mut askers = JoinSet::new();
    for asker in 0..CONNECTIONS {
        let (to, keys, customers) = (relay.address, keys.clone(), customers.clone());
        askers.spawn(async move {
            let mut connection = Connection::open(to, [127, 0, 0, 1].into()).await.unwrap();
            let mut answers: Vec<(usize, Duration, Answer)> = Vec::new();
            for turn in 0.. {
                let number = turn * CONNECTIONS + asker;
                let due = match rate {
                    Some(rate) => began + Duration::from_secs_f64(f64::from(number) / rate),
                    None => Instant::now(),
                };
                if due >= began + SPAN {
                    break;
                }
                if let Some(early) = due.checked_duration_since(Instant::now()).filter(|early| !early.is_zero()) {
                    tokio::time::sleep(early).await;
                }
                let who = number as usize % customers.len();
                let answer = connection.ask(&keys, &customers[who]).await.unwrap();
                answers.push((who, due.elapsed(), answer));
            }
            answers
        });
    }
    let answers = askers.join_all().await.concat_all();
    let (took, used) = (began.elapsed().as_secs_f64(), (relay.program.processor_time() - used).as_secs_f64());
    // After the load: that takes the core as well.
    for (who, _, answer) in &answers {
        assert_eq!(answer.said(keys, &customers[*who]), Said::Allowed);
    }
    let count = answers.len() as f64;
    Load {
        rate: count / took,
        times: answers.into_iter().map(|(_, time, _)| time).collect(),
        core_each: used / count,
        busy: used / took,
    }
}

trait ConcatAll<T> {
    fn concat_all(self) -> Vec<T>;
}

impl<T> ConcatAll<T> for Vec<Vec<T>> {
    fn concat_all(self) -> Vec<T> {
        self.into_iter().flatten().collect()
    }
}

/// What signing and verifying alone take.
fn primitives() {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
    let message = [b'x'; 700];
    let signature = pair.sign(&message);
    let public_key = UnparsedPublicKey::new(&ED25519, pair.public_key().as_ref());
    // The processor's time: others may be at work on this machine.
    let time = || {
        let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(nanoseconds.split(' ').next().unwrap().parse().unwrap())
    };
    let each = |run: &dyn Fn()| {
        let began = time();
        (0..5000).for_each(|_| run());
        (time() - began).as_secs_f64() * 1e6 / 5000.0
    };
    let sign = each(&|| {
        std::hint::black_box(pair.sign(&message));
    });
    let verify = each(&|| public_key.verify(&message, signature.as_ref()).unwrap());
    figure("Ed25519 alone, 700 bytes: sign, verify", "", format!("{sign:.1} us, {verify:.1} us"));
}
