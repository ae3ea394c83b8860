//! That there is no such license is said only of an API key that is known to be good, and known later.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use whop_license::lease::Reason;
use whop_relay::engine::{Engine, EngineSettings};
use whop_relay::question::{Later, Outcome};
use whop_relay::store::Store;

use crate::support::{ACTIVE, Act, Setup, is_valid, later, question};

const NOT_FOUND: Outcome = Outcome::Denied(Reason::LicenseNotFound);

/// As Whop answers a key that it has revoked, or one of another company.
fn unknown() -> Act {
    let body = r#"{"error":{"type":"not_found","message":"Membership not found"}}"#;
    Act::Answer(format!(
        "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

async fn why(engine: &Engine, license_key: &str) -> Option<Later> {
    let outcome = engine.check(&question(license_key, "mine")).await;
    assert_ne!(outcome, NOT_FOUND, "{license_key}");
    later(&outcome)
}

#[tokio::test]
async fn unknown_license_is_denied_once_the_seller_s_memberships_are_shown_and_then_from_what_is_known() {
    let setup = Setup::new();
    let engine = setup.engine();
    for _ in 0..3 {
        assert_eq!(engine.check(&question("NO-SUCH", "mine")).await, NOT_FOUND);
    }
    assert_eq!(setup.asked(), ["GET NO-SUCH", "LIST"]);
    assert!(!engine.health().control_failing);
    // Kept for a minute, and then proved with a membership that was shown before.
    setup.clock.forward(Duration::from_secs(60));
    setup.peer.forget();
    assert_eq!(engine.check(&question("NO-SUCH", "mine")).await, NOT_FOUND);
    let asked = setup.asked();
    assert!(asked.len() == 2 && asked[0] == "GET NO-SUCH" && asked[1].starts_with("GET mem_"), "{asked:?}");
}

#[tokio::test]
async fn control_that_the_seller_names_is_what_proves() {
    let setup = Setup::new();
    // Of whichever product.
    let control = Some("SANDBOX-OTHER-PRODUCT".into());
    let engine = setup.engine_with(EngineSettings { control, ..setup.settings() }, Store::memory());
    assert_eq!(engine.check(&question("NO-SUCH", "mine")).await, NOT_FOUND);
    assert_eq!(setup.asked(), ["GET NO-SUCH", "GET SANDBOX-OTHER-PRODUCT"]);

    // One that there is not is told, and does not help.
    let control = Some("NO-CONTROL".into());
    let engine = setup.engine_with(EngineSettings { control, ..setup.settings() }, Store::memory());
    assert_eq!(engine.check(&question("NO-SUCH", "mine")).await, NOT_FOUND);
    assert!(engine.health().control_failing);
}

#[tokio::test]
async fn key_of_another_company_never_denies() {
    let setup = Setup::new();
    let engine = setup.engine_of("foreign", setup.settings(), Store::memory());
    assert_eq!(why(&engine, ACTIVE).await, Some(Later::NotProved));
    assert!(engine.health().control_failing);
    // Nor if it has memberships of its own to show, which are of other products.
    let settings = EngineSettings { products: vec!["prod_nobodys".into()], ..setup.settings() };
    let engine = setup.engine_of("full", settings, Store::memory());
    assert_eq!(why(&engine, "NO-SUCH").await, Some(Later::NotProved));
}

#[tokio::test]
async fn key_that_whop_revokes_denies_nobody_not_even_a_moment_after_it_was_good() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    setup.peer.set(|_| unknown());
    for key in ["SANDBOX-COMPLETED", "SANDBOX-TRIALING", "NO-SUCH"] {
        assert_eq!(why(&engine, key).await, Some(Later::NotProved), "{key}");
        setup.clock.forward(Duration::from_secs(3));
    }
    // Who was served goes on being served for the cache's time, and is not denied after it.
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    setup.clock.forward(Duration::from_secs(15 * 60));
    assert_eq!(why(&engine, ACTIVE).await, Some(Later::NotProved));
    assert!(engine.health().control_failing && !engine.health().is_ready());
    // Back again.
    setup.peer.set(|_| Act::Pass);
    setup.clock.forward(Duration::from_secs(10));
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    assert_eq!(engine.check(&question("NO-SUCH", "mine")).await, NOT_FOUND);
    assert!(engine.health().is_ready());
}

#[tokio::test]
async fn license_that_was_found_before_is_not_denied_for_one_no_of_a_whop_that_is_partly_away() {
    let setup = Setup::new();
    let engine = setup.engine();
    let key = setup.buy();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    let fails = |times: usize| {
        let (of, left) = (format!("GET {key}"), AtomicUsize::new(times));
        let fails = move || left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        setup.peer.set(move |line| if line == of && fails() { unknown() } else { Act::Pass });
    };
    // Asked again for another device, and when its time is over.
    for (wait, device) in [(11, "another"), (15 * 60, "mine")] {
        setup.clock.forward(Duration::from_secs(wait));
        fails(1);
        let outcome = engine.check(&question(&key, device)).await;
        let is_as_before = is_valid(&outcome) || outcome == Outcome::Denied(Reason::DeviceMismatch);
        assert!(is_as_before, "{device}: {outcome:?}");
    }
    // It is denied if Whop says it twice.
    setup.clock.forward(Duration::from_secs(15 * 60));
    setup.peer.forget();
    fails(2);
    assert_eq!(engine.check(&question(&key, "mine")).await, NOT_FOUND);
    let asked = setup.asked();
    assert_eq!(asked[..2], [format!("GET {key}"), format!("GET {key}")]);
    assert!(asked.len() == 3 && asked[2].starts_with("GET mem_"), "{asked:?}");
}

#[tokio::test]
async fn key_that_is_exchanged_for_a_bad_one_denies_nobody_and_the_good_one_serves_again() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert_eq!(engine.check(&question("NO-SUCH-1", "mine")).await, NOT_FOUND);
    for (bad, expected) in [
        ("foreign", Later::NotProved),
        ("revoked", Later::NotProved),
        ("nobody", Later::ApiKeyRefused),
        ("none", Later::ApiKeyRefused),
    ] {
        engine.set_api_key(&setup.sandbox.api_key(bad)).unwrap();
        assert_eq!(why(&engine, "SANDBOX-COMPLETED").await, Some(expected), "{bad}");
        assert_eq!(why(&engine, "NO-SUCH-2").await, Some(expected), "{bad}");
        assert_eq!(engine.health().api_key_refused, expected == Later::ApiKeyRefused);
        assert!(!engine.health().is_ready());
    }
    engine.set_api_key(&setup.sandbox.api_key("full")).unwrap();
    assert!(is_valid(&engine.check(&question("SANDBOX-COMPLETED", "mine")).await));
    assert_eq!(engine.check(&question("NO-SUCH-2", "mine")).await, NOT_FOUND);
    assert!(engine.health().is_ready());
    assert!(engine.set_api_key("no api key").is_err());
}

#[tokio::test]
async fn key_that_may_only_read_binds_nothing_and_is_told() {
    let setup = Setup::new();
    let engine = setup.engine_of("read", setup.settings(), Store::memory());
    assert_eq!(later(&engine.check(&question(ACTIVE, "mine")).await), Some(Later::ApiKeyRefused));
    assert!(engine.health().api_key_refused);
    // Reading goes well, and says nothing of writing.
    assert!(is_valid(&engine.check(&question("SANDBOX-OTHER-DEVICE", "another-device")).await));
    assert!(engine.health().api_key_refused);
    assert_eq!(setup.metadata(ACTIVE), serde_json::json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_unknown_licenses_at_once_are_proved_by_one_membership_a_second() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert!(is_valid(&engine.check(&question(ACTIVE, "mine")).await));
    setup.clock.forward(Duration::from_secs(30));
    setup.peer.forget();
    let mut checks = tokio::task::JoinSet::new();
    for number in 0..10 {
        let engine = engine.clone();
        let question = crate::support::with_lease(crate::support::numbered(&format!("NO-{number}"), number));
        checks.spawn(async move { engine.check(&question).await });
    }
    let outcomes = checks.join_all().await;
    let denied = outcomes.iter().filter(|outcome| **outcome == NOT_FOUND).count();
    assert!(denied >= 7, "{outcomes:?}");
    let controls = setup.asked().iter().filter(|line| line.starts_with("GET mem_")).count();
    assert!((1..=3).contains(&controls), "{controls}");
}
