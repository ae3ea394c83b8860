use serde_json::json;

use crate::client::Client;

/// The status of a request with these header lines.
fn status(client: &Client, start: &str, headers: &str) -> u16 {
    let answer = client.raw(format!("{start} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n"));
    answer[9..12].parse().unwrap()
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let client = Client::new();
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:65535"] {
        assert_eq!(status(&client, "GET /", &format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[::1]", "0.0.0.0", "a b", ""] {
        assert_eq!(status(&client, "GET /", &format!("Host: {host}\r\n")), 421, "{host}");
    }
    assert_eq!(status(&client, "GET /", ""), 421);
    assert_eq!(status(&client, "GET http://evil.example/", "Host: localhost\r\n"), 421);
}

#[test]
fn the_button_works_from_the_page_only() {
    let client = Client::new();
    let reset = |headers: &str| {
        let port = client.sandbox.port();
        let headers = format!("Host: 127.0.0.1:{port}\r\nContent-Length: 0\r\n{headers}");
        status(&client, "POST /sandbox/memberships/SANDBOX-OTHER-DEVICE/reset", &headers)
    };
    let bound = || client.get("/api/v2/memberships/mem_other_device").json()["metadata"] != json!({});

    for headers in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: http://127.0.0.1\r\n",
        "Origin: http://127.0.0.1:1\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        assert_eq!(reset(headers), 403, "{headers}");
        assert!(bound());
    }
    let page = format!("Origin: {}\r\nSec-Fetch-Site: same-origin\r\n", client.sandbox.origin());
    assert_eq!(reset(&page), 303);
    assert!(!bound());
    assert_eq!(reset(""), 303, "a program sends none of these headers");
}
