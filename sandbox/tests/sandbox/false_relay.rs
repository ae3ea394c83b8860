//! The relay that answers as it is told.

use serde_json::{Value, json};

use crate::client::{Answer, Client};

const NONCE: &str = "whop-license-nonce";

fn ask(client: &Client, case: &str, license_key: &str, nonce: &str) -> Answer {
    let path = format!("/false-relay/{case}/v2/memberships/{license_key}/validate_license");
    let body = json!({"metadata": {"hwid": "this-device"}});
    client.ask("POST", &path).header(NONCE, nonce).json(body).send()
}

fn lease(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.text).unwrap();
    body["lease"].as_str().unwrap().to_owned()
}

#[test]
fn good_lease_is_of_the_call_and_the_earlier_one_comes_again() {
    let client = Client::new();
    let before = lease(&ask(&client, "replayed", "KEY-1", "one"));
    let [first, second] = ["one", "two"].map(|nonce| lease(&ask(&client, "good", "KEY-1", nonce)));
    assert!(first != second && before != first);
    // Of the same license alone.
    assert_eq!(lease(&ask(&client, "replayed", "KEY-1", "three")), first);
    assert_ne!(lease(&ask(&client, "replayed", "KEY-2", "three")), first);
    assert_eq!(ask(&client, "good", "KEY-1", "four").status, 201);
}

#[test]
fn case_that_is_not_there_is_not_found() {
    let client = Client::new();
    for case in ["none", "truncated-x", "truncated", "flipped-99999999999999999999"] {
        assert_eq!(ask(&client, case, "KEY-1", "one").status, 404, "{case}");
    }
}

#[test]
fn lease_file_holds_the_lease_of_the_case() {
    let client = Client::new();
    let path = "/false-relay/good/lease-file?key=KEY-1&device=this-device&product=prod_1";
    let file: Value = serde_json::from_str(&client.ask("GET", path).send().text).unwrap();
    assert_eq!((&file["whop_leases"], &file["leases"][0]["product"]), (&json!(1), &json!("prod_1")));
    assert_eq!(file["leases"][0]["lease"].as_str().unwrap().split('.').count(), 3);
}

#[test]
fn request_is_noted_by_its_license_key_and_shown_without_it() {
    let client = Client::new();
    ask(&client, "good", "KLINE-8FFK3-SD83K", "one");
    client.ask("GET", "/false-relay/good/lease-file?key=KLINE-8FFK3-SD83K&device=0123456789").send();
    let requests = client.sandbox.requests();
    assert_eq!((requests[0].id.as_deref(), requests[0].api), (Some("KLINE-8FFK3-SD83K"), None));
    let page = client.ask("GET", "/").send().text;
    assert!(page.contains("/false-relay/good/") && !page.contains("8FFK3") && !page.contains("456789"), "{page}");
}
