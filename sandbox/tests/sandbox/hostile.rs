use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::client::{Answer, Client};

fn assert_whops(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.json()["message"].is_string() || answer.json()["error"]["message"].is_string(), "{}", answer.text);
}

#[test]
fn hostile_ids_are_looked_up_as_they_are() {
    let client = Client::new();
    for (encoded, id) in [
        ("..%2Fplans", "../plans"),
        ("a%2Fb%3Fc%23d%252e", "a/b?c#d%2e"),
        ("%20", " "),
        ("%F0%9F%94%91", "🔑"),
        ("%00", "\0"),
        ("%22%3E%3Cscript%3E", "\"><script>"),
        ("sandbox-active", "sandbox-active"),
        ("SANDBOX-ACTIVE%20", "SANDBOX-ACTIVE "),
    ] {
        let answer = client.validate(encoded, json!({ "hwid": "a" }));
        let message = format!("No such Membership found with the provided ID: {id}");
        assert_eq!((answer.status, &answer.json()["error"]["message"]), (404, &json!(message)));
    }
    let long = "x".repeat(8000);
    assert_whops(&client.validate(&long, json!({})), 404);
}

#[test]
fn an_id_that_is_not_utf_8_is_refused() {
    assert_whops(&Client::new().validate("%FF%FE", json!({})), 400);
}

#[test]
fn an_empty_id_collapses_the_path() {
    let client = Client::new();
    let answer = client.post("/api/v2/memberships//validate_license", json!({ "metadata": {} }));

    let message = "No such Membership found with the provided ID: validate_license";
    assert_eq!((answer.status, &answer.json()["error"]["message"]), (404, &json!(message)));
}

#[test]
fn a_wrong_path_is_not_found() {
    let client = Client::new();
    for path in [
        "/api/v1",
        "/api/v1/",
        "/api/v1/plan",
        "/api/v1/memberships/mem_active/validate_license",
        "/api/v2",
        "/api/v2/",
        "/api/v2/memberships",
        "/api/v2/memberships/",
        "/api/v3/plans",
        "/api/../api/v2/plans",
    ] {
        assert_whops(&client.post(path, json!({})), 404);
    }
    let outside = client.post("/v2/plans", json!({}));
    assert_eq!((outside.status, outside.header("content-type")), (404, Some("text/html; charset=utf-8")));
}

#[test]
fn a_wrong_method_is_refused() {
    let client = Client::new();
    for (method, path, allow) in [
        ("GET", "/api/v1/variants", "POST"),
        ("DELETE", "/api/v1/memberships/mem_active", "GET,HEAD,PATCH"),
        ("POST", "/api/v1/memberships", "GET,HEAD"),
        ("DELETE", "/api/v2/plans", "POST"),
        ("GET", "/api/v2/memberships/mem_active/validate_license", "POST"),
        ("DELETE", "/api/v2/memberships/mem_active", "GET,HEAD,POST"),
        ("GET", "/sandbox/purchases", "POST"),
        ("GET", "/sandbox/memberships/mem_active/reset", "POST"),
    ] {
        let answer = client.try_send(method, path, "full", None).unwrap();
        assert_whops(&answer, 405);
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[test]
fn a_wrong_body_is_refused_and_changes_nothing() {
    let client = Client::new();
    let key = client.sandbox.api_key("full");
    let send = |content_type: &str, body: &[u8]| {
        let mut request = format!(
            "POST /api/v2/memberships/mem_active/validate_license HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: Bearer {key}\r\n{content_type}Content-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        let answer = client.raw(request);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        assert!(body["message"].is_string(), "{body}");
        head[9..12].parse::<u16>().unwrap()
    };
    let json = "Content-Type: application/json\r\n";
    let deep = format!("{{\"metadata\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));

    let bodies: [&[u8]; 9] =
        [b"", b"{", b"[]", b"null", b"{}", b"{\"metadata\":[]}", b"{\"metadata\":null}", b"\xff\xfe", deep.as_bytes()];
    for body in bodies {
        assert_eq!(send(json, body), 400, "{}", String::from_utf8_lossy(body));
    }
    assert_eq!(send("", b"{\"metadata\":{\"a\":1}}"), 415);
    assert_eq!(send("Content-Type: text/plain\r\n", b"{\"metadata\":{\"a\":1}}"), 415);
    assert_eq!(client.get("/api/v2/memberships/mem_active").json()["metadata"], json!({}));
}

#[test]
fn a_body_over_a_mebibyte_is_too_large() {
    let client = Client::new();
    let fits = json!({ "hwid": "x".repeat(1_000_000) });

    assert_eq!(client.validate("mem_active", fits).status, 201);
    assert_whops(&client.validate("mem_active", json!({ "hwid": "x".repeat(1_100_000) })), 413);
}

#[test]
fn a_request_refused_before_its_body_came_leaves_the_connection_usable() {
    let client = Client::new();
    let request = "POST /api/v2/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n";
    let mut stream = client.open(request);
    while client.sandbox.requests().is_empty() {
        std::thread::yield_now();
    }
    stream.write_all(b"{}GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();

    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert!(answers.starts_with("HTTP/1.1 401 ") && answers.contains("}HTTP/1.1 200 OK"), "{answers}");
}

#[test]
fn what_is_no_http_harms_nothing() {
    let client = Client::new();
    for bytes in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..], b"GET\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        client.raw(bytes);
    }
    assert_eq!(client.get("/").status, 200);
}
