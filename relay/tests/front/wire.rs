//! Each row of the contract's table "On the wire".

use serde_json::{Value, json};

use crate::support::{Setup, check_url, post};

/// The claims in a lease that the setup's key signed.
fn claims(setup: &Setup, lease: &str) -> Value {
    let keys = whop_license::lease::PublicKeys::parse(&setup.key.public_key()).unwrap();
    let lease = whop_license::lease::Lease::verify(lease, &keys).unwrap();
    serde_json::from_str(lease.json()).unwrap()
}

#[test]
fn each_license_has_its_status_and_its_signed_answer() {
    let setup = Setup::new();
    for (license_key, status, said) in [
        ("SANDBOX-ACTIVE", 201, json!({ "valid": true, "status": "active" })),
        ("SANDBOX-COMPLETED", 201, json!({ "valid": true, "status": "completed" })),
        ("SANDBOX-TRIALING", 201, json!({ "valid": true, "status": "trialing" })),
        ("SANDBOX-NOTED", 201, json!({ "valid": true })),
        ("SANDBOX-RELEASED", 201, json!({ "valid": true })),
        ("SANDBOX-EXPIRED", 201, json!({ "valid": false, "status": "expired" })),
        ("SANDBOX-CANCELED", 201, json!({ "valid": false, "status": "canceled" })),
        ("SANDBOX-OTHER-DEVICE", 400, json!({ "reason": "device_mismatch" })),
        ("SANDBOX-OTHER-PRODUCT", 404, json!({ "reason": "product_mismatch" })),
        ("NO-SUCH-KEY", 404, json!({ "reason": "license_not_found" })),
    ] {
        let answered = setup.ask(license_key, "my-pc");
        assert_eq!((answered.status, answered.retry_after), (status, None), "{license_key}: {answered:?}");
        let claims = claims(&setup, &answered.lease().unwrap());
        for (name, value) in said.as_object().unwrap() {
            assert_eq!(&claims[name], value, "{license_key}: {name}");
        }
        assert_eq!(claims["sandbox"], true);
        let body = answered.json();
        match status {
            201 => assert_eq!((&body["valid"], &body["product"]), (&said["valid"], &json!("prod_sandbox"))),
            _ => assert_eq!(body["error"]["status"], status),
        }
    }
}

#[test]
fn first_device_is_bound_and_the_second_refused() {
    let setup = Setup::new();
    assert_eq!(setup.ask("SANDBOX-ACTIVE", "first").status, 201);
    let second = setup.ask("SANDBOX-ACTIVE", "second");
    assert_eq!(
        (second.status, &second.json()["error"]["message"]),
        (400, &json!("Please reset your key to use on a new machine"))
    );
    assert_eq!(setup.ask("SANDBOX-ACTIVE", "first").status, 201);
    assert_eq!(setup.ask("%20SANDBOX-ACTIVE%20", "first").status, 201);
}

#[test]
fn membership_id_is_no_license_key() {
    let setup = Setup::new();
    let answered = setup.ask("mem_active", "my-pc");
    assert_eq!((answered.status, answered.lease()), (404, None));
    assert!(setup.whop.requests().is_empty(), "Whop is not asked");
}

#[test]
fn trouble_of_whop_and_of_the_api_key_is_503_with_a_wait_and_unsigned() {
    for (api_key, license_key) in [
        ("full", "SANDBOX-500"),
        ("full", "SANDBOX-HTML"),
        ("none", "SANDBOX-ACTIVE"),
        ("revoked", "SANDBOX-ACTIVE"),
        ("foreign", "SANDBOX-ACTIVE"),
        ("unknown", "SANDBOX-ACTIVE"),
        ("read", "SANDBOX-ACTIVE"),
    ] {
        let setup = Setup::with(|settings| {
            let text = match &settings.api_key {
                Some(whop_relay::settings::Source::Text(text)) => {
                    secrecy::ExposeSecret::expose_secret(text).replace("full", api_key)
                }
                _ => unreachable!(),
            };
            settings.api_key = Some(whop_relay::settings::Source::Text(text.into()));
        });
        let answered = setup.ask(license_key, "my-pc");
        assert_eq!((answered.status, answered.lease()), (503, None), "{api_key} {license_key}: {answered:?}");
        assert!(answered.retry_after.is_some_and(|seconds| seconds >= 1), "{answered:?}");
        let text = answered.text.to_lowercase();
        assert!(!["api", "401", "403", "whop", "key"].iter().any(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn fields_are_an_allow_list() {
    let setup = Setup::new();
    let answered = setup.ask("SANDBOX-CANCELING", "my-pc");
    let mut names: Vec<_> = answered.json().as_object().unwrap().keys().cloned().collect();
    names.sort();
    let mut allowed = ["id", "valid", "status", "product", "plan", "expires_at", "cancel_at_period_end", "lease"];
    allowed.sort_unstable();
    assert_eq!(names, allowed);
    let body = answered.json();
    assert_eq!((&body["id"], &body["plan"]), (&json!("mem_canceling"), &json!("plan_sandbox")));
    assert!(body["expires_at"].as_i64().is_some_and(|time| time > 1_790_000_000));

    // What Whop had told: all of that is somewhere in its answer, and nothing of it in ours.
    let noted = setup.ask("SANDBOX-NOTED", "my-pc");
    let told = format!("{}{}", noted.text, claims(&setup, &noted.lease().unwrap()));
    let headers = agent_headers(&setup);
    for hidden in [
        "buyer",
        "@",
        "SANDBOX-NOTED",
        "VIP",
        "1042",
        "note\"",
        "my-pc",
        "phone",
        "555",
        "user_",
        "license_key",
        "biz_",
    ] {
        assert!(!told.contains(hidden) && !headers.contains(hidden), "{hidden}: {told} {headers}");
    }
}

fn agent_headers(setup: &Setup) -> String {
    let url = check_url(setup.relay.url(), "SANDBOX-NOTED");
    let request = crate::support::agent().post(url).header("content-type", "application/json");
    let response = request.send(r#"{"metadata":{"hwid":"my-pc"}}"#).unwrap();
    let names: Vec<_> = response.headers().keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["content-type", "cache-control", "content-length", "date"]);
    format!("{:?}", response.headers())
}

#[test]
fn old_clients_are_served_without_a_signature() {
    let setup = Setup::new();
    let url = check_url(setup.relay.url(), "SANDBOX-ACTIVE");
    for url in [url.clone(), format!("{url}/"), format!("{url}?expand=product")] {
        let bearer = [("authorization", "Bearer anything")];
        let answered = post(&url, &bearer, br#"{"metadata":{"hwid":"my-pc"}}"#);
        assert_eq!((answered.status, answered.lease(), &answered.json()["valid"]), (201, None, &json!(true)), "{url}");
        assert_eq!(answered.json()["product"], "prod_sandbox");
    }
}
