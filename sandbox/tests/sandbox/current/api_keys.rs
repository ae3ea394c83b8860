use serde_json::{Value, json};

use crate::client::{Answer, Client};

/// Every operation, with the permission that it takes.
const OPERATIONS: [(&str, &str, &str); 7] = [
    ("GET", "/memberships/SANDBOX-ACTIVE", "member:basic:read"),
    ("GET", "/memberships?first=1", "member:basic:read"),
    ("PATCH", "/memberships/mem_active", "member:manage"),
    ("POST", "/variants", "plan:create"),
    ("POST", "/plans", "plan:create"),
    ("GET", "/variants/plan_sandbox", "plan:basic:read"),
    ("GET", "/plans/plan_sandbox", "plan:basic:read"),
];

fn ask(client: &Client, key: &str, method: &str, path: &str) -> Answer {
    let ask = client.current(method, path).key(key);
    match method {
        "GET" => ask.send(),
        "PATCH" => ask.json(json!({ "metadata": { "hwid": "a" } })).send(),
        _ => ask.json(json!({ "product_id": "prod_sandbox" })).send(),
    }
}

#[test]
fn the_full_key_may_everything() {
    let client = Client::new();
    for (method, path, _) in OPERATIONS {
        let status = ask(&client, "full", method, path).status;
        assert!((200..300).contains(&status), "{method} {path}: {status}");
    }
}

#[test]
fn the_read_key_may_read_and_is_told_what_it_lacks() {
    let client = Client::new();
    for (method, path, permission) in OPERATIONS {
        let answer = ask(&client, "read", method, path);
        match method {
            "GET" => assert_eq!(answer.status, 200, "{path}"),
            _ => {
                let message = format!("This API key lacks the permission {permission}.");
                assert_eq!(answer.error(), (403, "forbidden".to_owned(), message), "{path}");
            }
        }
    }
    assert_eq!(client.metadata("mem_active"), json!({}));
}

#[test]
fn the_key_without_a_right_and_v2s_key_are_forbidden_everything() {
    let client = Client::new();
    for key in ["none", "validate"] {
        for (method, path, permission) in OPERATIONS {
            let (status, _, message) = ask(&client, key, method, path).error();
            assert_eq!(status, 403, "{key}: {method} {path}");
            assert!(message.contains(permission), "{message}");
        }
    }
}

#[test]
fn a_revoked_key_is_answered_as_if_nothing_were_there() {
    let client = Client::new();
    let unknown = client.current("GET", "/memberships/KLINE-8FFK3").send();
    assert_eq!(unknown.json(), json!({ "error": { "type": "not_found", "message": "Membership not found" } }));

    for (method, path, _) in OPERATIONS {
        let answer = ask(&client, "revoked", method, path);
        assert_eq!(answer.status, 404, "{method} {path}");
        if path.starts_with("/memberships") {
            assert_eq!(answer.text, unknown.text, "{method} {path}");
        }
    }
    assert_eq!(client.metadata("mem_active"), json!({}));
}

#[test]
fn a_key_of_another_company_sees_an_empty_list_and_nothing_else() {
    let client = Client::new();
    for (method, path, _) in OPERATIONS {
        let answer = ask(&client, "foreign", method, path);
        if path.contains("first=1") {
            assert_eq!((answer.status, &answer.json()["data"]), (200, &json!([])));
        } else {
            assert_eq!(answer.error().0, 404, "{method} {path}");
        }
    }
    assert_eq!(client.metadata("mem_active"), json!({}));
}

#[test]
fn an_unknown_key_or_none_is_unauthorized() {
    let client = Client::new();
    for (method, path, _) in OPERATIONS {
        let (status, kind, _) = ask(&client, "other", method, path).error();
        assert_eq!((status, &*kind), (401, "unauthorized"), "{method} {path}");
    }
    let key = client.sandbox.api_key("full");
    for header in [String::new(), format!("Authorization: {key}\r\n"), format!("Authorization: Basic {key}\r\n")] {
        let answer = client.raw(format!(
            "GET /api/v1/memberships/mem_active HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n"
        ));
        assert!(answer.starts_with("HTTP/1.1 401 "), "{header}: {answer}");
    }
}

#[test]
fn who_may_not_change_a_membership_is_shown_no_way_to_manage_it() {
    let client = Client::new();
    let manage_url = |key| {
        let ask = client.current("GET", "/memberships/mem_active").date("2026-10-15-1").key(key);
        ask.send().json()["manage_url"].clone()
    };

    assert_eq!(manage_url("full"), "https://whop.com/hub/mem_active/");
    assert_eq!(manage_url("read"), Value::Null);
}
