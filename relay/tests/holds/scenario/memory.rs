//! The memory that cached licenses take.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::seconds;
use crate::support::{Connection, Customer, Keys, Relay, Said, Whop, figure};

pub struct Size {
    licenses: u32,
}

impl Size {
    pub const QUICK: Self = Self { licenses: 300 };
    pub const DEEP: Self = Self { licenses: 100_000 };
}

const CONNECTIONS: u32 = 64;
/// For the largest size, in MiB.
const MOST: f64 = 200.0;

pub async fn run(size: Size) {
    let whop = Arc::new(Whop::without_limit().await);
    let keys = Arc::new(Keys::new(&whop));
    let relay = Relay::start(&whop, &keys, &["--whop-limit", "1000", "--cache-allowed", "24h"]);
    let (before, _) = relay.program.memory();
    let began = Instant::now();
    fill(&size, &whop, &keys, &relay).await;
    let took = began.elapsed();
    let (filled, most) = relay.program.memory();
    let asked = whop.gate.count();
    assert!(asked >= size.licenses as usize, "{asked} requests for {} licenses", size.licenses);

    // All are there: Whop is not asked again.
    fill(&size, &whop, &keys, &relay).await;
    let again = whop.gate.count() - asked;
    assert!(again <= size.licenses as usize / 100, "{again} of {} had to be asked for again", size.licenses);
    figure(
        &format!("memory with {} cached licenses", size.licenses),
        "<= 200 MiB with 100,000",
        format!(
            "{filled:.0} MiB ({most:.0} at most, {before:.0} at the start), {:.2} KiB each; filled in {}; {again} asked for again",
            (filled - before) * 1024.0 / f64::from(size.licenses),
            seconds(took)
        ),
    );
    assert!(most <= MOST, "{most} MiB");
}

async fn fill(size: &Size, whop: &Arc<Whop>, keys: &Arc<Keys>, relay: &Relay) {
    let mut askers = JoinSet::new();
    for asker in 0..CONNECTIONS {
        let (whop, keys, to, licenses) = (whop.clone(), keys.clone(), relay.address, size.licenses);
        askers.spawn(async move {
            let first = Customer::new("", asker);
            let mut connection = Connection::open(to, first.address).await.unwrap();
            for number in (asker..licenses).step_by(CONNECTIONS as usize) {
                let customer = Customer::new(&format!("BOUND-{number:06}"), number);
                let customer = match whop.sandbox.stored(&customer.license_key, "hwid") {
                    None => Customer::bound(&whop, &keys, number),
                    Some(_) => Customer { lease: Some(keys.lease_of_yesterday(&customer)), ..customer },
                };
                while connection.ask(&keys, &customer).await.unwrap().said(&keys, &customer) != Said::Allowed {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        });
    }
    askers.join_all().await;
}
