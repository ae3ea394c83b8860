use std::time::{Duration, Instant};

use serde_json::{Value, json};
use whop_sandbox::Options;

use crate::client::Client;

const PLANS: &str = "/api/v2/plans";

#[test]
fn a_plan_is_created_and_read() {
    let client = Client::new();
    let request = json!({
        "product_id": "prod_sandbox",
        "plan_type": "renewal",
        "billing_period": 30,
        "initial_price": 19.99,
        "renewal_price": 5,
        "base_currency": "eur",
        "metadata": { "tier": "gold" },
        "custom_fields": [{ "name": "Clan", "field_type": "text", "required": false }],
    });

    let created = client.post(PLANS, request.clone());
    let body = created.json();
    assert_eq!(created.status, 201);
    for (name, value) in request.as_object().unwrap().iter().filter(|(name, _)| *name != "product_id") {
        assert_eq!(&body[name], value, "{name}");
    }
    assert_eq!((&body["product"], &body["access_pass"]), (&json!("prod_sandbox"), &json!("prod_sandbox")));
    assert_eq!(body["accepted_payment_methods"], json!(["stripe"]));

    let read = client.get(&format!("{PLANS}/{}", body["id"].as_str().unwrap()));
    assert_eq!((read.status, read.json()), (200, body));
}

#[test]
fn the_product_is_expanded_and_lists_its_plans() {
    let client = Client::new();
    let body = client.post("/api/v2/plans?expand=product", json!({ "product_id": "prod_sandbox" })).json();

    assert_eq!(body["product"]["plans"], json!(["plan_sandbox", body["id"]]));
}

#[test]
fn the_old_name_of_the_product_works() {
    let body = Client::new().post(PLANS, json!({ "access_pass_id": "prod_other" })).json();

    assert_eq!(body["product"], "prod_other");
}

#[test]
fn what_is_not_given_has_whops_default() {
    let body = Client::new().post(PLANS, json!({ "product_id": "prod_sandbox" })).json();

    assert_eq!([&body["plan_type"], &body["base_currency"], &body["visibility"]], ["one_time", "usd", "visible"]);
    assert_eq!(body["accepted_payment_methods"], json!(["free"]));
}

#[test]
fn an_unknown_field_is_ignored_in_silence() {
    let client = Client::new();
    let answer =
        client.post(PLANS, json!({ "product_id": "prod_sandbox", "currency": "eur", "id": "mine", "company_id": "x" }));

    let body = answer.json();
    assert_eq!((answer.status, &body["base_currency"]), (201, &json!("usd")));
    assert_ne!(body["id"], "mine");
    assert_ne!(body["company_id"], "x");
}

#[test]
fn a_wrong_type_is_refused_by_name() {
    let client = Client::new();
    for (name, value) in [
        ("product_id", json!(1)),
        ("plan_type", json!("monthly")),
        ("base_currency", json!("EUR")),
        ("billing_period", json!("30")),
        ("billing_period", json!(30.5)),
        ("stock", json!(1_u64 << 40)),
        ("initial_price", json!("19.99")),
        ("renewal_price", json!(-1)),
        ("unlimited_stock", json!(1)),
        ("metadata", json!([])),
        ("internal_notes", Value::Null),
        ("custom_fields", json!({})),
        ("custom_fields", json!([{ "field_type": "text" }])),
        ("pegged_currencies", json!([1])),
    ] {
        let mut request = json!({ "product_id": "prod_sandbox" });
        request[name] = value.clone();
        let answer = client.post(PLANS, request);

        let message =
            format!("Parameter :{name} is invalid. Please ensure you are passing the correct type for this parameter.");
        assert_eq!((answer.status, &answer.json()["message"]), (400, &json!(message)), "{value}");
    }
    assert_eq!(
        client.post("/api/v2/plans?expand=product", json!({ "product_id": "prod_sandbox" })).json()["product"]["plans"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[test]
fn a_plan_needs_a_product_that_exists() {
    let client = Client::new();

    let none = client.post(PLANS, json!({}));
    assert_eq!((none.status, &none.json()["errors"]), (400, &json!(["product_id"])));
    let unknown = client.post(PLANS, json!({ "product_id": "prod_x" }));
    let message = "No such Product found with the provided ID: prod_x";
    assert_eq!((unknown.status, &unknown.json()["error"]["message"]), (404, &json!(message)));
}

#[test]
fn an_unknown_plan_is_not_found() {
    let answer = Client::new().get("/api/v2/plans/plan_x");

    let message = "No such Plan found with the provided ID: plan_x";
    assert_eq!((answer.status, &answer.json()["error"]["message"]), (404, &json!(message)));
}

#[test]
fn a_plan_of_one_product_is_there_though_nobody_hears_of_it() {
    let client = Client::new();
    let create = || client.try_send("POST", PLANS, "full", Some(json!({ "product_id": "prod_drop" })));

    assert!(create().is_err() && create().is_err());
    for id in ["plan_1", "plan_2"] {
        assert_eq!(client.get(&format!("{PLANS}/{id}")).json()["product"], "prod_drop", "v2 knows no idempotency");
    }
}

#[test]
fn a_plan_of_one_product_is_there_at_once_and_answered_late() {
    let slow = Duration::from_secs(1);
    let client = Client::with(Options { slow, ..Options::default() });
    let start = Instant::now();
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| client.post(PLANS, json!({ "product_id": "prod_slow" })).status);
        while client.get(&format!("{PLANS}/plan_1")).status == 404 {
            assert!(start.elapsed() < slow, "not there before the answer");
            std::thread::sleep(slow / 20);
        }
        assert_eq!(answer.join().unwrap(), 201);
    });
    assert!(start.elapsed() >= slow);
}
