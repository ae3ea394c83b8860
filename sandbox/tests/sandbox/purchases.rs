use serde_json::{Value, json};

use crate::client::Client;

fn plan(client: &Client, mut fields: Value) -> String {
    fields["product_id"] = json!("prod_sandbox");
    client.post("/api/v2/plans", fields).json()["id"].as_str().unwrap().to_owned()
}

/// Its license key, and the membership.
fn buy(client: &Client, plan: &str) -> (String, Value) {
    let bought = client.post("/sandbox/purchases", json!({ "plan": plan }));
    assert_eq!(bought.status, 201);
    let bought = bought.json();
    let membership = client.get(&format!("/api/v2/memberships/{}", bought["membership"].as_str().unwrap())).json();
    assert_eq!((&membership["license_key"], &membership["plan"]), (&bought["license_key"], &json!(plan)));
    (bought["license_key"].as_str().unwrap().to_owned(), membership)
}

#[test]
fn a_plan_is_bought_and_its_license_binds() {
    let client = Client::new();
    let (key, membership) = buy(&client, &plan(&client, json!({ "initial_price": 19.99 })));

    assert_eq!([&membership["status"], &membership["payment_processor"]], ["completed", "stripe"]);
    assert_eq!(membership["expires_at"], Value::Null);
    assert_eq!(client.validate(&key, json!({ "hwid": "a" })).json()["valid"], true);
    assert_eq!(client.validate(&key, json!({ "hwid": "b" })).status, 400);
}

#[test]
fn each_purchase_is_a_license_of_its_own() {
    let client = Client::new();
    let (first, _) = buy(&client, "plan_sandbox");
    let (second, _) = buy(&client, "plan_sandbox");

    assert_ne!(first, second);
    client.validate(&first, json!({ "hwid": "a" }));
    assert_eq!(client.validate(&second, json!({ "hwid": "b" })).status, 201);
}

#[test]
fn the_kind_of_plan_decides_the_status_and_the_expiry() {
    let client = Client::new();
    for (fields, status, days) in [
        (json!({}), "completed", None),
        (json!({ "expiration_days": 7, "trial_period_days": 0 }), "completed", Some(7)),
        (json!({ "plan_type": "renewal", "billing_period": 30 }), "active", Some(30)),
        (json!({ "plan_type": "renewal", "billing_period": 30, "trial_period_days": 3 }), "trialing", Some(3)),
    ] {
        let (_, membership) = buy(&client, &plan(&client, fields));
        let lasts = membership["expires_at"].as_i64().map(|at| at - membership["created_at"].as_i64().unwrap());
        assert_eq!((&membership["status"], lasts), (&json!(status), days.map(|days| days * 86_400)));
        let renews = membership["renewal_period_end"] == membership["expires_at"];
        assert_eq!(renews, status != "completed" || days.is_none());
    }
}

#[test]
fn the_metadata_of_a_plan_is_copied_and_refuses_the_first_device() {
    let client = Client::new();
    let (key, membership) = buy(&client, &plan(&client, json!({ "metadata": { "tier": "gold" } })));

    assert_eq!(membership["metadata"], json!({ "tier": "gold" }));
    assert_eq!(client.validate(&key, json!({ "hwid": "a" })).status, 400);
}

#[test]
fn what_is_not_there_cannot_be_bought() {
    let client = Client::new();

    assert_eq!(client.post("/sandbox/purchases", json!({ "plan": "plan_x" })).status, 404);
    assert_eq!(client.post("/sandbox/purchases", json!({ "plan": 1 })).status, 400);
    assert_eq!(client.post("/sandbox/purchases", json!({})).status, 400);
}
