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
    let buttons = || client.get("/").text.matches("<button").count();

    assert_eq!(buttons(), 1, "SANDBOX-OTHER-DEVICE");
    client.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" }));
    assert!(client.get("/").text.contains(r#"action="/sandbox/memberships/mem_active/reset""#));
    client.post("/sandbox/memberships/mem_active/reset", json!({}));
    client.post("/sandbox/memberships/mem_other_device/reset", json!({}));
    assert_eq!(buttons(), 0);
}

#[test]
fn what_clients_send_is_escaped() {
    let client = Client::new();
    client.validate("SANDBOX-ACTIVE", json!({ "<script>alert(1)</script>": "\"><img src=x onerror=alert(2)>" }));
    client.raw("GET /x?&lt;script&gt; HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    let page = client.get("/").text;
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("&lt;img src=x"));
    assert!(page.contains("/x?&amp;lt;script&amp;gt;"), "{page}");
}

#[test]
fn the_page_runs_no_script_and_is_not_framed() {
    let page = Client::new().get("/");
    let policy = page.header("content-security-policy").unwrap();

    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
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
