use serde_json::json;
use whop_sandbox::Options;

use crate::client::Client;

const VALIDATE: &str = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license";

#[test]
fn the_validate_key_may_validate_and_nothing_else() {
    let client = Client::new();
    let body = || Some(json!({ "metadata": {}, "product_id": "prod_sandbox" }));

    assert_eq!(client.try_send("POST", VALIDATE, "validate", body()).unwrap().status, 201);
    for (method, path) in [
        ("POST", "/api/v2/plans"),
        ("GET", "/api/v2/plans/plan_sandbox"),
        ("GET", "/api/v2/memberships/mem_active"),
        ("POST", "/api/v2/memberships/mem_active"),
    ] {
        let answer = client.try_send(method, path, "validate", body().filter(|_| method == "POST")).unwrap();
        assert_eq!(
            (answer.status, answer.json()),
            (403, json!({ "error": { "status": 403, "message": "Forbidden" } })),
            "{method} {path}"
        );
    }
}

#[test]
fn an_unknown_key_is_unauthorized() {
    let client = Client::new();
    for path in [VALIDATE, "/api/v2/plans"] {
        let answer = client.try_send("POST", path, "other", Some(json!({ "metadata": {} }))).unwrap();
        let error = json!({ "status": "401", "message": "Your access token is invalid." });
        assert_eq!((answer.status, answer.json()), (401, json!({ "error": error })), "{path}");
    }
}

#[test]
fn no_key_or_another_scheme_is_unauthorized() {
    let client = Client::new();
    let key = client.sandbox.api_key("full");
    for header in [
        String::new(),
        format!("Authorization: {key}\r\n"),
        format!("Authorization: Basic {key}\r\n"),
        format!("Authorization: Bearer {key}x\r\n"),
        "Authorization: \r\n".to_owned(),
    ] {
        let answer =
            client.raw(format!("POST {VALIDATE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 401 "), "{header}: {answer}");
    }
}

#[test]
fn a_key_of_another_port_is_unauthorized() {
    let (client, other) = (Client::new(), Client::new());
    let key = other.sandbox.api_key("full");

    let answer = client.raw(format!(
        "POST {VALIDATE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\r\n"
    ));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[test]
fn too_many_requests_are_refused_for_each_key_by_itself() {
    let client = Client::with(Options { rate_limit: Some(3), ..Options::default() });
    let statuses = |key| {
        let send = |_| client.try_send("POST", VALIDATE, key, Some(json!({ "metadata": {} }))).unwrap();
        (0..4)
            .map(send)
            .map(|answer| (answer.status, answer.header("retry-after").map(str::to_owned)))
            .collect::<Vec<_>>()
    };

    let expected = [(201, None), (201, None), (201, None), (429, None)];
    assert_eq!(statuses("full"), expected);
    assert_eq!(statuses("validate"), expected);
    assert_eq!(client.get("/api/v2/plans/plan_sandbox").json(), json!({ "message": "You are being rate limited" }));
    assert_eq!(client.get("/").status, 200, "the page is for people");
}

#[test]
fn a_hundred_requests_are_the_default_limit() {
    let client = Client::new();
    let statuses: Vec<u16> = (0..101).map(|_| client.get("/api/v2/plans/plan_sandbox").status).collect();

    assert!(statuses[..100].iter().all(|&status| status == 200));
    assert_eq!(statuses[100], 429);
}

#[test]
fn the_limit_can_be_switched_off() {
    let client = Client::with(Options { rate_limit: None, ..Options::default() });

    assert!((0..150).all(|_| client.get("/api/v2/plans/plan_sandbox").status == 200));
}

#[test]
fn the_read_key_may_read_alone_and_the_key_without_a_right_nothing() {
    let client = Client::new();
    let body = || Some(json!({ "metadata": { "hwid": "a" }, "product_id": "prod_sandbox" }));
    for (method, path, read) in [
        ("GET", "/api/v2/memberships/mem_active", 200),
        ("GET", "/api/v2/plans/plan_sandbox", 200),
        ("POST", VALIDATE, 403),
        ("POST", "/api/v2/memberships/mem_active", 403),
        ("POST", "/api/v2/plans", 403),
    ] {
        let status = |key| client.try_send(method, path, key, body().filter(|_| method == "POST")).unwrap().status;
        assert_eq!((status("read"), status("none")), (read, 403), "{method} {path}");
    }
    assert_eq!(client.metadata("mem_active"), json!({}));
}

#[test]
fn a_revoked_key_is_unauthorized() {
    let client = Client::new();

    let answer = client.try_send("GET", "/api/v2/plans/plan_sandbox", "revoked", None).unwrap();
    let error = json!({ "status": "401", "message": "Your access token is invalid." });
    assert_eq!((answer.status, answer.json()), (401, json!({ "error": error })));
}

#[test]
fn a_key_of_another_company_finds_nothing() {
    let client = Client::new();
    let body = json!({ "metadata": { "hwid": "a" } });

    assert_eq!(client.try_send("POST", VALIDATE, "foreign", Some(body)).unwrap().status, 404);
    assert_eq!(client.try_send("GET", "/api/v2/plans/plan_sandbox", "foreign", None).unwrap().status, 404);
    assert_eq!(client.metadata("mem_active"), json!({}));
}
