//! What goes over the wire, byte by byte.

#![cfg(test)]

mod support;

use regex::Regex;
use serde_json::json;
use support::{Act, BOTH, DEVICE, Peer, Stored, answer, plan, yes};
use whop_license::{Api, Client, ClientBuilder, Error, current, v2};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The one request that the call makes of API v2.
fn request(change: impl FnOnce(&mut ClientBuilder), call: impl FnOnce(&Client)) -> String {
    let peer = Peer::start([yes("any")]);
    let mut settings = peer.client_of(Api::V2);
    change(&mut settings);
    call(&settings.build().unwrap());
    let [request] = &requests(&peer)[..] else { panic!("{:?}", peer.seen()) };
    request.clone()
}

/// Each request, its headers sorted, with HOST for the peer's address and RANDOM for a name of 32 hex digits.
fn requests(peer: &Peer) -> Vec<String> {
    let name = Regex::new("(?m)^(idempotency-key: )[0-9a-f]{32}$").unwrap();
    let seen = peer.seen().into_iter().map(|request| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut lines: Vec<_> = head.split("\r\n").collect();
        lines[1..].sort_unstable();
        let request = format!("{}\n\n{body}", lines.join("\n")).replace(&peer.host(), "HOST");
        name.replace(&request, "${1}RANDOM").into_owned()
    });
    seen.collect()
}

#[test]
fn v2_validate_sends_the_callers_bytes_and_nothing_of_its_own() {
    let metadata = r#" { "hwid" : "3f0c\u0041",  "n":1.0 } "#;
    let sent = request(|_| (), |client| _ = client.validate_license(" KLINE-8FFK3 \n", metadata));
    let expected = format!(
        "POST /api/v2/memberships/KLINE-8FFK3/validate_license HTTP/1.1
accept: application/json
authorization: Bearer apik_secret
content-length: 50
content-type: application/json
host: HOST
user-agent: whop-license/{VERSION}

{{\"metadata\":{metadata}}}"
    );
    assert_eq!(sent, expected);
}

#[test]
fn current_validate_looks_up_binds_and_reads_back() {
    let stored = Stored::new("KLINE-8FFK3", json!({"note": "VIP"}));
    let peer = Peer::start([stored.act()]);
    let client = peer.client_of(Api::Current).build().unwrap();
    let metadata = r#" { "hwid" : "3f0c\u0041",  "seat":"2" } "#;
    assert!(client.validate_license(" KLINE-8FFK3 \n", metadata).unwrap().is_allowed());
    let look_up = format!(
        "GET /api/v1/memberships/KLINE-8FFK3 HTTP/1.1
accept: application/json
api-version-date: 2026-09-23
authorization: Bearer apik_secret
host: HOST
user-agent: whop-license/{VERSION}

"
    );
    let bind = format!(
        "PATCH /api/v1/memberships/KLINE-8FFK3 HTTP/1.1
accept: application/json
api-version-date: 2026-09-23
authorization: Bearer apik_secret
content-length: 40
content-type: application/json
host: HOST
user-agent: whop-license/{VERSION}

{{\"metadata\":{{\"hwid\":\"3f0cA\",\"seat\":\"2\"}}}}"
    );
    assert_eq!(requests(&peer), [look_up.clone(), bind, look_up]);
    assert_eq!(stored.metadata(), json!({"note": "VIP", "hwid": "3f0cA", "seat": "2"}));
}

#[test]
fn api_key_is_proved_by_a_list_of_one_membership() {
    let not_found = Act::Send(answer(404, r#"{"error":{"type":"not_found","message":"Membership not found"}}"#));
    let peer = Peer::start([not_found, Stored::new("K", json!({})).act()]);
    _ = peer.client_of(Api::Current).api_version_date("2026-10-15-1").build().unwrap().validate_license("X", DEVICE);
    let headers = format!(
        "accept: application/json
api-version-date: 2026-10-15-1
authorization: Bearer apik_secret
host: HOST
user-agent: whop-license/{VERSION}

"
    );
    let lines = ["/api/v1/memberships/X", "/api/v1/memberships?first=1"];
    assert_eq!(requests(&peer), lines.map(|path| format!("GET {path} HTTP/1.1\n{headers}")));
}

#[test]
fn current_create_sends_the_given_fields_and_a_name_of_its_own() {
    let peer = Peer::start([yes("any")]);
    let plan = current::PlanRequest {
        product_id: Some("prod_1".into()),
        initial_price: Some(10.43),
        currency: Some("eur".into()),
        ..Default::default()
    };
    peer.client_of(Api::Current).build().unwrap().create_plan(plan).unwrap();
    let expected = format!(
        "POST /api/v1/variants HTTP/1.1
accept: application/json
api-version-date: 2026-09-23
authorization: Bearer apik_secret
content-length: 62
content-type: application/json
host: HOST
idempotency-key: RANDOM
user-agent: whop-license/{VERSION}

{{\"currency\":\"eur\",\"initial_price\":10.43,\"product_id\":\"prod_1\"}}"
    );
    assert_eq!(requests(&peer), [expected]);
}

#[test]
fn version_date_is_one_that_merges_metadata() {
    let refusal = |date: &str| {
        let mut settings = Client::builder("apik_secret");
        settings.api_version_date(date).refused().map(ToString::to_string)
    };
    for good in ["2026-07-23", "2026-07-23-1", "2026-09-23", " 2026-10-15-12\n", "2027-01-01", "9999-12-31"] {
        assert_eq!(refusal(good), None, "{good}");
    }
    for old in ["2026-07-22", "2026-07-22-9", "2025-01-01", "1970-01-01"] {
        assert_eq!(refusal(old).as_deref(), Some("api_version_date: expected 2026-07-23 or later"), "{old}");
    }
    let none = "api_version_date: expected YYYY-MM-DD or YYYY-MM-DD-n";
    for bad in [
        "2026-99-99",
        "2026-02-30",
        "2026-9-23",
        "2026-09-2",
        "26-09-23",
        "2026/09/23",
        "2026-09-23-",
        "2026-09-23-a",
        "2026-09-231",
        "latest",
    ]
    .into_iter()
    .chain(["2026-09-23 1", "2026-09-23-1-2", "2026-09-23T00:00:00Z", "\u{662}026-09-23", "+026-09-23", "é"])
    {
        assert_eq!(refusal(bad).as_deref(), Some(none), "{bad}");
    }
    assert_eq!(refusal(" ").as_deref(), Some("api_version_date: empty"));
}

#[test]
fn expand_is_refused_by_the_current_api_at_the_call() {
    let peer = Peer::start([yes("any")]);
    let client = peer.client_of(Api::Current).expand("product").build().unwrap();
    let fault = "expand: API v2 alone can expand: leave it out, or set API v2";
    assert_eq!(client.validate_license("K", DEVICE).unwrap_err().to_string(), fault);
    assert_eq!(client.create_plan(plan()).unwrap_err().to_string(), fault);
    assert_eq!(client.reset_license("K").unwrap_err().to_string(), fault);
    assert!(matches!(client.membership("K"), Err(Error::InvalidArgument { argument: "expand", .. })));
    assert!(peer.seen().is_empty());
    assert!(peer.client_of(Api::Current).expand(" , ").build().unwrap().validate_license("K", "{}").is_ok());
}

#[test]
fn steps_are_refused_by_v2_at_the_call() {
    let peer = Peer::start([yes("any")]);
    let client = peer.client_of(Api::V2).build().unwrap();
    let fault = "api: only the current API has this step";
    assert_eq!(client.membership("K").unwrap_err().to_string(), fault);
    assert_eq!(client.bind("K", DEVICE).unwrap_err().to_string(), fault);
    assert!(peer.seen().is_empty());
}

#[test]
fn current_api_is_asked_unless_another_is_set() {
    for key in ["apik_secret", "sandbox_1_full"] {
        let peer = Peer::start([yes("any")]);
        let mut settings = Client::builder(key);
        settings.base_url(&format!("http://{}/api", peer.host()));
        assert!(settings.build().unwrap().validate_license("K", "{}").unwrap().is_allowed());
        assert!(peer.seen()[0].starts_with("GET /api/v1/memberships/K "), "{:?}", peer.seen());
    }
}

#[test]
fn base_url_is_asked_also_with_a_key_of_the_sandbox() {
    let peer = Peer::start([yes("any")]);
    let mut settings = Client::builder("sandbox_1_full");
    settings.base_url(&format!("http://{}/api", peer.host())).allow_sandbox(true);
    assert!(settings.build().unwrap().validate_license("K", "{}").unwrap().is_allowed());
    assert!(peer.seen()[0].contains("authorization: Bearer sandbox_1_full\r\n"), "{:?}", peer.seen());
}

#[test]
fn key_of_the_sandbox_can_be_refused() {
    let refused = |settings: &ClientBuilder| settings.refused().map(ToString::to_string);
    let fault = Some("api_key: one of the sandbox, which is not allowed here".to_owned());
    for key in ["sandbox_1_full", " sandbox_65535_\n", "sandbox_8080_x_y"] {
        assert_eq!(refused(Client::builder(key).allow_sandbox(true)), None, "{key}");
        assert_eq!(refused(Client::builder(key).allow_sandbox(false)), fault, "{key}");
        assert_eq!(refused(Client::builder(key).allow_sandbox(true).allow_sandbox(false)), fault, "{key}");
        assert_eq!(refused(Client::builder(key).allow_sandbox(false).allow_sandbox(true)), fault, "{key}");
        let url = "https://example.com";
        assert_eq!(refused(Client::builder(key).base_url(url).allow_sandbox(false)), fault, "{key}");
        assert_eq!(refused(Client::builder(key).allow_sandbox(false).base_url(url)), fault, "{key}");
    }
    // These lead to Whop.
    for key in ["apik_secret", "sandbox_", "sandbox_8080", "sandbox_0_full", "Sandbox_1_full"] {
        assert_eq!(refused(Client::builder(key).allow_sandbox(false)), None, "{key}");
    }
}

#[test]
fn device_id_that_was_set_is_sent_under_its_name() {
    let device = |key: &'static str, id: &'static str| {
        let [current, v2] = BOTH.map(|api| {
            let peer = Peer::start([Stored::new("K", json!({})).act()]);
            let mut settings = peer.client_of(api);
            _ = settings.metadata_key(key).device_id(id).build().unwrap().validate_license("K", None);
            let sent = requests(&peer).into_iter().find(|request| !request.starts_with("GET ")).unwrap();
            sent.split_once("\n\n").unwrap().1.to_owned()
        });
        assert_eq!(current, v2);
        v2
    };
    assert_eq!(device("hwid", "console-7"), r#"{"metadata":{"hwid":"console-7"}}"#);
    assert_eq!(device(" HWID\n", "\t3F0C é\n"), r#"{"metadata":{"HWID":"3F0C é"}}"#);
    assert_eq!(device(r#"a"b"#, r#"c:\","x":"y"#), r#"{"metadata":{"a\"b":"c:\\\",\"x\":\"y"}}"#);
}

#[test]
fn unusable_device_id_or_metadata_key_is_refused() {
    let long = "x".repeat(1025);
    for (text, fault) in [
        (" \n", "empty"),
        (&*long, "longer than 1024 bytes"),
        ("a\0b", "holds a control character"),
        ("a\u{85}b", "holds a control character"),
    ] {
        let refused = |settings: &ClientBuilder| settings.refused().unwrap().to_string();
        assert_eq!(refused(Client::builder("k").device_id(text)), format!("device_id: {fault}"));
        assert_eq!(refused(Client::builder("k").metadata_key(text)), format!("metadata_key: {fault}"));
    }
}

#[test]
fn v2_create_sends_the_given_fields() {
    let plan = v2::PlanRequest {
        product_id: Some("prod_1".into()),
        initial_price: Some(10.43),
        one_per_user: Some(true),
        ..Default::default()
    };
    let sent = request(|settings| _ = settings.expand("user,product"), |client| _ = client.create_plan(plan));
    let expected = format!(
        "POST /api/v2/plans?expand=product HTTP/1.1
accept: application/json
authorization: Bearer apik_secret
content-length: 65
content-type: application/json
host: HOST
user-agent: whop-license/{VERSION}

{{\"initial_price\":10.43,\"one_per_user\":true,\"product_id\":\"prod_1\"}}"
    );
    assert_eq!(sent, expected);
}

#[test]
fn hostile_license_key_stays_one_segment_of_the_path() {
    for (key, segment) in [
        ("../plans", "..%2Fplans"),
        ("a/b?c#d%2e", "a%2Fb%3Fc%23d%252e"),
        ("a b", "a%20b"),
        ("🗝", "%F0%9F%97%9D"),
        ("a\\b;@:&=+$,", "a%5Cb%3B%40%3A%26%3D%2B%24%2C"),
        ("U-1EE960_~.", "U-1EE960_~."),
        ("...", "..."),
    ] {
        let sent = request(|_| (), |client| _ = client.validate_license(key, "{}"));
        let line = format!("POST /api/v2/memberships/{segment}/validate_license HTTP/1.1\n");
        assert!(sent.starts_with(&line), "{key:?}: {sent}");
        assert!(sent.ends_with("\n\n{\"metadata\":{}}"), "{key:?}: {sent}");

        let stored = Stored::new(key, json!({}));
        let peer = Peer::start([stored.act()]);
        let client = peer.client_of(Api::Current).build().unwrap();
        assert!(client.validate_license(key, DEVICE).unwrap().is_allowed());
        let path = format!("/api/v1/memberships/{segment} HTTP/1.1\n");
        let lines = ["GET ", "PATCH ", "GET "].map(|method| format!("{method}{path}"));
        assert!(requests(&peer).iter().zip(&lines).all(|(sent, line)| sent.starts_with(line)), "{:?}", peer.seen());
    }
}

#[test]
fn what_nobody_sees_in_a_license_key_is_not_sent() {
    // One of each kind that copying from a page, a mail or a chat is known to bring along.
    for unseen in [
        "\u{ad}",
        "\u{34f}",
        "\u{61c}",
        "\u{180e}",
        "\u{200b}",
        "\u{200d}",
        "\u{200e}",
        "\u{200f}",
        "\u{202a}",
        "\u{202e}",
        "\u{2060}",
        "\u{2063}",
        "\u{2066}",
        "\u{2069}",
        "\u{3164}",
        "\u{fe0e}",
        "\u{fe0f}",
        "\u{feff}",
        "\u{fffb}",
        "\u{e0020}",
        "\u{e0100}",
    ] {
        for key in [
            format!("{unseen}KLINE-8FFK3"),
            format!("KLINE-8FFK3{unseen}"),
            format!("KLINE{unseen}-8{unseen}{unseen}FFK3"),
            format!("{unseen} {unseen}KLINE-8FFK3\u{a0}{unseen}\r\n{unseen}"),
        ] {
            let sent = request(|_| (), |client| _ = client.validate_license(&key, "{}"));
            assert!(
                sent.starts_with("POST /api/v2/memberships/KLINE-8FFK3/validate_license HTTP/1.1\n"),
                "{key:?}: {sent}"
            );
        }
    }
    // What is seen is sent as it is, in whatever script.
    let sent = request(|_| (), |client| _ = client.validate_license("k É e\u{301} ključ", "{}"));
    assert!(sent.starts_with("POST /api/v2/memberships/k%20%C3%89%20e%CC%81%20klju%C4%8D/validate_license "), "{sent}");
}

#[test]
fn expand_is_one_parameter_without_doubles_and_left_out_when_empty() {
    for (expand, query) in
        [("", ""), (" product , user,product,", "?expand=product,user"), ("promo_code,plan", "?expand=promo_code,plan")]
    {
        let sent = request(|settings| _ = settings.expand(expand), |client| _ = client.validate_license("K", "{}"));
        assert!(sent.starts_with(&format!("POST /api/v2/memberships/K/validate_license{query} HTTP/1.1\n")), "{sent}");
    }
}

#[test]
fn unusable_argument_is_named_and_nothing_is_sent() {
    let peer = Peer::start([Act::StayMute]);
    let [current, v2] = BOTH.map(|api| peer.client_of(api).build().unwrap());
    let long = "x".repeat(1 << 20);
    for (key, metadata, fault) in [
        ("", "{}", "license_key: empty"),
        (" \t\n", "{}", "license_key: empty"),
        ("\u{feff}\u{200b} \u{2060}\n", "{}", "license_key: empty"),
        ("a\0b", "{}", "license_key: holds a control character"),
        ("a\r\nX: y", "{}", "license_key: holds a control character"),
        ("a\tb", "{}", "license_key: holds a control character"),
        ("a\u{200b}\u{1b}", "{}", "license_key: holds a control character"),
        ("a\u{7f}b", "{}", "license_key: holds a control character"),
        ("a\u{85}b", "{}", "license_key: holds a control character"),
        ("a\u{2028}b", "{}", "license_key: holds a control character"),
        ("a\u{2029}\u{200b}b", "{}", "license_key: holds a control character"),
        (".", "{}", "license_key: not a license key"),
        (".\u{200b}.\n", "{}", "license_key: not a license key"),
        ("..", "{}", "license_key: not a license key"),
        (&*long, "{}", "license_key: longer than 1024 bytes"),
        ("K", "", "metadata_json: not JSON: EOF while parsing a value at line 1 column 0"),
        ("K", "[]", r#"metadata_json: expected a JSON object, such as {"hwid":"…"}"#),
        ("K", "{} {}", "metadata_json: not JSON: trailing characters at line 1 column 4"),
        ("K", &*long, "metadata_json: longer than 256 KiB"),
    ] {
        for client in [&current, &v2] {
            assert_eq!(client.validate_license(key, metadata).unwrap_err().to_string(), fault);
        }
    }
    let not_finite = "plan_json: initial_price: not a finite number";
    let plan = v2::PlanRequest { initial_price: Some(f64::NAN), ..Default::default() };
    assert_eq!(v2.create_plan(plan).unwrap_err().to_string(), not_finite);
    let plan = current::PlanRequest { initial_price: Some(f64::INFINITY), ..Default::default() };
    assert_eq!(current.create_plan(plan).unwrap_err().to_string(), not_finite);
    assert!(peer.seen().is_empty());
}
