use std::time::Duration;

use serde_json::json;
use whop_sandbox::{Api, Options};

use crate::client::Client;

#[test]
fn requests_are_told_as_they_came() {
    let client = Client::new();
    client.validate("SANDBOX-AC%54IVE", json!({ "hwid": "a" }));
    client.get("/api/v2/plans/plan_sandbox?expand=product&x=%20");
    client.try_send("GET", "/nowhere", "other", None).unwrap();
    client.get("/");

    let requests = client.sandbox.requests();
    let told: Vec<_> = requests
        .iter()
        .map(|request| {
            (request.method.as_str(), request.path.as_str(), request.status, request.api_key, request.id.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "POST",
                "/api/v2/memberships/SANDBOX-AC%54IVE/validate_license",
                201,
                Some("validate"),
                Some("SANDBOX-ACTIVE")
            ),
            ("GET", "/api/v2/plans/plan_sandbox?expand=product&x=%20", 200, Some("full"), Some("plan_sandbox")),
            ("GET", "/nowhere", 404, None, None),
        ]
    );
}

#[test]
fn a_request_without_an_answer_has_no_status() {
    let client = Client::with(Options { slow: Duration::from_secs(3600), ..Options::default() });
    client.try_validate("SANDBOX-DROP", json!({ "hwid": "a" })).unwrap_err();
    let _waiting = client.open(format!(
        "POST /api/v2/memberships/SANDBOX-SLOW/validate_license HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{{\"metadata\":{{}}}}",
        client.sandbox.api_key("full"),
    ));
    while client.sandbox.requests().len() < 2 {
        std::thread::yield_now();
    }
    let statuses: Vec<u16> = client.sandbox.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [0, 0]);
}

#[test]
fn no_request_is_lost_or_mixed_up_when_many_come_at_once() {
    let client = Client::with(Options { rate_limit: None, ..Options::default() });
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let client = &client;
            scope.spawn(move || {
                for n in 0..50 {
                    let status = client.validate(&format!("T{thread}-{n}"), json!({})).status;
                    assert_eq!(status, 404);
                }
            });
        }
    });

    let mut ids: Vec<_> = client.sandbox.requests().into_iter().filter_map(|request| request.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 800);
    assert!(client.sandbox.requests().iter().all(|request| request.status == 404));
}

#[test]
fn a_request_is_told_with_its_api_and_the_headers_that_decide() {
    let client = Client::new();
    client.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" }));
    let create = client.current("POST", "/variants").header("idempotency-key", "k-1");
    create.json(json!({ "product_id": "prod_sandbox" })).send();
    client.current("GET", "/memberships/SANDBOX-ACTIVE/").key("revoked").undated().send();
    client.post("/sandbox/purchases", json!({ "plan": "plan_sandbox" }));

    let requests = client.sandbox.requests();
    let told: Vec<_> = requests
        .iter()
        .map(|request| {
            let headers = (request.api_version_date.as_deref(), request.idempotency_key.as_deref());
            (request.api, request.api_key, request.id.as_deref(), headers, request.status)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some(Api::V2), Some("validate"), Some("SANDBOX-ACTIVE"), (None, None), 201),
            (Some(Api::Current), Some("full"), None, (Some("2026-09-23"), Some("k-1")), 201),
            (Some(Api::Current), Some("revoked"), Some("SANDBOX-ACTIVE"), (None, None), 404),
            (None, Some("full"), None, (None, None), 201),
        ]
    );
}
