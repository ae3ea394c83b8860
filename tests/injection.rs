//! Nothing that a caller gives becomes a header, a request or another address: it is refused by name, or stays where it
//! belongs.

#![cfg(test)]

mod support;

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use support::{Act, BOTH, Peer, answer, entitled, membership, plan, yes};
use whop_license::{Api, Client, ClientBuilder, PlanRequest};

/// A header, a second request and a second answer, in all the ways to end a line.
const PAYLOADS: [&str; 8] = [
    "\r\nX-Evil: 1",
    "\nX-Evil: 1",
    "\rX-Evil: 1",
    "\0X-Evil: 1",
    "\r\n\r\nPOST /X-Evil HTTP/1.1\r\n\r\n",
    "\u{85}X-Evil: 1",
    "\u{2028}X-Evil: 1",
    "\u{10a}\u{10d}X-Evil: 1",
];

fn peer() -> Peer {
    Peer::start([yes("any")])
}

/// Both calls of a client that has this setting, and speaks API v2, to which more of what the caller gives is sent.
fn calls(settings: &ClientBuilder) -> [String; 2] {
    let refusal = match settings.clone().api(Api::V2).build() {
        Ok(client) => {
            let validated = client.validate_license("K", "{}").map(|_| ()).err();
            let created = client.create_plan(plan()).map(|_| ()).err();
            return [validated, created].map(|error| error.map_or_else(String::new, |error| error.to_string()));
        }
        Err(error) => error.to_string(),
    };
    [refusal.clone(), refusal]
}

/// The names of the headers and the number of lines of a request.
fn is_as_always(request: &str) -> bool {
    let head = request.split("\r\n\r\n").next().unwrap();
    let mut names: Vec<_> = head.split("\r\n").skip(1).map(|line| line.split(':').next().unwrap()).collect();
    names.sort_unstable();
    let line = head.split("\r\n").next().unwrap();
    let mut always = vec!["accept", "authorization", "host", "user-agent"];
    if !line.starts_with("GET ") {
        always.extend(["content-length", "content-type"]);
    }
    if line.contains("/v1/") {
        always.push("api-version-date");
        always.extend(line.starts_with("POST ").then_some("idempotency-key"));
    }
    always.sort_unstable();
    names == always && !head.replace("\r\n", "").contains(char::is_control)
}

#[test]
fn api_key_adds_no_header() {
    for payload in PAYLOADS {
        let peer = peer();
        let mut settings = Client::builder(&format!("apik{payload}x"));
        settings.base_url(&format!("http://{}/api", peer.host()));
        assert_eq!(calls(&settings), ["api_key: holds a character that no API key has"; 2], "{payload:?}");
        assert!(peer.seen().is_empty());
    }
}

#[test]
fn license_key_stays_in_its_segment() {
    for payload in PAYLOADS.iter().chain(&["/../../plans", "\\..\\x", "?expand=user", "#x", "//evil.example/", "@evil"])
    {
        for (api, before, behind) in [
            (Api::Current, "GET /api/v1/memberships/", " HTTP/1.1"),
            (Api::V2, "POST /api/v2/memberships/", "/validate_license HTTP/1.1"),
        ] {
            let key = format!("K{payload}x");
            let peer = Peer::start([Act::Send(entitled(api, &key))]);
            let outcome = peer.client_of(api).build().unwrap().validate_license(&key, "{}");
            if payload.contains(|c: char| c.is_control() || c == '\u{2028}') {
                let refusal = outcome.unwrap_err().to_string();
                assert_eq!(refusal, "license_key: holds a control character", "{payload:?}");
                assert!(peer.seen().is_empty());
                continue;
            }
            assert!(outcome.unwrap().is_allowed());
            let seen = peer.seen();
            let line = seen[0].lines().next().unwrap();
            let segment = line.strip_prefix(before).and_then(|line| line.strip_suffix(behind));
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
            assert!(seen.len() == 1 && segment.is_some_and(|segment| segment.bytes().all(plain)), "{line}");
            assert!(is_as_always(&seen[0]), "{seen:?}");
        }
    }
}

#[test]
fn product_id_and_expand_add_nothing() {
    for payload in PAYLOADS.iter().chain(&["&evil=1", " HTTP/1.1", "#", "/x"]) {
        let peer = peer();
        let mut settings = peer.client_of(Api::V2);
        assert!(calls(settings.expand(&format!("product{payload}")))[0].starts_with("expand: expected names among"));
        assert!(peer.seen().is_empty());

        for api in BOTH {
            let other_product = peer.client_of(api).product_id(&format!("prod{payload}")).build().unwrap();
            assert!(!other_product.validate_license("K", "{}").is_ok_and(|verdict| verdict.is_allowed()));
        }
        assert!(peer.seen().iter().all(|request| is_as_always(request)));
    }
}

#[test]
fn version_date_is_a_date() {
    for payload in PAYLOADS.iter().chain(&[" ", "\r\n", ",2026-09-23", "-1-1", "x", "--"]) {
        let peer = peer();
        let mut settings = peer.client_of(Api::Current);
        settings.api_version_date(&format!("2026-09-23{payload}1"));
        let refusal = settings.build().unwrap_err().to_string();
        assert_eq!(refusal, "api_version_date: expected YYYY-MM-DD or YYYY-MM-DD-n", "{payload:?}");
    }
}

#[test]
fn metadata_and_plan_stay_in_the_body() {
    for api in BOTH {
        // With the current API, each device is the first.
        let stored = Arc::new(Mutex::new(Value::Null));
        let peer = Peer::start([Act::ask(move |request| remember(&mut stored.lock().unwrap(), request))]);
        let client = peer.client_of(api).build().unwrap();
        let mut refused = 0;
        for payload in PAYLOADS {
            let text = json!(payload);
            let checked = client.validate_license("K", &*format!(r#"{{"hwid":{text}}}"#));
            // No device has a control character, says the current API's check.
            let may_be_refused = api == Api::Current && payload.contains(char::is_control);
            assert!(checked.is_ok() || may_be_refused, "{payload:?}");
            refused += usize::from(checked.is_err());
            client.create_plan(PlanRequest::from_json(&format!(r#"{{"description":{text}}}"#)).unwrap()).unwrap();
            assert!(
                client.validate_license("K", &*format!(r#"{{"hwid":"{payload}"}}"#)).is_ok()
                    || payload.is_ascii()
                    || may_be_refused
            );
        }
        let with_body = peer.seen().into_iter().filter(|request| !request.starts_with("GET "));
        let bodies = with_body.map(|request| {
            assert!(is_as_always(&request), "{request}");
            let body = request.split_once("\r\n\r\n").unwrap().1;
            assert!(serde_json::from_str::<Value>(body).is_ok_and(|body| body.is_object()), "{request}");
        });
        assert!(bodies.count() >= 2 * PAYLOADS.len() - refused);
        assert!(peer.seen().iter().all(|request| is_as_always(request)));
    }
}

/// Has the metadata of the last request that had any, and shows it once.
fn remember(stored: &mut Value, request: &str) -> Act {
    let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap_or_default();
    let Some(path) = request.split(' ').nth(1).filter(|path| path.contains("/memberships/")) else {
        return Act::Send(answer(200, r#"{"id":"plan_1"}"#));
    };
    let mut shown = membership(if path.contains("/v2/") { Api::V2 } else { Api::Current }, "K");
    match body.get("metadata") {
        Some(metadata) => *stored = metadata.clone(),
        None => shown["metadata"] = std::mem::take(stored),
    }
    Act::Send(answer(200, &shown.to_string()))
}

#[test]
fn device_id_and_metadata_key_are_names_and_values_of_the_metadata() {
    for payload in PAYLOADS.iter().chain(&[r#"","evil":""#, r#"\"#, r#""}},"evil":{"a":""#]) {
        for api in BOTH {
            let text = format!("x{payload}");
            let stored = Arc::new(Mutex::new(Value::Null));
            let peer = Peer::start([Act::ask(move |request| remember(&mut stored.lock().unwrap(), request))]);
            for settings in [
                peer.client_of(api).device_id(&text).metadata_key("k"),
                peer.client_of(api).device_id("k").metadata_key(&text),
            ] {
                match settings.build() {
                    Ok(client) => assert!(client.validate_license("K", None).unwrap().is_allowed()),
                    Err(error) => assert!(error.to_string().ends_with(": holds a control character"), "{error}"),
                }
            }
            for request in peer.seen() {
                assert!(is_as_always(&request), "{request}");
                let body = request.split_once("\r\n\r\n").unwrap().1;
                let bodies = [json!({"metadata": {"k": text}}), json!({"metadata": {&text: "k"}})];
                let sent = serde_json::from_str::<Value>(body).unwrap_or_default();
                assert!(body.is_empty() && request.starts_with("GET ") || bodies.contains(&sent), "{request}");
            }
        }
    }
}

#[test]
fn base_url_that_two_readers_could_read_differently_is_refused() {
    let peer = peer();
    let host = peer.host();
    let port = host.rsplit(':').next().unwrap();
    let mut urls: Vec<String> = PAYLOADS.iter().map(|payload| format!("http://{host}/api{payload}")).collect();
    urls.extend(PAYLOADS.iter().map(|payload| format!("http://127.0.0.1{payload}:{port}/api")));
    urls.extend([
        format!("http://user@{host}/api"),
        format!("http://user:hunter2@{host}/api"),
        format!("http://@{host}/api"),
        format!("http://{host}@evil.example/api"),
        format!("http://{host}\\@evil.example/api"),
        format!("http://evil.example\\@{host}/api"),
        format!("http://evil.example#@{host}/api"),
        format!("http://evil.example?@{host}/api"),
        format!("http:\\\\{host}/api"),
        format!("http:/{host}/api"),
        format!("http:///{host}/api"),
        format!("http:{host}/api"),
        format!("//{host}/api"),
        format!("{host}/api"),
        format!("http://127.0.0.1:{port}:80/api"),
        format!("http://127.0.0.1:{port}x/api"),
        format!("http://127.0.0.1:+{port}/api"),
        format!("http://127.0.0.1: {port}/api"),
        "http://127.0.0.1:65536/api".into(),
        "http://127.0.0.1:0/api".into(),
        "http://127.0.0.1:/api".into(),
        format!("http://127.1:{port}/api"),
        format!("http://2130706433:{port}/api"),
        format!("http://0x7f000001:{port}/api"),
        format!("http://0177.0.0.1:{port}/api"),
        format!("http://127.0.0.1.:{port}/api"),
        format!("http://127.0.0.1.evil.example:{port}/api"),
        format!("http://[::1%25lo]:{port}/api"),
        format!("http://[::1%lo]:{port}/api"),
        format!("https://[fe80::1%25lo]:{port}/api"),
        format!("http://[::1]{port}/api"),
        format!("http://[::1]x:{port}/api"),
        format!("http://[[::1]]:{port}/api"),
        format!("http://[127.0.0.1]:{port}/api"),
        format!("http://[::ffff:127.0.0.1]:{port}/api"),
        format!("http://localhos\u{ff54}:{port}/api"),
        format!("http://127\u{3002}0.0.1:{port}/api"),
        format!("http://{host}/api?x="),
        format!("http://{host}/api#"),
    ]);
    for url in urls {
        let mut settings = Client::builder("apik_secret");
        let errors = calls(settings.base_url(&url));
        assert!(errors.iter().all(|error| error.starts_with("base_url: ")), "{url:?}: {errors:?}");
        assert!(!errors[0].contains("hunter2"), "{errors:?}");
    }
    assert!(peer.seen().is_empty());
}

#[test]
fn path_of_the_base_url_stays_a_path() {
    for path in ["", "/", "//evil.example", "/@evil.example", "/a;b", "/%0d%0aX-Evil:%201", "/:80", "/\\evil.example"] {
        let peer = peer();
        let mut settings = Client::builder("apik_secret");
        assert_eq!(calls(settings.base_url(&format!("http://{}{path}", peer.host()))), ["", ""], "{path}");
        let path = path.trim_end_matches('/');
        let seen = peer.seen();
        assert!(
            seen[0].starts_with(&format!("POST {path}/v2/memberships/K/validate_license HTTP/1.1\r\n")),
            "{seen:?}"
        );
        assert!(seen.iter().all(|request| is_as_always(request)), "{seen:?}");
        let host = format!("host: {}\r\n", peer.host());
        assert!(seen.iter().all(|request| request.to_ascii_lowercase().contains(&host)), "{seen:?}");
    }
}

#[test]
fn proxy_that_two_readers_could_read_differently_is_refused() {
    let proxy = peer();
    let host = proxy.host();
    let mut urls: Vec<String> = PAYLOADS.iter().map(|payload| format!("http://{host}{payload}")).collect();
    urls.extend(PAYLOADS.iter().map(|payload| format!("http://us{payload}er:hunter2@{host}")));
    urls.extend(["%0d%0aX-Evil:%201", "%00", "%7f"].map(|user| format!("http://{user}:hunter2@{host}")));
    urls.extend(["%0d%0aX-Evil:%201", "%00"].map(|password| format!("socks5://user:{password}@{host}")));
    urls.extend([
        format!("http://{host}\\@evil.example"),
        format!("http:\\\\{host}"),
        format!("ftp://{host}"),
        "http://127.0.0.1:0".into(),
        "http://127.0.0.1:99999".into(),
        "http://127.0.0.1:+3128".into(),
        "http://127.0.0.1:".into(),
        "http://127.1:3128".into(),
        "http://[::1%25lo]:3128".into(),
        "http://[::1]x:3128".into(),
        "http://:3128".into(),
        "http://user:hunter2@".into(),
    ]);
    for url in urls {
        let mut settings = Client::builder("apik_secret");
        settings.base_url("https://whop.invalid/api");
        let errors = calls(settings.proxy(&url));
        assert!(
            errors.iter().all(|error| error.starts_with("proxy: expected http://HOST:PORT")),
            "{url:?}: {errors:?}"
        );
        assert!(!errors[0].contains("hunter2"), "{errors:?}");
    }
    assert!(proxy.seen().is_empty());
}

#[test]
fn what_a_proxy_is_told_holds_nothing_injected() {
    let proxy = Peer::start([Act::SendAndClose("HTTP/1.1 403 Forbidden\r\n\r\n".into())]);
    let mut settings = Client::builder("apik_secret");
    settings.base_url("https://whop.invalid:8443//evil.example/@x").max_retries(0);
    calls(settings.proxy(&format!("http://us%40er:p%3Aass@{}/path?query", proxy.host())));
    let seen = proxy.seen();
    assert!(!seen.is_empty());
    for request in seen {
        assert!(request.starts_with("CONNECT whop.invalid:8443 HTTP/1.1\r\n"), "{request}");
        assert!(
            !request.contains("evil") && !request.contains("apik_secret") && !request.contains("query"),
            "{request}"
        );
    }
}
