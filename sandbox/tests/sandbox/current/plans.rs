use serde_json::{Value, json};

use crate::client::{Answer, Client};

fn create(client: &Client, fields: Value) -> Answer {
    let mut request = json!({ "product_id": "prod_sandbox" });
    request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    client.current("POST", "/variants").json(request).send()
}

#[test]
fn a_plan_is_created_and_read_on_either_path() {
    let client = Client::new();
    let request = json!({
        "product_id": "prod_sandbox",
        "account_id": "biz_sandbox",
        "plan_type": "renewal",
        "billing_period": 30,
        "initial_price": 19.99,
        "renewal_price": 5,
        "currency": "eur",
        "title": "Monthly",
        "metadata": { "tier": "gold" },
        "attributes": { "Size": "L" },
        "sku": "G-1",
        "stock": 5,
        "description": null,
    });
    for (path, status) in [("/variants", 201), ("/plans", 200)] {
        let created = client.current("POST", path).json(request.clone()).send();
        let body = created.json();
        assert_eq!(created.status, status, "{path}");
        let told = |name: &&String| !["product_id", "account_id"].contains(&name.as_str());
        for name in request.as_object().unwrap().keys().filter(told) {
            assert_eq!(body[name], request[name], "{name}");
        }
        assert_eq!((&body["product"]["id"], &body["account"]["id"]), (&json!("prod_sandbox"), &json!("biz_sandbox")));
        assert_eq!(body["initial_price_due"]["amount"], "24.99");
        assert_eq!(body["unlimited_stock"], false);

        let id = body["id"].as_str().unwrap();
        assert!(id.starts_with("plan_"), "{id}");
        assert_eq!(body["purchase_url"], format!("https://whop.com/checkout/{id}/"));
        for read in ["/variants", "/plans"] {
            let read = client.current("GET", &format!("{read}/{id}")).send();
            assert_eq!((read.status, read.json()), (200, body.clone()));
        }
    }
}

#[test]
fn a_wrong_value_is_refused_by_name() {
    let client = Client::new();
    for (name, value) in [
        ("product_id", json!(1)),
        ("plan_type", json!("monthly")),
        ("plan_type", Value::Null),
        ("currency", json!("EUR")),
        ("visibility", json!("Visible")),
        ("release_method", json!("raffle")),
        ("initial_price", json!("19.99")),
        ("initial_price", json!(-1)),
        ("initial_price", json!(0.99)),
        ("renewal_price", json!(0.5)),
        ("billing_period", json!(30.5)),
        ("title", json!("x".repeat(31))),
        ("sku", json!("x".repeat(101))),
        ("split_pay_required_payments", json!(1)),
        ("metadata", json!([])),
        ("custom_fields", json!({})),
        ("custom_fields", json!(["Clan"])),
        ("checkout_styling", json!({ "font_family": 1 })),
    ] {
        let (status, kind, message) = create(&client, json!({ name: value })).error();
        assert_eq!((status, &*kind), (400, "invalid_request_error"), "{name}: {value}");
        assert_eq!(message, format!("Invalid parameter: {name}."), "{value}");
    }
    assert_eq!(create(&client, json!({ "title": "x".repeat(30) })).json()["id"], "plan_1", "none was created");
}

#[test]
fn a_price_has_its_least_value_in_fiat_alone() {
    let client = Client::new();

    assert_eq!(create(&client, json!({ "initial_price": 0.01, "currency": "btc" })).status, 201);
    assert_eq!(create(&client, json!({ "initial_price": 0, "renewal_price": 1 })).status, 201);
}

#[test]
fn a_plan_needs_a_product_that_exists_and_the_callers_own_account() {
    let client = Client::new();
    let post = |request| client.current("POST", "/variants").json(request).send().error();

    assert_eq!(post(json!({})).2, "Missing parameter: product_id.");
    assert_eq!(post(json!({ "product_id": "prod_x" })), (404, "not_found".into(), "Product not found".into()));
    let other = json!({ "product_id": "prod_sandbox", "account_id": "biz_x" });
    assert_eq!(post(other), (404, "not_found".into(), "Account not found".into()));
}

#[test]
fn without_a_date_the_company_must_be_named() {
    let client = Client::new();
    let post = |request: Value| client.current("POST", "/plans").undated().json(request).send();

    assert_eq!(post(json!({ "product_id": "prod_sandbox" })).json()["error"]["param"], "company_id");
    let created = post(json!({ "product_id": "prod_sandbox", "company_id": "biz_sandbox" }));
    assert_eq!((created.status, &created.json()["company"]["id"]), (200, &json!("biz_sandbox")));
}

#[test]
fn an_unknown_plan_is_not_found() {
    for path in ["/plans/plan_x", "/variants/plan_x"] {
        let answer = Client::new().current("GET", path).send();
        assert_eq!(answer.error(), (404, "not_found".into(), "Plan not found".into()));
    }
}

#[test]
fn a_question_gets_an_id_and_what_it_was_not_given() {
    let body = create(&Client::new(), json!({ "custom_fields": [{ "name": "Clan", "required": true }] })).json();

    let expected = json!([
        { "id": "field_0", "field_type": "text", "name": "Clan", "order": 0, "placeholder": null, "required": true }
    ]);
    assert_eq!(body["custom_fields"], expected);
}

#[test]
fn the_metadata_of_a_plan_has_the_limits_of_a_memberships() {
    let client = Client::new();
    for metadata in [json!({ "a": "x".repeat(501) }), json!({ "x".repeat(101): "a" }), json!({ "a": null })] {
        assert_eq!(create(&client, json!({ "metadata": metadata })).status, 400);
    }
    assert_eq!(create(&client, json!({ "metadata": { "a": "x".repeat(500) } })).status, 201);
}

#[test]
fn the_first_payment_is_the_first_renewal_as_well_unless_a_trial_comes_before() {
    let client = Client::new();
    let due = |fields| create(&client, fields).json()["initial_price_due"]["amount"].clone();
    let renewal = |trial: i64| {
        json!({
            "plan_type": "renewal",
            "initial_price": 2,
            "renewal_price": 5,
            "billing_period": 30,
            "trial_period_days": trial,
        })
    };

    assert_eq!([due(renewal(0)), due(renewal(3)), due(json!({ "initial_price": 2 }))], ["7.00", "2.00", "2.00"]);
}
