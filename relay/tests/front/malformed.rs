//! Requests that are refused before Whop hears of them.

use std::io::Write;

use crate::support::{NONCE, Setup, agent, check_url, connect, get, post, read_all};

const BODY: &[u8] = br#"{"metadata":{"hwid":"my-pc"}}"#;

#[test]
fn nothing_malformed_is_signed_or_reaches_whop() {
    let setup = Setup::new();
    let signed = [("whop-license-nonce", NONCE), ("whop-license-keys", setup.key.id())];
    let url = check_url(setup.relay.url(), "SANDBOX-ACTIVE");
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "x",
        r#"{"metadata":{}}"#,
        r#"{"metadata":{"hwid":"a","note":"b"}}"#,
        r#"{"metadata":{"hwid":"a","hwid":"b"}}"#,
        r#"{"metadata":{"hwid":"a"},"metadata":{"hwid":"a"}}"#,
        r#"{"metadata":{"hwid":"a"},"more":1}"#,
        r#"{"metadata":{"HWID":"a"}}"#,
        r#"{"metadata":{"hwid_2":"a"}}"#,
        r#"{"metadata":{"hwid_released":"a"}}"#,
        r#"{"metadata":{"hwid":1}}"#,
        r#"{"metadata":{"hwid":"é"}}"#,
        r#"{"metadata":{"hwid":"released:1"}}"#,
        r#"["metadata",{"hwid":"a"}]"#,
    ] {
        let answered = post(&url, &signed, body.as_bytes());
        assert_eq!((answered.status, answered.lease()), (400, None), "{body}");
        assert_eq!(answered.json()["error"]["status"], 400, "{body}");
    }
    for (license_key, status) in
        [("%20", 400), ("%FF", 400), ("a%00b", 400), ("%2E%2E", 400), ("mem_active", 404), ("%6dem_active", 404)]
    {
        let answered = post(&check_url(setup.relay.url(), license_key), &signed, BODY);
        assert_eq!((answered.status, answered.lease()), (status, None), "{license_key}");
    }
    for (header, status) in [
        (("content-type", "text/plain"), 415),
        (("content-type", "application/x-www-form-urlencoded"), 415),
        (("content-encoding", "gzip"), 415),
        (("whop-license-nonce", "short"), 400),
    ] {
        let answered = post(&url, &[header], BODY);
        assert_eq!((answered.status, answered.lease()), (status, None), "{header:?}");
    }
    let large = format!(r#"{{"metadata":{{"hwid":"{}"}}}}"#, "x".repeat(9_000));
    assert_eq!(post(&url, &signed, large.as_bytes()).status, 413);
    assert!(setup.whop.requests().is_empty(), "{:?}", setup.whop.requests());
    // The same with nothing wrong.
    assert_eq!(post(&url, &signed, BODY).status, 201);
    assert!(!setup.whop.requests().is_empty());
}

#[test]
fn there_is_no_other_door() {
    let setup = Setup::new();
    let relay = setup.relay.url();
    for path in [
        "/",
        "/v2/memberships",
        "/v2/memberships/SANDBOX-ACTIVE",
        "/v2/memberships/SANDBOX-ACTIVE/reset",
        "/v1/memberships/SANDBOX-ACTIVE",
        "/v2/plans",
        "/readyz",
        "/metrics",
        "/v2/memberships/a/b/validate_license",
    ] {
        for answered in [get(&format!("{relay}{path}")), post(&format!("{relay}{path}"), &[], BODY)] {
            assert_eq!((answered.status, &answered.json()["error"]["status"]), (404, &404.into()), "{path}");
        }
    }
    let url = check_url(relay, "SANDBOX-ACTIVE");
    let methods = [
        agent().get(&url).call(),
        agent().delete(&url).call(),
        agent().put(&url).send(BODY),
        agent().patch(&url).send(BODY),
    ];
    for response in methods {
        assert_eq!(response.unwrap().status(), 405);
    }
    assert_eq!((get(&format!("{relay}/healthz")).status, &*get(&format!("{relay}/healthz")).text), (200, "ok\n"));
    assert!(setup.whop.requests().is_empty());
}

#[test]
fn what_is_no_http_is_refused_and_the_connection_ends() {
    let setup = Setup::new();
    let head = "POST /v2/memberships/SANDBOX-ACTIVE/validate_license HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    let many: String = (0..200).map(|number| format!("x-{number}: y\r\n")).collect();
    let long = format!("{head}x: {}\r\n\r\n", "y".repeat(17_000));
    for (sent, status) in [
        ("\u{16}\u{3}\u{1}\r\n\r\n", "400"),
        ("GET / HTTP/3.0\r\n\r\n", "400"),
        (&format!("{head}content-length: -1\r\n\r\n"), "400"),
        (&format!("{head}content-length: 30\r\ncontent-length: 31\r\n\r\n"), "400"),
        (&format!("{head}{many}\r\n"), "431"),
        (&long, "431"),
        (&format!("{head}transfer-encoding: chunked\r\nconnection: close\r\n\r\nZZ\r\n"), "400"),
    ] {
        let mut stream = connect(setup.relay.url());
        // It may be cut off before all is sent.
        drop(stream.write_all(sent.as_bytes()));
        let answered = read_all(&stream);
        assert!(answered.starts_with(&format!("HTTP/1.1 {status} ")), "{sent:.80}: {answered}");
    }
    assert!(setup.whop.requests().is_empty());
}
