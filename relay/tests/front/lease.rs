//! Leases, read by somebody else's library, and the keys that sign them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use whop_license::lease::{device_sha256, license_key_sha256};
use whop_relay::Relay;

use crate::support::{NONCE, Setup, check_url, post, sandbox, settings, signing_key};

/// What the token says, if this key signed it.
fn verified(token: &str, public_key: &str) -> Option<Value> {
    let key = DecodingKey::from_ed_components(public_key).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims = ["exp".to_owned()].into();
    decode::<Value>(token, &key, &validation).ok().map(|token| token.claims)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

#[test]
fn token_is_verified_by_another_library_and_says_what_the_contract_says() {
    let setup = Setup::new();
    let token = setup.ask("SANDBOX-ACTIVE", "my-pc").lease().unwrap();
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let expected = format!(r#"{{"alg":"EdDSA","typ":"whop-lease+jwt","kid":"{}"}}"#, setup.key.id());
    assert_eq!(String::from_utf8(header).unwrap(), expected);
    assert_eq!(decode_header(&token).unwrap().kid.as_deref(), Some(setup.key.id()));

    let claims = verified(&token, &setup.key.public_key()).unwrap();
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert!((now() - 10..=now()).contains(&iat) && exp == iat + 72 * 3600, "{claims}");
    let mut rest = claims.as_object().unwrap().clone();
    for name in ["iat", "exp", "expires_at"] {
        assert!(rest.remove(name).is_some_and(|value| value.is_i64()), "{name}");
    }
    let said = json!({
        "id": "mem_active", "valid": true, "status": "active", "product": "prod_sandbox", "plan": "plan_sandbox",
        "cancel_at_period_end": false, "nonce": NONCE, "sandbox": true,
        "key_sha256": license_key_sha256("SANDBOX-ACTIVE").unwrap(), "device_sha256": device_sha256("hwid", "my-pc"),
    });
    assert_eq!(Value::Object(rest), said);
    assert!(verified(&token, &signing_key().0.public_key()).is_none(), "another key");
    let forged = token.replacen('A', "B", 1);
    assert!(verified(&forged, &setup.key.public_key()).is_none(), "another text");
}

#[test]
fn each_answer_is_signed_for_its_own_call() {
    let setup = Setup::new();
    let url = check_url(setup.relay.url(), "SANDBOX-ACTIVE");
    let nonces = ["AAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAA"];
    let tokens = nonces.map(|nonce| {
        let headers = [("whop-license-nonce", nonce), ("whop-license-keys", setup.key.id())];
        let token = post(&url, &headers, br#"{"metadata":{"hwid":"my-pc"}}"#).lease().unwrap();
        assert_eq!(verified(&token, &setup.key.public_key()).unwrap()["nonce"], nonce);
        token
    });
    assert_ne!(tokens[0], tokens[1]);
}

#[test]
fn lease_does_not_outlast_a_license_that_ends_by_itself() {
    let day = 86_400;
    let length = |setup: &Setup, license_key: &str| {
        let claims = verified(&setup.ask(license_key, "my-pc").lease().unwrap(), &setup.key.public_key()).unwrap();
        (claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), claims["expires_at"].as_i64())
    };
    let month = Setup::with(|settings| settings.lease = Duration::from_secs(720 * 3600));
    // Canceled, but paid for ten more days: the end and a day.
    let (seconds, _) = length(&month, "SANDBOX-CANCELING");
    assert!((11 * day - 60..=11 * day).contains(&seconds), "{seconds}");
    // It renews by itself: the end of the period shortens nothing.
    assert_eq!(length(&month, "SANDBOX-TRIALING").0, 30 * day);
    assert_eq!(length(&month, "SANDBOX-COMPLETED"), (30 * day, None));
    // Over for long: an hour, and no less.
    let hour = Setup::with(|settings| settings.lease = Duration::from_secs(3600));
    assert_eq!(length(&hour, "SANDBOX-CANCELING").0, 3600);
    assert_eq!(length(&hour, "SANDBOX-ACTIVE").0, 3600);
}

#[test]
fn keys_rotate_as_programs_come_to_trust_them() {
    let whop = sandbox();
    let (old, new) = (signing_key(), signing_key());
    let (old_id, new_id) = (old.0.id().to_owned(), new.0.id().to_owned());
    let relay = Relay::start(settings(&whop, vec![new.1, old.1])).unwrap();
    let ask = |trusts: &str| {
        let headers = [("whop-license-nonce", NONCE), ("whop-license-keys", trusts)];
        post(&check_url(relay.url(), "SANDBOX-ACTIVE"), &headers, br#"{"metadata":{"hwid":"my-pc"}}"#)
    };
    for (trusts, signs) in [
        (old_id.clone(), Some(&old.0)),
        (new_id.clone(), Some(&new.0)),
        (format!("{old_id},{new_id}"), Some(&new.0)),
        (format!("another, {old_id}"), Some(&old.0)),
        ("another".into(), None),
        (String::new(), None),
    ] {
        let answered = ask(&trusts);
        assert_eq!(answered.status, 201);
        let signed = answered.lease();
        assert_eq!(signed.is_some(), signs.is_some(), "{trusts}");
        if let (Some(token), Some(key)) = (signed, signs) {
            assert!(verified(&token, &key.public_key()).is_some(), "{trusts}");
        }
    }
    let figures = crate::support::get(&format!("{}/metrics", relay.admin_url().unwrap())).text;
    assert!(figures.contains("whop_relay_unsigned_total{why=\"no common key\"}"), "{figures}");
}

#[test]
fn library_takes_the_answers_of_the_relay() {
    let setup = Setup::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leases");
    let mut builder = whop_license::Client::relay(setup.relay.url(), &setup.relay.public_keys());
    builder.product_id("prod_sandbox").lease_file(file.to_str().unwrap());
    let client = builder.build().unwrap();
    let check = |license_key: &str, device: &str| {
        client.validate_license(license_key, &*json!({ "hwid": device }).to_string()).unwrap()
    };
    use whop_license::Verdict;
    assert!(matches!(check("SANDBOX-ACTIVE", "my-pc"), Verdict::Allowed(_)));
    assert!(matches!(check("SANDBOX-ACTIVE", "other-pc"), Verdict::DeviceMismatch(_)));
    assert!(matches!(check("SANDBOX-EXPIRED", "my-pc"), Verdict::Inactive(_)));
    assert!(matches!(check("SANDBOX-OTHER-PRODUCT", "my-pc"), Verdict::ProductMismatch(_)));
    assert!(matches!(check("NO-SUCH-KEY", "my-pc"), Verdict::NotFound(_)));
    drop(setup);
    assert!(matches!(check("SANDBOX-ACTIVE", "my-pc"), Verdict::Allowed(_)), "from the lease");
}
