//! Every status, of what is signed and of what is not.

use serde_json::{Value, json};
use whop_license::lease::Reason;
use whop_license::{Error, Verdict};

use crate::support::signer::Asked;
use crate::support::{Act, DEVICE, Peer, Signer, answer, failure, status_of};

const KEY: &str = "KEY-1";

fn outcome(signer: &Signer, act: Act) -> Result<Verdict, Error> {
    let peer = Peer::start([act]);
    let outcome = peer.relay_client(signer).max_retries(0).build().unwrap().validate_license(KEY, DEVICE);
    assert_eq!(peer.seen().len(), 1);
    outcome
}

/// A signed answer whose claims are changed at will.
fn signed(signer: &Signer, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Act {
    let signer = signer.clone();
    Act::ask(move |request| {
        let mut claims = serde_json::to_value(Asked::read(request).grant()).unwrap();
        change(&mut claims);
        Act::Send(answer(201, &json!({"lease": signer.sign_json(&claims)}).to_string()))
    })
}

#[test]
fn signed_claims_alone_decide() {
    let signer = Signer::new(1);
    for (status, valid, expected) in [
        ("active", true, 0),
        ("trialing", true, 0),
        ("completed", true, 0),
        ("canceling", true, 0),
        ("past_due", true, 0),
        ("canceled", true, 101),
        ("expired", true, 101),
        ("unresolved", true, 101),
        ("drafted", true, 101),
        ("active", false, 101),
        ("completed", false, 101),
        ("canceled", false, 101),
        ("expired", false, 101),
        ("unresolved", false, 101),
        ("drafted", false, 101),
    ] {
        let said = outcome(
            &signer,
            signed(&signer, move |claims| (claims["status"], claims["valid"]) = (status.into(), valid.into())),
        );
        assert_eq!(status_of(&said), expected, "{status} {valid}: {said:?}");
        let said = said.unwrap();
        let shown = said.membership().unwrap();
        assert_eq!((shown.id(), shown.status()), (Some("mem_KEY-1"), Some(status)));
        assert_eq!((shown.product_id(), shown.plan_id()), (Some("prod_1"), Some("plan_this-device")));
        assert!(shown.current().is_none() && shown.v2().is_none());
        assert_eq!(said.answer().http_status(), 201);
        assert_eq!(said.answer().value().unwrap()["status"], status, "the JSON is that of the claims");
    }
    for (reason, expected) in
        [(Reason::LicenseNotFound, 100), (Reason::DeviceMismatch, 102), (Reason::ProductMismatch, 103)]
    {
        let said = outcome(&signer, signer.denies(reason)).unwrap();
        assert_eq!(status_of(&Ok(said.clone())), expected);
        assert!(said.membership().is_none());
    }
    let of_another = outcome(&signer, signed(&signer, |claims| claims["product"] = "prod_2".into()));
    assert_eq!(status_of(&of_another), 103);
    // A sort of product that begins like ours, or has another case, is another one.
    for product in ["prod_1x", "prod_11", "prod_1_", "prod_A"] {
        let said = outcome(&signer, signed(&signer, move |claims| claims["product"] = product.into()));
        assert_eq!(status_of(&said), 103, "{product}");
    }
}

#[test]
fn claims_that_do_not_say_one_thing_are_not_believed() {
    let signer = Signer::new(1);
    let changes: [(&str, Value); 30] = [
        ("valid", Value::Null),
        ("valid", "true".into()),
        ("valid", 1.into()),
        ("reason", "device_mismatch".into()),
        ("reason", "license_not_found".into()),
        ("reason", "fine".into()),
        ("reason", 7.into()),
        ("status", Value::Null),
        ("status", true.into()),
        ("product", Value::Null),
        ("product", "plan_1".into()),
        ("product", "PROD_1".into()),
        ("product", json!({"id": "prod_1"})),
        ("product", "prod_".into()),
        ("id", Value::Null),
        ("id", "user_1".into()),
        ("id", 7.into()),
        ("plan", 7.into()),
        ("expires_at", "never".into()),
        ("expires_at", 1.5.into()),
        ("iat", 1.0e9.into()),
        ("iat", "1".into()),
        ("exp", Value::Null),
        ("exp", u64::MAX.into()),
        ("nonce", Value::Null),
        ("nonce", "".into()),
        ("key_sha256", Value::Null),
        ("device_sha256", json!([])),
        ("sandbox", "false".into()),
        ("cancel_at_period_end", "no".into()),
    ];
    for (name, value) in changes {
        let said = outcome(
            &signer,
            signed(&signer, {
                let value = value.clone();
                move |claims| claims[name] = value.clone()
            }),
        );
        assert_eq!(status_of(&said), 306, "{name}: {value}: {said:?}");
    }
    // What is not known says nothing.
    assert_eq!(status_of(&outcome(&signer, signed(&signer, |claims| claims["seats"] = 3.into()))), 0);
}

#[test]
fn http_status_and_body_beside_the_lease_have_no_say() {
    let signer = Signer::new(1);
    for (status, expected) in [
        (200, 0),
        (201, 0),
        (299, 0),
        (302, 0),
        (400, 0),
        (402, 0),
        (404, 0),
        (410, 0),
        (418, 0),
        (401, 201),
        (403, 202),
        (429, 302),
        (500, 303),
        (503, 303),
        (599, 303),
    ] {
        let signed = signer.clone();
        let act = Act::ask(move |request| Act::Send(answer(status, &signed.body(request, |_| ()))));
        assert_eq!(status_of(&outcome(&signer, act)), expected, "{status}");
    }
    for beside in [
        r#""valid":false,"status":"expired","error":{"message":"no"}"#,
        r#""success":false,"message":"There is no such license""#,
        r#""reason":"device_mismatch""#,
    ] {
        let signed = signer.clone();
        let act = Act::ask(move |request| {
            let body = signed.body(request, |_| ()).replacen('{', &format!("{{{beside},"), 1);
            Act::Send(answer(404, &body))
        });
        let said = outcome(&signer, act).unwrap();
        assert!(said.is_allowed(), "{beside}");
        assert!(!said.answer().json().unwrap().contains("message"), "{beside}");
    }
    // A no is not believed either.
    for (status, body) in [
        (404, r#"{"error":{"type":"not_found","message":"No such Membership"}}"#),
        (400, r#"{"error":{"message":"Please reset your key to use on a new machine"}}"#),
        (201, r#"{"id":"mem_1","valid":false,"status":"expired","product":"prod_1"}"#),
        (201, r#"{"lease":null}"#),
        (201, r#"{"lease":"a.b.c","lease":"a.b.c"}"#),
        (410, r#"{"message":"gone"}"#),
        (413, "{}"),
        (415, "{}"),
    ] {
        assert_eq!(status_of(&outcome(&signer, Act::Send(answer(status, body)))), 306, "{status} {body}");
    }
}

#[test]
fn wait_that_is_asked_for_is_told() {
    let signer = Signer::new(1);
    for (status, expected) in [(429, 302), (503, 303)] {
        let busy = format!("HTTP/1.1 {status} Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{{}}");
        let error = outcome(&signer, Act::Send(busy)).unwrap_err();
        assert_eq!(error.retry_after().unwrap().as_secs(), 7);
        assert_eq!(status_of(&Err(error)), expected);
    }
    for status in [201, 302, 400, 401, 403, 404, 408, 413] {
        let day = format!("HTTP/1.1 {status} No\r\nRetry-After: 86400\r\nContent-Length: 2\r\n\r\n{{}}");
        let error = outcome(&signer, Act::Send(day)).unwrap_err();
        assert_eq!(error.retry_after(), None, "{status} of a stranger");
        assert_eq!(error.answer().unwrap().retry_after(), None, "{status} of a stranger");
        assert_eq!(error.answer().unwrap().http_status(), status);
    }
    let beside_a_lease = {
        let signer = signer.clone();
        Act::ask(move |request| {
            Act::Send(signer.answer(request, |_| ()).replacen("\r\n", "\r\nRetry-After: 86400\r\n", 1))
        })
    };
    assert_eq!(outcome(&signer, beside_a_lease).unwrap().answer().retry_after(), None, "a header is not signed");
    let error = outcome(&signer, Act::Send(failure(429, "You are being rate limited"))).unwrap_err();
    assert_eq!(error.retry_after().unwrap().as_secs(), 60);
}

#[test]
fn each_of_four_keys_is_believed_and_no_fifth() {
    let signers: Vec<_> = (1..=5).map(Signer::new).collect();
    let keys: Vec<_> = signers.iter().map(Signer::public_key).collect();
    for (number, signer) in signers.iter().enumerate() {
        let peer = Peer::start([signer.yes()]);
        let url = format!("http://{}", peer.host());
        let mut settings = whop_license::Client::relay(&url, &keys[..4].join(","));
        let said = settings.product_id("prod_1").build().unwrap().validate_license(KEY, DEVICE);
        assert_eq!(status_of(&said), if number < 4 { 0 } else { 306 }, "{number}");
        // The relay is told which keys are trusted, and signs with one of them.
        let request = peer.seen().remove(0).to_lowercase();
        let ids = request.lines().find_map(|line| line.strip_prefix("whop-license-keys: ")).unwrap().to_owned();
        assert_eq!(ids.split(',').count(), 4);
    }
}
