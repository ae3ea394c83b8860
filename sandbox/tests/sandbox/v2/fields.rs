use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::Client;

/// The names in a table, of the newest version of v2.
fn table(text: &str) -> BTreeSet<String> {
    let table: Value = serde_json::from_str(text).unwrap();
    let newest = |field: &&Value| field["until"].is_null();
    table["fields"]
        .as_array()
        .unwrap()
        .iter()
        .filter(newest)
        .map(|field| field["name"].as_str().unwrap().into())
        .collect()
}

#[test]
fn a_membership_has_exactly_the_fields_of_the_table() {
    let fields = table(include_str!("../../../../api/v2/membership.json"));

    assert!(fields.len() > 30);
    let client = Client::new();
    assert_eq!(client.get("/api/v2/memberships/mem_active").names(), fields);
    assert_eq!(client.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" })).names(), fields);
}

#[test]
fn a_plan_has_exactly_the_fields_of_the_table() {
    let fields = table(include_str!("../../../../api/v2/plan.json"));

    assert!(fields.len() > 30);
    let client = Client::new();
    assert_eq!(client.get("/api/v2/plans/plan_sandbox").names(), fields);
    assert_eq!(client.post("/api/v2/plans", json!({ "product_id": "prod_sandbox" })).names(), fields);
}

#[test]
fn a_plan_takes_every_field_of_the_table() {
    let client = Client::new();
    let table: Value = serde_json::from_str(include_str!("../../../../api/v2/plan_request.json")).unwrap();
    for field in table["fields"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        let mut request = json!({ "product_id": "prod_sandbox" });
        // No type takes this object with a list in a list.
        request[name] = json!([[{}]]);
        assert_eq!(client.post("/api/v2/plans", request).status, 400, "{name}");
    }
}
