use serde_json::json;

use crate::client::Client;

#[test]
fn the_page_lists_memberships_bindings_and_requests() {
    let client = Client::new();
    client.validate("SANDBOX-ACTIVE", json!({ "hwid": "device-1" }));

    let page = client.get("/");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for license_key in whop_sandbox::LICENSE_KEYS {
        assert!(page.text.contains(&format!("<code>{}</code>", license_key.key)), "{}", license_key.key);
    }
    assert!(page.text.contains("{&quot;hwid&quot;:&quot;device-1&quot;}"));
    assert!(page.text.contains("POST /api/v2/memberships/SANDBOX-ACTIVE/validate_license"));
}

#[test]
fn bound_memberships_alone_have_the_button() {
    let client = Client::new();
    let buttons = || client.get("/").text.matches(">Reset key</button>").count();

    assert_eq!(buttons(), 3, "SANDBOX-OTHER-DEVICE, SANDBOX-RELEASED and SANDBOX-NOTED");
    client.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" }));
    assert!(client.get("/").text.contains(r#"action="/sandbox/memberships/mem_active/reset""#));
    client.post("/sandbox/memberships/mem_active/reset", json!({}));
    for id in ["mem_other_device", "mem_released", "mem_noted"] {
        client.post(&format!("/sandbox/memberships/{id}/reset"), json!({}));
    }
    assert_eq!(buttons(), 0);
}

#[test]
fn what_clients_send_is_escaped() {
    let client = Client::new();
    client.validate("SANDBOX-ACTIVE", json!({ "<script>alert(1)</script>": "\"><img src=x onerror=alert(2)>" }));
    client.raw("GET /x?&lt;script&gt; HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    let page = client.get("/").text;
    assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("&lt;img src=x"));
    assert!(page.contains("/x?&amp;lt;script&amp;gt;"), "{page}");
}

#[test]
fn the_page_runs_its_own_script_alone_and_is_not_framed() {
    let client = Client::new();
    let page = client.get("/");
    let policy = page.header("content-security-policy").unwrap();

    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));

    assert_eq!(page.text.matches("<script").count(), 1);
    assert!(page.text.contains(r#"<script src="/page.js" defer></script>"#));
    assert_eq!(client.get("/page.js").header("content-type"), Some("text/javascript; charset=utf-8"));
}

#[test]
fn the_list_of_requests_names_api_keys_and_never_shows_them() {
    let client = Client::new();
    client.get("/api/v2/plans/plan_sandbox");

    let page = client.get("/").text;
    let requests = &page[page.find("Last requests").unwrap()..];
    assert!(requests.contains("<small>full</small>"), "{requests}");
    assert!(!requests.contains(&client.sandbox.api_key("full")), "{requests}");
}

/// The part of the page that lists requests.
fn requests(client: &Client) -> String {
    let page = client.get("/").text;
    page[page.find("Last requests").unwrap()..].to_owned()
}

#[test]
fn a_request_opens_to_what_was_sent_and_answered() {
    let client = Client::new();
    client.validate("SANDBOX-ACTIVE", json!({ "hwid": "0123456789" }));
    let create = client.current("POST", "/variants").header("idempotency-key", "0123456789");
    create.json(json!({ "product_id": "prod_sandbox", "title": "Weekly" })).send();

    let shown = requests(&client);
    assert!(shown.contains(r#"<details id="request-0">"#) && shown.contains(r#"<details id="request-1">"#), "{shown}");
    assert!(shown.contains("&quot;title&quot;: &quot;Weekly&quot;") && shown.contains("purchase_url"), "{shown}");
    assert!(shown.contains("Api-Version-Date: 2026-09-23") && shown.contains("Idempotency-Key: 0123…"), "{shown}");
    assert!(shown.contains("&quot;hwid&quot;: &quot;0123…&quot;"), "{shown}");
}

#[test]
fn no_body_shows_a_license_key_an_api_key_metadata_or_the_buyer() {
    let client = Client::new();
    let key = client.sandbox.api_key("full");
    client.validate("KLINE-8FFK3-SD83K", json!({ "hwid": "device-of-a-customer" }));
    client.patch("KLINE-8FFK3-SD83K", json!({ "hwid": "device-of-a-customer" }));
    client.patch("mem_active", json!({ "hwid": "device-of-a-customer", "number": 123_456 }));
    client.current("GET", "/memberships?first=100").send();
    client.current("GET", "/memberships/mem_active").undated().send();
    client.post("/api/v2/plans", json!({ "product_id": key }));

    let shown = requests(&client);
    for hidden in ["8FFK3", "of-a-customer", "123456", "buyer@", "5550100123", "SANDBOX-ACTIVE", &key] {
        assert!(!shown.contains(hidden), "{hidden}: {shown}");
    }
    assert!(shown.contains("KLIN…"), "{shown}");
}

#[test]
fn a_request_whose_answer_was_lost_opens_to_what_was_sent() {
    let client = Client::new();
    client.try_validate("SANDBOX-DROP", json!({ "hwid": "0123456789" })).unwrap_err();

    let shown = requests(&client);
    assert!(shown.contains("0123…") && shown.contains("none") && shown.contains("No body."), "{shown}");
}

/// The buttons' own way of sending.
fn press(client: &Client, path: &str, fields: &str) -> (u16, String) {
    let answer = client.raw(format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{fields}",
        fields.len()
    ));
    (answer[9..12].parse().unwrap(), answer)
}

#[test]
fn a_plan_is_created_and_bought_by_button() {
    let client = Client::new();
    let fields = "product_id=prod_sandbox&plan_type=renewal&initial_price=&renewal_price=4.5&billing_period=7";
    let (status, answer) = press(&client, "/sandbox/plans", fields);
    assert!(status == 303 && answer.contains("location: /\r\n"), "{answer}");
    let plan = client.get("/api/v2/plans/plan_1").json();
    assert_eq!([&plan["initial_price"], &plan["renewal_price"]], [&json!(0.0), &json!(4.5)]);
    assert!(client.get("/").text.contains("plan_1: 0.00 usd, then 4.50 every 7 days"));

    assert_eq!(press(&client, "/sandbox/purchases", "plan=plan_1").0, 303);
    assert!(client.get("/").text.contains("<code>SANDBOX-BOUGHT-2</code>"));
    assert_eq!(client.validate("SANDBOX-BOUGHT-2", json!({ "hwid": "a" })).json()["plan"], "plan_1");
}

#[test]
fn a_button_cannot_order_what_is_not_there() {
    let client = Client::new();
    for (path, fields, status) in [
        ("/sandbox/plans", "product_id=prod_x", 404),
        ("/sandbox/plans", "plan_type=renewal", 400),
        ("/sandbox/plans", "product_id=prod_sandbox&initial_price=much", 400),
        ("/sandbox/purchases", "plan=plan_x", 404),
        ("/sandbox/purchases", "", 400),
    ] {
        assert_eq!(press(&client, path, fields).0, status, "{path} {fields}");
    }
    assert_eq!(
        client.post("/sandbox/plans", json!({ "product_id": "prod_sandbox" })).json(),
        json!({ "plan": "plan_1" })
    );
}

#[test]
fn what_is_kept_fresh_is_found_again_by_its_id() {
    let page = Client::new().get("/").text;
    for id in ["plans", "memberships", "requests"] {
        let tag = page.find(&format!("id=\"{id}\"")).unwrap();
        assert!(page[tag..].split('>').next().unwrap().contains("data-fresh"), "{id}");
    }
    assert_eq!(page.matches("data-fresh").count(), 3);
}
