//! Every verdict and every error, from a real socket.

#![cfg(test)]

mod support;

use std::time::Duration;

use support::{Act, Peer, RefusingPort, answer};
use whop_license::{Client, Error, MembershipStatus, PlanRequest, Verdict};
use whop_sandbox::{Options, Sandbox};

const DEVICE: &str = r#"{"hwid":"this-device"}"#;

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).unwrap()
}

fn client(sandbox: &Sandbox) -> Client {
    Client::builder(&sandbox.api_key("validate")).product_id("prod_sandbox").build().unwrap()
}

/// The outcome of a validation that is answered with these bytes.
fn outcome(bytes: String) -> Result<Verdict, Error> {
    Peer::start([Act::Send(bytes)]).client().product_id("prod_1").build().unwrap().validate_license("KEY-1", DEVICE)
}

#[test]
fn license_that_entitles_is_allowed() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for (key, status) in [
        ("SANDBOX-ACTIVE", MembershipStatus::Active),
        ("SANDBOX-COMPLETED", MembershipStatus::Completed),
        ("SANDBOX-TRIALING", MembershipStatus::Trialing),
        ("SANDBOX-PAST-DUE", MembershipStatus::PastDue),
    ] {
        let Ok(Verdict::Allowed(membership)) = client.validate_license(key, DEVICE) else { panic!("{key}") };
        assert_eq!(membership.status, Some(status));
        assert_eq!(membership.answer().http_status(), 201);
        assert_eq!(membership.license_key.as_deref(), Some(key));
    }
}

#[test]
fn license_that_does_not_entitle_is_inactive() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for key in ["SANDBOX-CANCELED", "SANDBOX-EXPIRED", "SANDBOX-UNRESOLVED", "SANDBOX-NO-VALID"] {
        assert!(matches!(client.validate_license(key, DEVICE), Ok(Verdict::Inactive(_))), "{key}");
    }
}

#[test]
fn unknown_key_other_device_and_other_product_are_denied() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let verdict = |key| client.validate_license(key, DEVICE).unwrap();
    assert!(matches!(verdict("NO-SUCH-KEY"), Verdict::NotFound(_)));
    let bare = outcome(answer(404, r#"{"message":"No such Membership found"}"#));
    assert!(matches!(bare, Ok(Verdict::NotFound(_))));
    assert!(matches!(verdict("SANDBOX-OTHER-DEVICE"), Verdict::DeviceMismatch(_)));
    assert!(matches!(verdict("SANDBOX-OTHER-PRODUCT"), Verdict::ProductMismatch(_)));
}

#[test]
fn nothing_but_valid_true_of_the_expected_product_is_allowed() {
    for body in [
        r#"{"id":"mem_1"}"#,
        r#"{"id":"mem_1","product":"prod_1"}"#,
        r#"{"id":"mem_1","valid":"true","product":"prod_1"}"#,
        r#"{"id":"mem_1","valid":1,"product":"prod_1"}"#,
        r#"{"id":"mem_1","valid":null,"product":"prod_1"}"#,
        r#"{"id":"mem_1","Valid":true,"product":"prod_1"}"#,
        r#"{"id":"mem_1","membership":{"id":"mem_1","valid":true},"product":"prod_1"}"#,
    ] {
        assert!(matches!(outcome(answer(201, body)), Ok(Verdict::Inactive(_))), "{body}");
    }
    for body in [
        r#"{"id":"mem_1","valid":true,"product":"prod_2"}"#,
        r#"{"id":"mem_1","valid":true,"product":{"id":"prod_2","name":"prod_1"}}"#,
        r#"{"id":"mem_1","valid":true,"product":"prod_2","access_pass":"prod_1"}"#,
        r#"{"id":"mem_1","valid":true,"access_pass":"prod_2"}"#,
    ] {
        assert!(matches!(outcome(answer(201, body)), Ok(Verdict::ProductMismatch(_))), "{body}");
    }
    // A product that is not named is no other one: were Whop to rename the field, this would deny everybody.
    for body in [
        r#"{"id":"mem_1","valid":true}"#,
        r#"{"id":"mem_1","valid":true,"product":null}"#,
        r#"{"id":"mem_1","valid":true,"product":""}"#,
        r#"{"id":"mem_1","valid":true,"product":"PROD_1"}"#,
        r#"{"id":"mem_1","valid":true,"product":"prod_"}"#,
        r#"{"id":"mem_1","valid":true,"product":"A title"}"#,
        r#"{"id":"mem_1","valid":true,"product":{"name":"prod_1"}}"#,
        r#"{"id":"mem_1","valid":true,"product":{"id":"mem_1"}}"#,
        r#"{"id":"mem_1","valid":true,"product":["prod_1"],"access_pass":"prod_1"}"#,
        r#"{"id":"mem_1","valid":true,"product":7,"access_pass":"prod_1"}"#,
    ] {
        let Err(Error::BadResponse { fault, .. }) = outcome(answer(201, body)) else { panic!("{body}") };
        assert_eq!(fault, "the answer does not name the product", "{body}");
    }
    for body in [
        r#"{"id":"mem_1","valid":true,"product":"prod_1"}"#,
        r#"{"id":"mem_1","valid":true,"product":{"id":"prod_1"}}"#,
        r#"{"id":"mem_1","valid":true,"product":null,"access_pass":"prod_1"}"#,
        r#"{"id":"mem_1","valid":true,"product":"prod_1","expires_at":"soon","status":7,"new_field":[]}"#,
    ] {
        for status in [200, 201, 299] {
            assert!(outcome(answer(status, body)).unwrap().is_allowed(), "{status} {body}");
        }
    }
}

#[test]
fn nothing_but_a_membership_is_judged() {
    for body in [
        "{}",
        r#"{"message":"Scheduled maintenance"}"#,
        r#"{"valid":true,"product":"prod_1"}"#,
        r#"{"valid":false,"product":"prod_1"}"#,
        r#"{"id":null,"valid":true,"product":"prod_1"}"#,
        r#"{"id":7,"valid":false,"product":"prod_1"}"#,
        r#"{"id":["mem_1"],"valid":true,"product":"prod_1"}"#,
        r#"{"id":{"id":"mem_1"},"valid":true,"product":"prod_1"}"#,
        r#"{"id":"","valid":false,"product":"prod_1"}"#,
        r#"{"id":"mem_","valid":true,"product":"prod_1"}"#,
        r#"{"id":"mem_ ","valid":true,"product":"prod_1"}"#,
        r#"{"id":"MEM_1","valid":false,"product":"prod_1"}"#,
        r#"{"id":" mem_1","valid":true,"product":"prod_1"}"#,
        r#"{"id":"plan_1","valid":true,"product":"prod_1"}"#,
        r#"{"ID":"mem_1","valid":false,"product":"prod_1"}"#,
        r#"{"membership":{"id":"mem_1","valid":true,"product":"prod_1"}}"#,
        r#"{"data":[{"id":"mem_1","valid":true,"product":"prod_1"}]}"#,
        r#"[{"id":"mem_1","valid":true,"product":"prod_1"}]"#,
        r#"{"id":"mem_1","valid":true,"product":"prod_1","error":{"message":"Uh oh, something went wrong..."}}"#,
        r#"{"id":"mem_1","valid":false,"product":"prod_1","error":"no"}"#,
        r#"{"id":"mem_1","valid":false,"product":"prod_1","success":false}"#,
    ] {
        let error = outcome(answer(201, body)).unwrap_err();
        let fault = error.to_string();
        assert!(matches!(error, Error::BadResponse { .. }), "{body}");
        assert!(fault.ends_with(": not a membership") || body.starts_with('['), "{body}: {fault}");
    }
}

/// The outcome of a validation of this key that is answered with these fields.
fn outcome_of(license_key: &str, fields: &str) -> Result<Verdict, Error> {
    let peer = Peer::start([Act::Send(answer(201, &format!(r#"{{"valid":true,{fields}}}"#)))]);
    peer.client().build().unwrap().validate_license(license_key, DEVICE)
}

#[test]
fn answer_is_about_the_license_that_was_asked() {
    for (asked, fields) in [
        ("KEY-1", r#""id":"mem_1","license_key":"KEY-1""#),
        ("KEY-1", r#""id":"mem_1","license_key":"key-1""#),
        (" key-1\n", r#""id":"mem_1","license_key":"KEY-1""#),
        ("KEY-1", r#""id":"mem_1","license_key":"K\u0045Y-1""#),
        ("KEY-1", r#""id":"mem_1","license_key":null"#),
        ("KEY-1", r#""id":"mem_1""#),
        ("a/b?é", r#""id":"mem_1","license_key":"A/B?é""#),
        ("a%2Fb", r#""id":"mem_1","license_key":"A%2fB""#),
        ("mem_1", r#""id":"mem_1""#),
        (" mem_1 ", r#""id":"mem_1","license_key":"KEY-1""#),
        ("mem_1", r#""id":"mem_1","license_key":7"#),
    ] {
        assert!(outcome_of(asked, fields).unwrap().is_allowed(), "{asked}: {fields}");
    }
    for (asked, fields) in [
        ("KEY-1", r#""id":"mem_1","license_key":"KEY-2""#),
        ("KEY-1", r#""id":"mem_1","license_key":"KEY-1 ""#),
        ("KEY-1", r#""id":"mem_1","license_key":"KEY1""#),
        ("KEY-1", r#""id":"mem_1","license_key":"KEY-11""#),
        ("KEY-1", r#""id":"mem_1","license_key":"""#),
        ("KEY-1", r#""id":"mem_1","license_key":7"#),
        ("KEY-1", r#""id":"mem_1","license_key":["KEY-1"]"#),
        ("KEY-1", r#""id":"mem_1","license_key":{"key":"KEY-1"}"#),
        ("é", r#""id":"mem_1","license_key":"É""#),
        ("a/b", r#""id":"mem_1","license_key":"a%2Fb""#),
        ("mem_1", r#""id":"mem_2""#),
        ("mem_1", r#""id":"mem_11""#),
        ("mem_A", r#""id":"mem_a""#),
        ("mem_1", r#""id":"mem_2","license_key":"mem_1""#),
        ("MEM_1", r#""id":"mem_1","license_key":"KEY-1""#),
    ] {
        let error = outcome_of(asked, fields).unwrap_err();
        assert!(matches!(error, Error::BadResponse { .. }), "{asked}: {fields}");
        assert!(error.to_string().ends_with(": the answer is about another license"), "{error}");
    }
    let another = outcome(answer(201, r#"{"id":"mem_1","license_key":"KEY-2","valid":false}"#));
    assert!(matches!(another, Err(Error::BadResponse { .. })), "neither a yes nor a no");
}

#[test]
fn sandbox_answers_to_the_id_of_a_membership_too() {
    let sandbox = sandbox();
    assert!(client(&sandbox).validate_license("mem_active", DEVICE).unwrap().is_allowed());
    assert!(matches!(client(&sandbox).validate_license("mem_none", DEVICE), Ok(Verdict::NotFound(_))));
}

#[test]
fn answer_that_is_not_whops_is_a_bad_response() {
    let deep = "[".repeat(100_000);
    let large = format!(r#"{{"id":"mem_1","valid":true,"product":"prod_1","x":"{}"}}"#, "x".repeat(1 << 20));
    for bytes in [
        answer(200, "<html>sign in to the hotel network</html>"),
        answer(201, ""),
        answer(201, "[]"),
        answer(201, "true"),
        answer(201, &deep),
        answer(201, &large),
        answer(201, "\u{feff}{\"id\":\"mem_1\",\"valid\":true,\"product\":\"prod_1\"}"),
        answer(201, r#"{"id":"mem_1","valid":false,"valid":true,"product":"prod_1"}"#),
        answer(201, r#"{"id":"mem_1","valid":true,"product":{"id":"prod_2","\u0069d":"prod_1"}}"#),
        answer(201, r#"{"id":"mem_1","valid":true,"product":"prod_1","plan":[{"metadata":{"a":1,"a":1}}]}"#),
        answer(301, "{}"),
        answer(404, "<html>no such page</html>"),
        answer(404, "Not Found"),
        answer(404, "{}"),
        answer(404, r#"{"detail":"Not Found"}"#),
        answer(404, r#"{"message":"no Route matched with those values"}"#),
        answer(404, r#"{"error":{"message":404},"message":"Not Found"}"#),
        answer(404, r#"{"error":{"message":"No such license","message":"Moved"}}"#),
        answer(404, r#"{"status":404,"error":"Not Found","path":"/api/v2"}"#),
        answer(400, "<html>please reset your keyboard</html>"),
        answer(401, "<html>sign in</html>"),
        answer(403, "<html>blocked</html>"),
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".into(),
        "SSH-2.0-OpenSSH\r\n\r\n".into(),
    ] {
        let shown = bytes.chars().take(80).collect::<String>();
        assert!(matches!(outcome(bytes), Err(Error::BadResponse { .. })), "{shown}");
    }
}

#[test]
fn trouble_with_the_api_key_says_nothing_of_the_license() {
    let sandbox = sandbox();
    let wrong = Client::builder(&format!("sandbox_{}_wrong", sandbox.port())).build().unwrap();
    assert!(matches!(wrong.validate_license("SANDBOX-ACTIVE", DEVICE), Err(Error::Unauthorized(_))));
    let plan = PlanRequest { product_id: Some("prod_sandbox".into()), ..Default::default() };
    assert!(matches!(client(&sandbox).create_plan(&plan), Err(Error::Forbidden(_))));
}

#[test]
fn refused_request_has_whops_reason_without_the_license_key() {
    let reason = r#"{"error":{"status":400,"message":"Parameter :id is invalid: KEY-1 of apik_secret"}}"#;
    for status in [400, 422, 409] {
        let error = outcome(answer(status, reason)).unwrap_err();
        assert!(matches!(error, Error::Rejected { .. }));
        assert_eq!(error.to_string(), format!("Whop refused the request ({status}): Parameter :id is invalid: … of …"));
    }
}

#[test]
fn words_for_another_device_count_with_400_alone() {
    let reset = r#"{"error":{"message":"Please reset your key"}}"#;
    assert!(matches!(outcome(answer(400, reset)), Ok(Verdict::DeviceMismatch(_))));
    assert!(matches!(outcome(answer(401, reset)), Err(Error::Unauthorized(_))));
    assert!(matches!(outcome(answer(422, reset)), Err(Error::Rejected { .. })));
    assert!(matches!(outcome(answer(500, reset)), Err(Error::ServerError(_))));
}

#[test]
fn rate_limit_comes_back_at_once_with_its_wait() {
    let peer = Peer::start([Act::Send(answer(429, r#"{"message":"You are being rate limited"}"#))]);
    let error = peer.client().build().unwrap().validate_license("K", DEVICE).unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    assert_eq!(peer.seen().len(), 1);

    let error = client(&sandbox()).validate_license("SANDBOX-429", DEVICE).unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[test]
fn server_error_is_not_repeated_unless_it_may_pass() {
    let sandbox = sandbox();
    assert!(matches!(client(&sandbox).validate_license("SANDBOX-500", DEVICE), Err(Error::ServerError(_))));
    assert_eq!(sandbox.requests().len(), 1);
    assert!(client(&sandbox).validate_license("SANDBOX-503-ONCE", DEVICE).unwrap().is_allowed());
    assert_eq!(sandbox.requests().len(), 3);
}

#[test]
fn closed_port_and_unknown_name_are_unreachable() {
    let nobody = RefusingPort::new();
    let closed = Client::builder(&format!("sandbox_{}_full", nobody.number())).build().unwrap();
    assert!(matches!(closed.validate_license("K", DEVICE), Err(Error::Unreachable { .. })));
    // Too long for a name, so that no name server is asked.
    let url = format!("https://{}.invalid/api", "x".repeat(64));
    let unknown = Client::builder("key").base_url(&url).proxy("").build().unwrap();
    assert!(matches!(unknown.validate_license("K", DEVICE), Err(Error::Unreachable { .. })));
}

#[test]
fn plan_without_an_id_is_not_taken_for_created() {
    for body in ["{}", r#"{"success":false,"message":"no"}"#, r#"{"id":null}"#] {
        let peer = Peer::start([Act::Send(answer(200, body))]);
        let created = peer.client().build().unwrap().create_plan(&PlanRequest::default());
        assert!(matches!(created, Err(Error::BadResponse { .. })), "{body}");
    }
}

#[test]
fn plain_http_goes_through_no_proxy() {
    let peer = Peer::start([Act::Send(answer(201, r#"{"id":"mem_1","valid":true}"#))]);
    let proxy = Peer::start([Act::StayMute]);
    let client = peer.client().proxy(&format!("http://{}", proxy.host())).build().unwrap();
    assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
    assert!(proxy.seen().is_empty());
}
