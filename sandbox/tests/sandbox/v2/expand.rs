use serde_json::json;

use crate::client::Client;

#[test]
fn nothing_is_expanded_unless_asked() {
    let body = Client::new().validate("SANDBOX-ACTIVE", json!({ "hwid": "a" })).json();

    assert_eq!(
        [&body["product"], &body["user"], &body["plan"], &body["promo_code"]],
        ["prod_sandbox", "user_sandbox", "plan_sandbox", "promo_sandbox"]
    );
}

#[test]
fn every_spelling_expands() {
    let client = Client::new();
    for query in [
        "expand=product,plan",
        "expand=product%2Cplan",
        "expand=product&expand=plan",
        "expand[]=product&expand[]=plan",
        "expand%5B%5D=product&expand%5B%5D=plan",
    ] {
        let path = format!("/api/v2/memberships/SANDBOX-ACTIVE/validate_license?{query}");
        let answer = client.raw(format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: 25\r\n\r\n{{\"metadata\":{{\"hwid\":\"a\"}}}}",
            client.sandbox.api_key("validate"),
        ));
        let body: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert_eq!(body["product"]["id"], "prod_sandbox", "{query}");
        assert_eq!(body["plan"]["id"], "plan_sandbox", "{query}");
        assert_eq!(body["user"], "user_sandbox", "{query}");
    }
}

#[test]
fn expanded_objects_look_like_whops() {
    let client = Client::new();
    let body = client.get("/api/v2/memberships/mem_active?expand=product,user,plan,promo_code").json();

    let fields = |name: &str| body[name].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(fields("product"), "created_at experiences id name plans visibility");
    assert_eq!(body["product"]["name"], "Sandbox Game");
    assert_eq!(fields("user"), "email id profile_pic_url social_accounts username");
    assert_eq!(
        fields("plan"),
        "accepted_payment_methods base_currency billing_period card_payments created_at direct_link id initial_price \
         internal_notes metadata plan_type release_method release_method_settings renewal_price requirements stock \
         unlimited_stock visibility"
    );
    assert_eq!(body["promo_code"], json!({ "id": "promo_sandbox" }));
}

#[test]
fn prices_are_text_in_an_expanded_plan_and_numbers_in_a_plan() {
    let client = Client::new();
    let expanded = client.get("/api/v2/memberships/mem_active?expand=plan").json();
    let plan = client.get("/api/v2/plans/plan_sandbox").json();

    assert_eq!([&expanded["plan"]["initial_price"], &expanded["plan"]["renewal_price"]], ["0.0", "19.99"]);
    assert_eq!((plan["initial_price"].as_f64(), plan["renewal_price"].as_f64()), (Some(0.0), Some(19.99)));
}

#[test]
fn a_name_that_cannot_be_expanded_is_refused_and_binds_nothing() {
    let client = Client::new();

    let validate = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license?expand=company";
    for answer in [
        client.post(validate, json!({ "metadata": { "hwid": "a" } })),
        client.get("/api/v2/memberships/mem_active?expand=company"),
        client.get("/api/v2/plans/plan_sandbox?expand=user"),
    ] {
        assert_eq!((answer.status, &answer.json()["errors"]), (400, &json!(["expand"])));
    }
    assert_eq!(client.get("/api/v2/memberships/mem_active").json()["metadata"], json!({}));
}

#[test]
fn a_slash_at_the_end_and_expand_false_are_taken_as_published_clients_send_them() {
    let client = Client::new();
    for path in [
        "/api/v2/memberships/SANDBOX-ACTIVE/validate_license/",
        "/api/v2/memberships/SANDBOX-ACTIVE/validate_license?expand=False",
        "/api/v2/memberships/SANDBOX-ACTIVE/validate_license/?expand=false",
    ] {
        let answer = client.post(path, json!({ "metadata": { "hwid": "a" } }));
        assert_eq!((answer.status, &answer.json()["product"]), (201, &json!("prod_sandbox")), "{path}");
    }
    assert_eq!(client.get("/api/v2/memberships/mem_active/").status, 200);
    assert_eq!(client.get("/api/v2/plans/plan_sandbox/?expand=False").json()["product"], "prod_sandbox");
    assert_eq!(client.post("/api/v2/plans/", json!({ "product_id": "prod_sandbox" })).status, 201);
    assert_eq!(client.post("/api/v2/memberships//validate_license/", json!({ "metadata": {} })).status, 404);
}
