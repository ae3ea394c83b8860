use serde_json::json;

use crate::client::Client;

#[test]
fn the_id_and_the_key_name_the_same_membership() {
    let client = Client::new();
    let [by_id, by_key] =
        ["mem_active", "SANDBOX-ACTIVE"].map(|id| client.current("GET", &format!("/memberships/{id}")).send());

    assert_eq!((by_id.status, &by_id.text), (200, &by_key.text));
    assert_eq!(client.patch("mem_active", json!({ "hwid": "a" })).json()["metadata"], json!({ "hwid": "a" }));
    assert_eq!(client.current("GET", "/memberships/SANDBOX-ACTIVE").send().json()["metadata"], json!({ "hwid": "a" }));
}

#[test]
fn a_time_is_a_text_in_utc_and_money_an_object() {
    let body = Client::new().current("GET", "/memberships/mem_active").date("2026-10-15-1").send().json();

    for name in ["created_at", "updated_at", "current_period_start", "current_period_end"] {
        let time = body[name].as_str().unwrap();
        assert!(time.len() == "2026-09-16T00:04:36.958Z".len() && time.ends_with(".000Z"), "{name}: {time}");
    }
    let price = json!({ "amount": "19.99", "currency": "usd", "decimals": 2, "display_decimals": 2 });
    assert_eq!(body["renewal_price"], price);
}

#[test]
fn an_answer_has_a_member_that_no_document_names() {
    let client = Client::new();
    for path in ["/memberships/mem_active", "/plans/plan_sandbox"] {
        assert!(client.current("GET", path).send().json()["recommended_action"].is_string(), "{path}");
    }
}

#[test]
fn a_slash_at_the_end_and_a_foreign_expand_are_taken() {
    let client = Client::new();
    let plain = client.current("GET", "/memberships/mem_active").send().text;
    for path in
        ["/memberships/mem_active/", "/memberships/mem_active?expand=False", "/memberships/mem_active/?expand=x"]
    {
        assert_eq!(client.current("GET", path).send().text, plain, "{path}");
    }
    let patch = client.current("PATCH", "/memberships/mem_active/").json(json!({ "metadata": { "hwid": "a" } }));
    assert_eq!(patch.send().status, 200);
    assert_eq!(client.current("GET", "/plans/plan_sandbox/").send().status, 200);
    for path in ["/plans/", "/variants/"] {
        let status = client.current("POST", path).json(json!({ "product_id": "prod_sandbox" })).send().status;
        assert!((200..300).contains(&status), "{path}");
    }
}

#[test]
fn hostile_ids_are_looked_up_as_they_are() {
    let client = Client::new();
    for encoded in
        ["..%2Fplans", "a%2Fb%3Fc%23d%252e", "%20", "%00", "sandbox-active", "SANDBOX-ACTIVE%20", "mem_active%2F"]
    {
        let (status, kind, message) = client.current("GET", &format!("/memberships/{encoded}")).send().error();
        assert_eq!((status, &*kind, &*message), (404, "not_found", "Membership not found"), "{encoded}");
    }
    assert_eq!(client.current("GET", "/memberships/%FF").send().error().0, 400);
}
