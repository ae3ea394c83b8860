//! Whop is away: what is cached is told until its time is over, then nobody is told anything, and leases stand in.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use whop_license::lease::{self, Lease};
use whop_license::{Client, Verdict};
use whop_relay::clock::MovedClock;
use whop_relay::engine::{Engine, EngineSettings};
use whop_relay::question::{Outcome, Question};
use whop_relay::store::Store;

use super::seconds;
use crate::support::{Customer, Keys, PRODUCT, Relay, Said, Way, Whop, ask, ask_patiently, figure};

/// With processes, and a cache of a second in place of 15 minutes.
pub async fn run((): ()) {
    let whop = Whop::start().await;
    let keys = Keys::new(&whop);
    let relay = Relay::start(&whop, &keys, &["--cache-allowed", "1s", "--cache-others", "1s"]);
    let customer = Customer::bound(&whop, &keys, 1);
    let stranger = Customer::bought(&whop, 2);
    assert_eq!(ask(relay.address, &keys, &customer).await.unwrap(), Said::Allowed);

    whop.gate.set(Way::Away);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    for _ in 0..20 {
        for customer in [&customer, &stranger] {
            let said = ask(relay.address, &keys, customer).await.unwrap();
            assert!(matches!(said, Said::Later(503 | 429, Some(1..))), "without Whop: {said:?}");
        }
    }
    assert_eq!(by_library(&relay, &keys, &customer).await, Ok(true), "the lease stands in");

    whop.gate.set(Way::Open);
    let back = Instant::now();
    let (said, _) = ask_patiently(relay.address, &keys, &customer, Duration::from_secs(90)).await;
    assert_eq!(said, Some(Said::Allowed));
    let recovered = back.elapsed();
    let (said, _) = ask_patiently(relay.address, &keys, &stranger, Duration::from_secs(90)).await;
    assert_eq!(said, Some(Said::Allowed));
    figure("Whop away and back: until a customer is served", "nobody denied", seconds(recovered));
    figure("Whop away and back: until a first use is served", "nobody denied", seconds(back.elapsed()));
}

/// With an engine whose clock is moved, and the times as they are.
pub async fn for_an_hour((): ()) {
    let whop = Whop::start().await;
    let settings = EngineSettings {
        base_url: Some(whop.gate.base_url()),
        products: vec![PRODUCT.into()],
        ..EngineSettings::default()
    };
    let clock = Arc::new(MovedClock::default());
    let engine = Engine::new(settings, &whop.sandbox.api_key("full"), Store::memory(), clock.clone()).unwrap();
    let keys = Keys::new(&whop);
    let customers: Vec<_> = (0..20).map(|number| Customer::bound(&whop, &keys, number)).collect();
    let stranger = Customer::bought(&whop, 100);
    for customer in &customers {
        assert!(is_allowed(&engine.check(&question(customer)).await));
    }

    let forward = |by| {
        clock.forward(by);
        whop.gate.forward(by);
    };
    whop.gate.set(Way::Away);
    let mut served_until = Duration::ZERO;
    let step = Duration::from_secs(30);
    for step_number in 1..=120 {
        forward(step);
        for customer in [&customers[0], &stranger] {
            match engine.check(&question(customer)).await {
                Outcome::Known(facts) => {
                    assert!(facts.valid);
                    served_until = step * step_number;
                }
                Outcome::Later(..) => {}
                Outcome::Denied(reason) => panic!("Whop is away, and somebody was denied: {reason:?}"),
            }
        }
    }
    assert!(served_until <= Duration::from_secs(15 * 60), "a grant was {served_until:?} old");
    whop.gate.set(Way::Open);
    forward(Duration::from_secs(60));
    let mut count = 0;
    for customer in customers.iter().chain([&stranger]) {
        loop {
            count += 1;
            assert!(count < 500, "Whop is back, and customers are not served");
            match engine.check(&question(customer)).await {
                Outcome::Known(facts) => break assert!(facts.valid),
                Outcome::Later(_, wait) => forward(wait),
                Outcome::Denied(reason) => panic!("denied after Whop was back: {reason:?}"),
            }
        }
    }
    figure(
        "Whop away for an hour, by a clock that is moved: the cache served until",
        "<= 900.00 s, then nobody denied",
        seconds(served_until),
    );
}

fn question(customer: &Customer) -> Question {
    Question {
        license_key: customer.license_key.clone(),
        device: customer.device.clone(),
        from: IpAddr::from(Ipv4Addr::LOCALHOST).into(),
        has_lease: customer.lease.is_some().into(),
    }
}

fn is_allowed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Known(facts) if facts.valid)
}

/// Whether the library allows, and by the lease.
async fn by_library(relay: &Relay, keys: &Keys, customer: &Customer) -> Result<bool, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lease");
    let lease = Lease::verify(customer.lease.as_ref().unwrap(), &keys.trusted).unwrap();
    std::fs::write(&file, lease::file(&[lease])).unwrap();
    let mut client = Client::relay(&relay.url(), &keys.public_key);
    let client = client.product_id(PRODUCT).lease_file(file.to_str().unwrap()).build().unwrap();
    let (key, device) = (customer.license_key.clone(), format!(r#"{{"hwid":"{}"}}"#, customer.device));
    let verdict = tokio::task::spawn_blocking(move || client.validate_license(&key, &*device)).await.unwrap();
    match verdict {
        Ok(Verdict::Allowed(membership)) => Ok(membership.answer().is_offline()),
        other => Err(format!("{other:?}")),
    }
}
