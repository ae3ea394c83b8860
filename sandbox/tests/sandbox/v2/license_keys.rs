use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use whop_sandbox::Options;

use crate::client::Client;

fn device() -> Value {
    json!({ "hwid": "a" })
}

/// In days from now, rounded.
fn expires_in(body: &Value) -> Option<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
    body["expires_at"].as_i64().map(|at| (at - now + 43_200).div_euclid(86_400))
}

#[test]
fn every_status_is_there() {
    let client = Client::new();
    for (name, status, valid, days) in [
        ("ACTIVE", "active", true, Some(30)),
        ("COMPLETED", "completed", true, None),
        ("TRIALING", "trialing", true, Some(14)),
        ("PAST-DUE", "past_due", true, Some(3)),
        ("CANCELING", "canceling", true, Some(10)),
        ("CANCELED", "canceled", false, Some(-30)),
        ("EXPIRED", "expired", false, Some(-30)),
        ("UNRESOLVED", "unresolved", false, Some(-30)),
        ("DRAFTED", "drafted", false, None),
    ] {
        let answer = client.validate(&format!("SANDBOX-{name}"), device());
        let body = answer.json();
        assert_eq!(answer.status, 201, "{name}");
        assert_eq!((&body["status"], &body["valid"]), (&json!(status), &json!(valid)), "{name}");
        assert_eq!(expires_in(&body), days, "{name}");
        assert_eq!((&body["product"], &body["access_pass"]), (&json!("prod_sandbox"), &json!("prod_sandbox")));
        assert_eq!(body["id"], format!("mem_{}", name.to_lowercase().replace('-', "_")));
        assert_eq!(body["email"], "buyer@example.com");
    }
}

#[test]
fn one_is_bound_to_another_device() {
    let client = Client::new();

    assert_eq!(client.validate("SANDBOX-OTHER-DEVICE", device()).status, 400);
    assert_eq!(client.validate("SANDBOX-OTHER-DEVICE", json!({ "hwid": "another-device" })).status, 201);
    client.post("/sandbox/memberships/SANDBOX-OTHER-DEVICE/reset", json!({}));
    assert_eq!(client.validate("SANDBOX-OTHER-DEVICE", device()).status, 201);
}

#[test]
fn one_is_of_another_product() {
    let body = Client::new().validate("SANDBOX-OTHER-PRODUCT", device()).json();

    assert_eq!((&body["product"], &body["valid"]), (&json!("prod_other"), &json!(true)));
}

#[test]
fn one_lacks_valid() {
    let answer = Client::new().validate("SANDBOX-NO-VALID", device());

    assert_eq!((answer.status, answer.json().get("valid")), (201, None));
}

#[test]
fn one_is_refused_for_its_parameters() {
    let answer = Client::new().validate("SANDBOX-400", device());

    let message = "Parameter :metadata is invalid. Please ensure you are passing the correct type for this parameter.";
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json(), json!({ "success": false, "message": message, "errors": ["metadata"] }));
}

#[test]
fn one_breaks_the_server_each_time() {
    let client = Client::new();
    for _ in 0..2 {
        let answer = client.validate("SANDBOX-500", device());
        let error = json!({
            "type": "internal_server_error",
            "message": "Uh oh, something went wrong...",
            "code": null,
            "param": null,
        });
        assert_eq!((answer.status, answer.json()), (500, json!({ "error": error })));
    }
}

#[test]
fn one_is_unavailable_once() {
    let client = Client::new();

    let first = client.validate("SANDBOX-503-ONCE", device());
    assert_eq!((first.status, first.text.as_str()), (503, "Service Unavailable"));
    assert_eq!(client.validate("SANDBOX-503-ONCE", device()).status, 201);
    assert_eq!(client.validate("SANDBOX-503-ONCE", json!({ "hwid": "b" })).status, 400);
}

#[test]
fn one_is_rate_limited_and_says_how_long() {
    let answer = Client::new().validate("SANDBOX-429", device());

    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    assert_eq!(answer.json(), json!({ "message": "You are being rate limited" }));
}

#[test]
fn one_answers_with_html() {
    let answer = Client::new().validate("SANDBOX-HTML", device());

    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(answer.text.starts_with("<!doctype html>"));
}

#[test]
fn one_is_slow_but_binds_at_once() {
    let slow = Duration::from_secs(3);
    let client = Client::with(Options { slow, rate_limit: None, ..Options::default() });
    let start = std::time::Instant::now();
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| client.validate("SANDBOX-SLOW", device()).status);
        while client.get("/api/v2/memberships/mem_slow").json()["metadata"] != device() {
            assert!(start.elapsed() < slow, "not bound before the answer");
        }
        assert_eq!(answer.join().unwrap(), 201);
    });
    assert!(start.elapsed() >= slow);
}

#[test]
fn one_binds_and_drops_the_connection() {
    let client = Client::new();

    assert!(client.try_validate("SANDBOX-DROP", device()).is_err());
    assert_eq!(client.get("/api/v2/memberships/mem_drop").json()["metadata"], device());
    assert_eq!(client.validate("SANDBOX-DROP", json!({ "hwid": "b" })).status, 400);
    assert_eq!(client.validate("SANDBOX-DROP", device()).status, 201);
}

#[test]
fn a_dropped_connection_is_closed_without_a_byte() {
    let client = Client::new();
    let key = client.sandbox.api_key("full");

    let answer = client.raw(format!(
        "POST /api/v2/memberships/SANDBOX-DROP/validate_license HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n\
         {{\"metadata\":{{\"hwid\":\"a\"}}}}"
    ));
    assert_eq!(answer, "");
}

#[test]
fn an_unknown_key_is_not_found() {
    let answer = Client::new().validate("KLINE-8FFK3", device());

    let message = "No such Membership found with the provided ID: KLINE-8FFK3";
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json(), json!({ "error": { "status": "404", "message": message } }));
}

#[test]
fn what_a_relay_or_the_seller_stored_is_another_device() {
    for key in ["SANDBOX-RELEASED", "SANDBOX-NOTED"] {
        assert_eq!(Client::new().validate(key, device()).status, 400, "{key}");
    }
}
