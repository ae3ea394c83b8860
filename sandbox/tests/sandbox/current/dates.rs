use serde_json::{Value, json};

use crate::client::Client;

const MEMBERSHIP: &str = "/memberships/SANDBOX-ACTIVE";

/// Whatever date the tables speak of, and the first of the flat shape.
pub fn dates() -> Vec<&'static str> {
    let told = [
        "2025-01-01",
        "2026-07-23",
        "2026-08-21",
        "2026-09-02-1",
        "2026-09-15",
        "2026-09-23",
        "2026-09-29",
        "2026-10-08",
        "2026-10-13-1",
        "2026-10-15-1",
    ];
    told.into()
}

#[test]
fn every_date_that_is_written_down_is_known() {
    let client = Client::new();
    for date in dates() {
        assert_eq!(client.current("GET", MEMBERSHIP).date(date).send().status, 200, "{date}");
    }
}

#[test]
fn an_unknown_date_is_refused_with_the_known_ones() {
    let client = Client::new();
    for date in ["2026-10-13", "2099-01-01", "latest", "2026-9-23"] {
        let (status, kind, message) = client.current("GET", MEMBERSHIP).date(date).send().error();
        assert_eq!((status, &*kind), (400, "invalid_request_error"), "{date}");
        assert!(message.contains(date) && dates().iter().all(|known| message.contains(known)), "{message}");
    }
    let refused = client.current("PATCH", MEMBERSHIP).date("2099-01-01").json(json!({ "metadata": { "hwid": "a" } }));
    assert_eq!(refused.send().status, 400);
    assert_eq!(client.metadata("mem_active"), json!({}));
}

#[test]
fn a_membership_is_flat_from_its_first_date_on_and_nested_without_one() {
    let client = Client::new();
    let flat = client.current("GET", MEMBERSHIP).date("2026-07-23").send().json();
    assert_eq!(
        [&flat["product_id"], &flat["plan_id"], &flat["user_id"]],
        ["prod_sandbox", "plan_sandbox", "user_sandbox"]
    );
    assert_eq!(flat["account"]["id"], "biz_sandbox");
    assert_eq!(flat.get("product"), None);

    let nested = client.current("GET", MEMBERSHIP).undated().send().json();
    let ids = ["product", "plan", "user", "company"].map(|name| nested[name]["id"].clone());
    assert_eq!(ids, ["prod_sandbox", "plan_sandbox", "user_sandbox", "biz_sandbox"]);
    assert_eq!(nested["user"]["email"], "buyer@example.com");
    assert_eq!(nested["renewal_period_end"], flat["current_period_end"]);
    assert_eq!(nested.get("product_id"), None);
    assert_eq!(nested, client.current("GET", MEMBERSHIP).date("2025-01-01").send().json());
}

#[test]
fn an_error_names_its_parameter_without_a_date_only() {
    let client = Client::new();
    let refused = |date| client.current("PATCH", MEMBERSHIP).date(date).json(json!({ "metadata": 1 })).send().json();
    let names = |error: &Value| error["error"].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");

    assert_eq!(names(&refused("2026-09-23")), "message type");
    let undated = refused("2025-01-01");
    assert_eq!(names(&undated), "code message param type");
    assert_eq!(undated["error"]["param"], "metadata");
    let unauthorized = client.current("GET", MEMBERSHIP).undated().key("other").send();
    assert_eq!((unauthorized.status, names(&unauthorized.json()).as_str()), (401, "code message param type"));
    assert_eq!(names(&client.current("GET", "/nowhere").undated().send().json()), "code message param type");
}
