//! One store behind both APIs.

use serde_json::{Value, json};

use crate::client::Client;

const KEY: &str = "SANDBOX-ACTIVE";

#[test]
fn what_one_api_binds_is_bound_in_the_other() {
    let client = Client::new();
    client.patch(KEY, json!({ "hwid": "a" }));
    assert_eq!(client.validate(KEY, json!({ "hwid": "b" })).status, 400);
    assert_eq!(client.validate(KEY, json!({ "hwid": "a" })).status, 201);

    client.validate("SANDBOX-COMPLETED", json!({ "hwid": "a" }));
    let read = client.current("GET", "/memberships/SANDBOX-COMPLETED").send().json();
    assert_eq!(read["metadata"], json!({ "hwid": "a" }));
}

#[test]
fn what_one_api_resets_is_free_in_the_other() {
    let client = Client::new();
    client.validate(KEY, json!({ "hwid": "a" }));
    client.patch(KEY, json!({}));
    assert_eq!(client.validate(KEY, json!({ "hwid": "b" })).status, 201);

    client.post("/sandbox/memberships/mem_active/reset", json!({}));
    assert_eq!(client.current("GET", "/memberships/mem_active").send().json()["metadata"], json!({}));
}

#[test]
fn a_plan_of_one_api_is_read_and_bought_in_the_other() {
    let client = Client::new();
    let fields = json!({ "product_id": "prod_sandbox", "initial_price": 19.99, "base_currency": "eur", "stock": 3 });
    let old = client.post("/api/v2/plans", fields).json();
    let read = client.current("GET", &format!("/variants/{}", old["id"].as_str().unwrap())).send().json();
    assert_eq!((&read["currency"], &read["initial_price"], &read["stock"]), (&json!("eur"), &json!(19.99), &json!(3)));

    let request = json!({ "product_id": "prod_sandbox", "currency": "eur", "initial_price": 1, "title": "x" });
    let new = client.current("POST", "/variants").json(request).send().json();
    let id = new["id"].as_str().unwrap();
    let read = client.get(&format!("/api/v2/plans/{id}")).json();
    assert_eq!((&read["base_currency"], &read["product"]), (&json!("eur"), &json!("prod_sandbox")));

    let bought = client.post("/sandbox/purchases", json!({ "plan": id })).json();
    let key = bought["license_key"].as_str().unwrap();
    let membership = client.current("GET", &format!("/memberships/{key}")).send().json();
    assert_eq!([&membership["plan_id"], &membership["status"]], [id, "completed"]);
    assert_eq!(client.validate(key, json!({ "hwid": "a" })).json()["valid"], true);
}

#[test]
fn a_stock_ends_the_unlimited_one_over_both() {
    let client = Client::new();
    for (path, read) in [("/api/v2/plans", "/api/v1/plans/"), ("/api/v1/variants", "/api/v2/plans/")] {
        let create = |fields: Value| {
            let mut request = json!({ "product_id": "prod_sandbox" });
            request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            let created = client.ask("POST", path).date("2026-09-23").json(request).send().json();
            let read = client.ask("GET", &format!("{read}{}", created["id"].as_str().unwrap())).date("2026-09-23");
            assert_eq!(read.send().json()["unlimited_stock"], created["unlimited_stock"]);
            (created["stock"].clone(), created["unlimited_stock"].clone())
        };
        assert_eq!(create(json!({ "stock": 5 })), (json!(5), json!(false)), "{path}");
        assert_eq!(create(json!({ "stock": 5, "unlimited_stock": true })), (json!(0), json!(true)), "{path}");
        assert_eq!(create(json!({})), (json!(0), json!(true)), "{path}");
    }
}

#[test]
fn a_plan_of_30_days_has_a_period_of_30_days() {
    let client = Client::new();
    for (key, days) in
        [("SANDBOX-ACTIVE", 30), ("SANDBOX-PAST-DUE", 30), ("SANDBOX-EXPIRED", 30), ("SANDBOX-TRIALING", 14)]
    {
        let old = client.get(&format!("/api/v2/memberships/{key}")).json();
        let seconds = |name: &str| old[name].as_i64().unwrap();
        assert_eq!(seconds("renewal_period_end") - seconds("renewal_period_start"), days * 86_400, "{key}");
        assert!(seconds("created_at") <= seconds("renewal_period_start"), "{key}");

        let new = client.current("GET", &format!("/memberships/{key}")).date("2026-10-15-1").send().json();
        assert_eq!(new["billing_period_days"], 30, "{key}");
        for name in ["current_period_start", "current_period_end"] {
            assert!(new[name].is_string(), "{key}: {name}");
        }
    }
}
