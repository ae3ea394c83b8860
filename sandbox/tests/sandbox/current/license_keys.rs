use std::time::{Duration, Instant};

use serde_json::{Value, json};
use whop_sandbox::{LICENSE_KEYS, Options};

use crate::client::{Answer, Client};

fn read(client: &Client, name: &str) -> Answer {
    client.current("GET", &format!("/memberships/SANDBOX-{name}")).send()
}

fn bind(client: &Client, name: &str) -> Answer {
    client.patch(&format!("SANDBOX-{name}"), json!({ "hwid": "a" }))
}

#[test]
fn every_status_is_there() {
    let client = Client::new();
    for (name, status) in [
        ("ACTIVE", "active"),
        ("COMPLETED", "completed"),
        ("TRIALING", "trialing"),
        ("PAST-DUE", "past_due"),
        ("CANCELING", "canceling"),
        ("CANCELED", "canceled"),
        ("EXPIRED", "expired"),
        ("UNRESOLVED", "unresolved"),
        ("DRAFTED", "drafted"),
    ] {
        let answer = read(&client, name);
        let body = answer.json();
        assert_eq!((answer.status, &body["status"]), (200, &json!(status)));
        assert_eq!(body["license_key"], format!("SANDBOX-{name}"));
        assert_eq!(body["product_id"], "prod_sandbox");
        assert_eq!(body["metadata"], json!({}));
    }
}

#[test]
fn what_checks_as_valid_over_v2_says_so_in_its_description_and_nothing_else_does() {
    let client = Client::new();
    for license_key in LICENSE_KEYS {
        let body = client.get(&format!("/api/v2/memberships/{}", license_key.key)).json();
        let told = !license_key.does.starts_with("not valid");
        if let Some(valid) = body["valid"].as_bool() {
            assert_eq!(valid, told, "{}", license_key.key);
        }
    }
}

#[test]
fn one_is_bound_to_another_device() {
    assert_eq!(read(&Client::new(), "OTHER-DEVICE").json()["metadata"], json!({ "hwid": "another-device" }));
}

#[test]
fn one_was_freed_by_a_relay() {
    let stored = read(&Client::new(), "RELEASED").json()["metadata"]["hwid"].clone();

    let at = stored.as_str().unwrap().strip_prefix("released:").unwrap();
    assert!(at.parse::<u64>().unwrap() > 1_700_000_000);
}

#[test]
fn one_holds_what_the_seller_noted_and_binding_leaves_it() {
    let client = Client::new();
    let noted = json!({ "note": "VIP", "order": "1042" });

    assert_eq!(read(&client, "NOTED").json()["metadata"], noted);
    assert_eq!(bind(&client, "NOTED").json()["metadata"], json!({ "note": "VIP", "order": "1042", "hwid": "a" }));
}

#[test]
fn one_is_of_another_product() {
    let body = read(&Client::new(), "OTHER-PRODUCT").json();

    assert_eq!([&body["product_id"], &body["plan_id"]], ["prod_other", "plan_other"]);
}

#[test]
fn one_lacks_its_status() {
    let client = Client::new();

    assert_eq!((read(&client, "NO-VALID").status, read(&client, "NO-VALID").json().get("status")), (200, None));
    assert_eq!(bind(&client, "NO-VALID").json().get("status"), None);
}

#[test]
fn some_go_wrong_when_they_are_read_and_when_they_are_changed() {
    let client = Client::new();
    let wait = "Too many requests. Try again in 7 seconds.";
    for (name, expected) in [
        ("400", (400, "invalid_request_error", "The request is not valid.")),
        ("429", (429, "rate_limit_exceeded", wait)),
        ("500", (500, "internal_server_error", "Something went wrong.")),
    ] {
        for answer in [read(&client, name), bind(&client, name), read(&client, name)] {
            let (status, kind, message) = answer.error();
            assert_eq!((status, &*kind, &*message), expected);
            assert_eq!(answer.header("retry-after"), None, "the wait stands in the message only");
        }
        assert_eq!(client.metadata(&format!("SANDBOX-{name}")), json!({}));
    }
}

#[test]
fn one_answers_with_html() {
    let client = Client::new();
    for answer in [read(&client, "HTML"), bind(&client, "HTML")] {
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    }
}

#[test]
fn one_is_unavailable_once_over_either_api() {
    let client = Client::new();

    assert_eq!(read(&client, "503-ONCE").status, 503);
    assert_eq!(read(&client, "503-ONCE").status, 200);
    assert_eq!(client.validate("SANDBOX-503-ONCE", json!({ "hwid": "a" })).status, 201);
}

#[test]
fn one_stores_the_change_and_drops_the_connection_once() {
    let client = Client::new();
    assert_eq!(read(&client, "DROP").status, 200);
    let patch = |hwid: &str| {
        let ask = client.current("PATCH", "/memberships/SANDBOX-DROP").json(json!({ "metadata": { "hwid": hwid } }));
        ask.try_send()
    };

    assert!(patch("a").is_err());
    assert_eq!(read(&client, "DROP").json()["metadata"], json!({ "hwid": "a" }));
    assert_eq!(patch("b").unwrap().json()["metadata"], json!({ "hwid": "b" }));
}

#[test]
fn one_is_slow_to_read_and_to_change_but_changes_at_once() {
    let slow = Duration::from_secs(1);
    let client = Client::with(Options { slow, rate_limit: None, ..Options::default() });
    let start = Instant::now();
    assert_eq!(read(&client, "SLOW").status, 200);
    assert!(start.elapsed() >= slow);

    let start = Instant::now();
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| bind(&client, "SLOW").status);
        while client.metadata("SANDBOX-SLOW") == json!({}) {
            assert!(start.elapsed() < slow, "not bound before the answer");
        }
        assert_eq!(answer.join().unwrap(), 200);
    });
    assert!(start.elapsed() >= slow);
}

#[test]
fn an_unknown_key_is_not_found() {
    let client = Client::new();
    let expected = json!({ "error": { "type": "not_found", "message": "Membership not found" } });
    for answer in [client.current("GET", "/memberships/KLINE-8FFK3").send(), client.patch("KLINE-8FFK3", json!({}))] {
        assert_eq!((answer.status, answer.json()), (404, expected.clone()));
    }
}

#[test]
fn what_ends_and_what_renews_is_told_by_date() {
    let client = Client::new();
    let period = |name: &str| {
        let ask = client.current("GET", &format!("/memberships/SANDBOX-{name}")).date("2026-10-15-1");
        let body = ask.send().json();
        ["current_period_end", "expires_at"].map(|field| body[field] != Value::Null)
    };

    assert_eq!(period("ACTIVE"), [true, false]);
    assert_eq!(period("COMPLETED"), [false, false]);
}
