//! The API key is revoked, or swapped for another company's: Whop's 404 to each is no "no such license".

use std::time::{Duration, Instant};

use whop_license::lease::Reason;

use super::seconds;
use crate::support::{Customer, Keys, Relay, Said, Whop, ask, ask_patiently, figure};

pub async fn run(name: &str) {
    let whop = Whop::start().await;
    let keys = Keys::new(&whop);
    let control = Customer::bought(&whop, 90_000);
    let more = ["--control", &control.license_key, "--cache-allowed", "1s", "--cache-others", "1s"];
    let relay = Relay::start(&whop, &keys, &more);
    let to = relay.address;
    let customer = Customer::bound(&whop, &keys, 1);
    let mut number = 1000;
    let mut unknown = || {
        number += 1;
        Customer::new(&format!("GUESS-{number}"), number)
    };
    assert_eq!(ask(to, &keys, &customer).await.unwrap(), Said::Allowed);
    let (said, _) = ask_patiently(to, &keys, &unknown(), Duration::from_secs(60)).await;
    assert_eq!(said, Some(Said::Denied(Reason::LicenseNotFound)), "with a good API key an unknown license is denied");

    keys.set_api_key(&whop.sandbox.api_key(name));
    let swapped = Instant::now();
    // Nobody is denied, neither before the relay has read the file again nor after.
    let mut without = None;
    while swapped.elapsed() < Duration::from_secs(15)
        && without.is_none_or(|at: Instant| at.elapsed() < Duration::from_secs(5))
    {
        for (who, customer) in [
            ("a customer", &customer),
            ("somebody unknown", &unknown()),
            ("a buyer", &Customer::bought(&whop, 50_000 + fastrand::u32(0..30_000))),
        ] {
            match ask(to, &keys, customer).await.unwrap() {
                Said::Allowed => assert_ne!(who, "somebody unknown"),
                Said::Later(..) if who == "a customer" => {
                    without.get_or_insert_with(Instant::now);
                }
                Said::Later(..) => {}
                Said::Denied(Reason::LicenseNotFound) if who == "somebody unknown" && without.is_none() => {}
                other => panic!("{who}, with the API key {name}: {other:?}"),
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let noticed = without.expect("the relay never read the new key") - swapped;

    keys.set_api_key(&whop.sandbox.api_key("full"));
    let mended = Instant::now();
    let (said, _) = ask_patiently(to, &keys, &customer, Duration::from_secs(120)).await;
    assert_eq!(said, Some(Said::Allowed));
    let recovered = mended.elapsed();
    let (said, _) = ask_patiently(to, &keys, &unknown(), Duration::from_secs(120)).await;
    assert_eq!(said, Some(Said::Denied(Reason::LicenseNotFound)));
    figure(
        &format!(
            "API key {name}: in use after; mended, a customer served after; and unknown licenses denied again after"
        ),
        "nobody denied",
        format!("{}; {}; {}", seconds(noticed), seconds(recovered), seconds(mended.elapsed())),
    );
}
