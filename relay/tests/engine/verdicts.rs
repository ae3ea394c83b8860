//! What is said of each kind of license.

use whop_license::lease::Reason;
use whop_relay::engine::EngineSettings;
use whop_relay::question::{Later, Outcome};
use whop_relay::store::Store;

use crate::support::{Setup, is_valid, later, question};

fn denied(reason: Reason) -> Outcome {
    Outcome::Denied(reason)
}

#[tokio::test]
async fn license_that_entitles_is_bound_at_its_first_use_and_refused_elsewhere() {
    let setup = Setup::new();
    let engine = setup.engine();
    for key in ["ACTIVE", "COMPLETED", "TRIALING", "PAST-DUE", "CANCELING", "NOTED", "RELEASED"] {
        let key = format!("SANDBOX-{key}");
        for _ in 0..2 {
            let outcome = engine.check(&question(&key, "mine")).await;
            assert!(is_valid(&outcome), "{key}: {outcome:?}");
        }
        assert_eq!(setup.metadata(&key)["hwid"], "mine");
        assert_eq!(engine.check(&question(&key, "another")).await, denied(Reason::DeviceMismatch), "{key}");
    }
    // Each was read once and written once.
    assert_eq!(setup.asked().len(), 14, "{:?}", setup.asked());
    assert_eq!(setup.metadata("SANDBOX-NOTED")["note"], "VIP");
}

#[tokio::test]
async fn license_that_does_not_entitle_is_known_on_every_device_and_nothing_is_bound() {
    let setup = Setup::new();
    let engine = setup.engine();
    for key in ["CANCELED", "EXPIRED", "UNRESOLVED", "DRAFTED"] {
        let key = format!("SANDBOX-{key}");
        for device in ["mine", "another"] {
            let Outcome::Known(facts) = engine.check(&question(&key, device)).await else { panic!("{key}") };
            assert!(!facts.valid && facts.id.starts_with("mem_") && facts.product == "prod_sandbox", "{facts:?}");
        }
        assert_eq!(setup.metadata(&key), serde_json::json!({}));
    }
}

#[tokio::test]
async fn license_of_another_product_and_one_that_there_is_not_are_denied() {
    let setup = Setup::new();
    let engine = setup.engine();
    assert_eq!(engine.check(&question("SANDBOX-OTHER-PRODUCT", "d")).await, denied(Reason::ProductMismatch));
    assert_eq!(engine.check(&question("SANDBOX-OTHER-DEVICE", "d")).await, denied(Reason::DeviceMismatch));
    assert_eq!(engine.check(&question("NO-SUCH-LICENSE", "d")).await, denied(Reason::LicenseNotFound));
    assert_eq!(setup.metadata("SANDBOX-OTHER-PRODUCT"), serde_json::json!({}));
}

#[tokio::test]
async fn answer_that_cannot_be_used_is_neither_yes_nor_no() {
    let setup = Setup::new();
    let engine = setup.engine();
    for (key, why) in [
        ("NO-VALID", Later::Unusable),
        ("400", Later::Unusable),
        ("HTML", Later::Unusable),
        ("500", Later::WhopIsAway),
        ("503-ONCE", Later::WhopIsAway),
        ("429", Later::LimitIsNear),
    ] {
        let outcome = engine.check(&question(&format!("SANDBOX-{key}"), "d")).await;
        assert_eq!(later(&outcome), Some(why), "{key}: {outcome:?}");
    }
}

#[tokio::test]
async fn devices_take_the_places_that_are_there_and_a_released_one_is_taken_again() {
    let setup = Setup::new();
    let engine = setup.engine_with(EngineSettings { devices: 3, ..setup.settings() }, Store::memory());
    let key = setup.buy();
    for device in ["a", "b", "c", "a", "c"] {
        assert!(is_valid(&engine.check(&question(&key, device)).await), "{device}");
    }
    assert_eq!(engine.check(&question(&key, "d")).await, denied(Reason::DeviceMismatch));
    assert_eq!(setup.metadata(&key), serde_json::json!({"hwid": "a", "hwid_2": "b", "hwid_3": "c"}));

    let engine = setup.engine_with(EngineSettings { devices: 2, ..setup.settings() }, Store::memory());
    for device in ["mine", "other"] {
        assert!(is_valid(&engine.check(&question("SANDBOX-RELEASED", device)).await));
    }
    assert_eq!(setup.metadata("SANDBOX-RELEASED"), serde_json::json!({"hwid": "mine", "hwid_2": "other"}));
}

#[tokio::test]
async fn facts_are_those_of_the_membership() {
    let setup = Setup::new();
    let engine = setup.engine();
    let mut told = Vec::new();
    for key in ["ACTIVE", "CANCELING", "COMPLETED"] {
        let Outcome::Known(facts) = engine.check(&question(&format!("SANDBOX-{key}"), "d")).await else { panic!() };
        assert_eq!(facts.plan.as_deref(), Some("plan_sandbox"));
        told.push((facts.status, facts.cancel_at_period_end, facts.expires_at.is_some(), facts.ends_at.is_some()));
    }
    let expected =
        [("active", false, true, false), ("canceling", true, true, true), ("completed", false, false, false)];
    assert_eq!(told, expected.map(|(status, cancels, expires, ends)| (status.to_owned(), cancels, expires, ends)));
}

#[tokio::test]
async fn what_cannot_be_a_device_is_bound_nowhere() {
    let setup = Setup::new();
    let engine = setup.engine();
    for device in ["released:1790000000", "", "  ", "a\nb"] {
        assert_eq!(
            later(&engine.check(&question("SANDBOX-ACTIVE", device)).await),
            Some(Later::Unusable),
            "{device:?}"
        );
    }
    assert_eq!(setup.metadata("SANDBOX-ACTIVE"), serde_json::json!({}));
}
