//! Every verdict and every error, over both APIs, from a real socket.

#![cfg(test)]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use support::{
    Act, BOTH, DEVICE, Peer, RefusingPort, answer, entitled, failure, membership, plan, status_of, status_of_error,
};
use whop_license::{Answer, Api, Client, Error, Lookup, Membership, PlanRequest, Verdict};
use whop_sandbox::{LICENSE_KEYS, Options, Retired, Sandbox, V2};

const KEY: &str = "KEY-1";

/// What Whop says of the license in each API, and the status that a check ends with.
struct Row {
    name: &'static str,
    current: (String, i32),
    v2: (String, i32),
}

/// The same in both APIs.
fn same(name: &'static str, said: &str, status: i32) -> Row {
    Row { name, current: (said.into(), status), v2: (said.into(), status) }
}

/// A membership of that status: in API v2 with Whop's own verdict, in the current one without.
fn standing(name: &'static str, is_valid: bool, status: i32) -> Row {
    let said = |api| {
        changed(api, |shown| {
            shown["status"] = name.into();
            if api == Api::V2 {
                shown["valid"] = is_valid.into();
            }
        })
    };
    Row { name, current: (said(Api::Current), status), v2: (said(Api::V2), status) }
}

/// A membership that entitles, but for this.
fn changed(api: Api, change: impl FnOnce(&mut Value)) -> String {
    let mut shown = membership(api, KEY);
    change(&mut shown);
    answer(200, &shown.to_string())
}

fn rows() -> Vec<Row> {
    let page = answer(200, "<html>sign in to the hotel network</html>");
    let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    vec![
        standing("active", true, 0),
        standing("trialing", true, 0),
        standing("completed", true, 0),
        standing("canceling", true, 0),
        standing("past_due", true, 0),
        standing("canceled", false, 101),
        standing("expired", false, 101),
        standing("unresolved", false, 101),
        standing("drafted", false, 101),
        standing("paused", false, 101),
        standing("", false, 101),
        standing("Active", false, 101),
        standing(" active", false, 101),
        Row {
            name: "no status, or no verdict",
            current: (changed(Api::Current, |shown| _ = shown.as_object_mut().unwrap().remove("status")), 101),
            v2: (changed(Api::V2, |shown| _ = shown.as_object_mut().unwrap().remove("valid")), 101),
        },
        Row {
            name: "a status, or a verdict, of another type",
            current: (changed(Api::Current, |shown| shown["status"] = json!(["active"])), 101),
            v2: (changed(Api::V2, |shown| shown["valid"] = "true".into()), 101),
        },
        Row {
            name: "a status without a verdict, or a verdict without a status",
            current: (
                changed(Api::Current, |shown| (shown["status"], shown["valid"]) = (Value::Null, true.into())),
                101,
            ),
            v2: (changed(Api::V2, |shown| (shown["status"], shown["valid"]) = ("active".into(), Value::Null)), 101),
        },
        Row {
            name: "another device",
            current: (changed(Api::Current, |shown| shown["metadata"]["hwid"] = "another".into()), 102),
            v2: (failure(400, "Please reset your key to use on a new machine"), 102),
        },
        Row {
            name: "another product",
            current: (changed(Api::Current, |shown| shown["product_id"] = "prod_2".into()), 103),
            v2: (changed(Api::V2, |shown| shown["product"] = "prod_2".into()), 103),
        },
        Row {
            name: "the other API's name of the product",
            current: (
                changed(Api::Current, |shown| (shown["product_id"], shown["product"]) = (Value::Null, "prod_1".into())),
                304,
            ),
            v2: (changed(Api::V2, |shown| (shown["product"], shown["product_id"]) = (7.into(), "prod_1".into())), 304),
        },
        Row {
            name: "no such license",
            current: (failure(404, "Membership not found"), 100),
            v2: (failure(404, "No such Membership found with the provided ID: KEY-1"), 100),
        },
        // The words of API v2: in the current one, the device is compared here.
        Row {
            name: "a refusal in the words of another device",
            current: (failure(400, "Please reset your key to use on a new machine"), 203),
            v2: (failure(422, "Please reset your key to use on a new machine"), 203),
        },
        same("a bad request", &failure(400, "Parameter :id is invalid"), 203),
        same("a conflict", &failure(409, "Conflict"), 203),
        same("an unprocessable request", &failure(422, "Unprocessable"), 203),
        same("an unknown API key", &failure(401, "Unauthorized"), 201),
        same("an API key without the right", &failure(403, "Forbidden"), 202),
        same("too many requests", &failure(429, "You are being rate limited"), 302),
        same("trouble", &failure(500, "Uh oh, something went wrong..."), 303),
        same("trouble that stays", &failure(503, "Busy"), 303),
        same("a web page", &page, 304),
        same("a redirect", redirect, 304),
        same("nothing", &answer(204, ""), 304),
        same("no object", &answer(200, "[]"), 304),
        same("broken JSON", &answer(200, r#"{"id":"mem_12""#), 304),
        same("no such page", &answer(404, "<html>no such page</html>"), 304),
        same("no such route", &failure(404, "Not Found"), 304),
        same("not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", 304),
        Row {
            name: "retired",
            current: (failure(410, "This version is gone"), 203),
            v2: (failure(410, "API v2 has been retired"), 304),
        },
    ]
}

/// What a check for `prod_1` comes to that is answered like this. The API key is good, if that is asked.
fn outcome(api: Api, said: &str) -> Result<Verdict, Error> {
    let peer = Peer::start([Act::Send(said.into()), Act::Send(answer(200, r#"{"data":[{"id":"mem_9"}]}"#))]);
    peer.client_of(api).product_id("prod_1").max_retries(0).build().unwrap().validate_license(KEY, DEVICE)
}

#[test]
fn every_status_comes_of_the_same_in_both_apis() {
    for row in rows() {
        for (api, (said, status)) in [(Api::Current, &row.current), (Api::V2, &row.v2)] {
            let outcome = outcome(api, said);
            assert_eq!(status_of(&outcome), *status, "{api:?}, {}: {outcome:?}", row.name);
            if let Ok(verdict @ (Verdict::Allowed(_) | Verdict::Inactive(_) | Verdict::ProductMismatch(_))) = outcome {
                let shown = verdict.membership().unwrap();
                assert_eq!((shown.id(), shown.plan_id()), (Some("mem_12"), Some("plan_2")), "{api:?}, {}", row.name);
                assert_eq!(shown.current().is_some(), api == Api::Current);
                assert_eq!(shown.v2().is_some(), api == Api::V2);
            }
        }
    }
}

#[test]
fn every_status_is_in_the_table() {
    // Those of the network and of the caller are below and in tests/faults.
    let expected = [0, 100, 101, 102, 103, 201, 202, 203, 302, 303, 304];
    for statuses in [|row: &Row| row.current.1, |row: &Row| row.v2.1] {
        let mut found: Vec<_> = rows().iter().map(statuses).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, expected);
    }
}

#[test]
fn overdue_payment_entitles_unless_it_is_told_not_to() {
    let overdue = changed(Api::Current, |shown| shown["status"] = "past_due".into());
    let active = changed(Api::Current, |_| ());
    for (said, allow, status) in
        [(&overdue, None, 0), (&overdue, Some(true), 0), (&overdue, Some(false), 101), (&active, Some(false), 0)]
    {
        let peer = Peer::start([Act::Send(said.clone())]);
        let mut settings = peer.client_of(Api::Current);
        if let Some(allow) = allow {
            settings.allow_past_due(allow);
        }
        assert_eq!(status_of(&settings.build().unwrap().validate_license(KEY, DEVICE)), status, "{allow:?}");
    }
}

#[test]
fn by_v2_nothing_but_valid_true_of_the_expected_product_is_allowed() {
    let outcome = |said: String| outcome(Api::V2, &said);
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
fn by_the_current_api_nothing_but_an_entitling_status_of_the_expected_product_is_allowed() {
    let with = |fields: &str| {
        let body = format!(r#"{{"id":"mem_1","license_key":"KEY-1","metadata":{DEVICE},{fields}}}"#);
        status_of(&outcome(Api::Current, &answer(200, &body)))
    };
    for fields in [
        r#""status":"active","product_id":"prod_1""#,
        r#""status":"active","product_id":"prod_1","product":"prod_2","valid":false"#,
        r#""status":"active","product_id":"prod_1","current_period_end":7,"account":[],"new_field":{"status":"expired"}"#,
        r#""status":"active","product_id":"prod_1","current_period_end":"2001-01-01T00:00:00Z""#,
    ] {
        assert_eq!(with(fields), 0, "{fields}");
    }
    for fields in [
        r#""status":"expired","product_id":"prod_1","valid":true"#,
        r#""Status":"active","product_id":"prod_1""#,
        r#""status":null,"product_id":"prod_1""#,
        r#""status":true,"product_id":"prod_1""#,
        r#""status":{"status":"active"},"product_id":"prod_1""#,
        r#""status":"expired","product_id":"prod_2""#,
        r#""membership":{"status":"active","product_id":"prod_1"}"#,
    ] {
        assert_eq!(with(fields), 101, "{fields}");
    }
    // A product that is not named is no other one: were Whop to rename the field, this would deny everybody.
    for product in
        [r#""""#, "null", "7", r#""PROD_1""#, r#""prod_""#, r#""A title""#, r#"{"id":"prod_1"}"#, r#"["prod_1"]"#]
    {
        assert_eq!(with(&format!(r#""status":"active","product_id":{product}"#)), 304, "{product}");
    }
    assert_eq!(with(r#""status":"active","product":{"id":"prod_1"}"#), 304, "the shape without a date");
    assert_eq!(with(r#""status":"active","product_id":"prod_2""#), 103);
    // Without the metadata there is no telling whose device it is.
    for metadata in ["", r#","metadata":7"#, r#","metadata":[]"#, r#","metadata":"{}""#, r#","Metadata":{}"#] {
        let body =
            format!(r#"{{"id":"mem_1","license_key":"KEY-1","status":"active","product_id":"prod_1"{metadata}}}"#);
        assert_eq!(status_of(&outcome(Api::Current, &answer(200, &body))), 304, "{metadata}");
    }
}

/// The rest of a membership that does or does not entitle, in the shape of the API.
fn in_shape(api: Api, body: &str) -> String {
    let (yes, no) = match api {
        Api::Current => (
            r#""status":"active","product_id":"prod_1","license_key":"KEY-1","metadata":{"hwid":"this-device"}"#,
            r#""status":"expired","product_id":"prod_1","license_key":"KEY-1","metadata":{"hwid":"this-device"}"#,
        ),
        Api::V2 => (r#""valid":true,"product":"prod_1""#, r#""valid":false,"product":"prod_1""#),
    };
    body.replace("YES", yes).replace("NO", no)
}

#[test]
fn nothing_but_a_membership_is_judged() {
    for body in [
        "{}",
        r#"{"message":"Scheduled maintenance"}"#,
        r#"{YES}"#,
        r#"{NO}"#,
        r#"{"id":null,YES}"#,
        r#"{"id":7,NO}"#,
        r#"{"id":["mem_1"],YES}"#,
        r#"{"id":{"id":"mem_1"},YES}"#,
        r#"{"id":"",NO}"#,
        r#"{"id":"mem_",YES}"#,
        r#"{"id":"mem_ ",YES}"#,
        r#"{"id":"MEM_1",NO}"#,
        r#"{"id":" mem_1",YES}"#,
        r#"{"id":"plan_1",YES}"#,
        r#"{"ID":"mem_1",NO}"#,
        r#"{"membership":{"id":"mem_1",YES}}"#,
        r#"{"data":[{"id":"mem_1",YES}]}"#,
        r#"[{"id":"mem_1",YES}]"#,
        r#"{"id":"mem_1",YES,"error":{"message":"Uh oh, something went wrong..."}}"#,
        r#"{"id":"mem_1",NO,"error":"no"}"#,
        r#"{"id":"mem_1",NO,"success":false}"#,
    ] {
        for api in BOTH {
            let error = outcome(api, &answer(201, &in_shape(api, body))).unwrap_err();
            let fault = error.to_string();
            assert!(matches!(error, Error::BadResponse { .. }), "{api:?} {body}");
            assert!(fault.ends_with(": not a membership") || body.starts_with('['), "{api:?} {body}: {fault}");
        }
    }
    for api in BOTH {
        let good = in_shape(api, r#"{"id":"mem_1",YES}"#);
        assert!(outcome(api, &answer(299, &good)).unwrap().is_allowed(), "what is not wrong with them");
    }
}

/// The outcome of a check of this key that is answered with these fields.
fn outcome_of(api: Api, license_key: &str, fields: &str) -> Result<Verdict, Error> {
    let rest = match api {
        Api::Current => r#""status":"active","metadata":{"hwid":"this-device"}"#,
        Api::V2 => r#""valid":true"#,
    };
    let peer = Peer::start([Act::Send(answer(201, &format!(r#"{{{rest},{fields}}}"#)))]);
    peer.client_of(api).build().unwrap().validate_license(license_key, DEVICE)
}

#[test]
fn answer_is_about_the_license_that_was_asked() {
    for (asked, fields) in [
        ("KEY-1", r#""id":"mem_1","license_key":"KEY-1""#),
        ("KEY-1", r#""id":"mem_1","license_key":"key-1""#),
        (" key-1\n", r#""id":"mem_1","license_key":"KEY-1""#),
        ("KEY-1", r#""id":"mem_1","license_key":"K\u0045Y-1""#),
        ("a/b?é", r#""id":"mem_1","license_key":"A/B?é""#),
        ("a%2Fb", r#""id":"mem_1","license_key":"A%2fB""#),
        ("mem_1", r#""id":"mem_1""#),
        (" mem_1 ", r#""id":"mem_1","license_key":"KEY-1""#),
        ("mem_1", r#""id":"mem_1","license_key":null"#),
        ("mem_1", r#""id":"mem_1","license_key":7"#),
    ] {
        for api in BOTH {
            assert!(outcome_of(api, asked, fields).unwrap().is_allowed(), "{api:?} {asked}: {fields}");
        }
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
        for api in BOTH {
            let error = outcome_of(api, asked, fields).unwrap_err();
            assert!(matches!(error, Error::BadResponse { .. }), "{api:?} {asked}: {fields}");
            assert!(error.to_string().ends_with(": the answer is about another license"), "{error}");
        }
    }
    // API v2 may leave the key out. The current API is asked by the key alone, and must name it.
    for fields in [r#""id":"mem_1""#, r#""id":"mem_1","license_key":null"#] {
        assert!(outcome_of(Api::V2, "KEY-1", fields).unwrap().is_allowed());
        let fault = outcome_of(Api::Current, "KEY-1", fields).unwrap_err().to_string();
        assert!(fault.contains("the answer names no license key"), "{fault}");
    }
    for api in BOTH {
        let another = in_shape(api, r#"{"id":"mem_1",NO}"#).replace("KEY-1", "KEY-2");
        let another = outcome(api, &answer(201, &another.replace("\"valid\"", "\"license_key\":\"KEY-2\",\"valid\"")));
        assert!(matches!(another, Err(Error::BadResponse { .. })), "neither a yes nor a no");
    }
}

fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).unwrap()
}

fn client(api: Api, sandbox: &Sandbox, api_key: &str) -> Client {
    let mut settings = Client::builder(&sandbox.api_key(api_key));
    settings.product_id("prod_sandbox").api(api).max_retries(0).build().unwrap()
}

/// A row of the table that the tests of every language read: a call, and what it comes to.
struct Call {
    call: &'static str,
    api_key: &'static str,
    of: &'static str,
    current: Outcome,
    v2: Outcome,
}

#[derive(Debug, PartialEq)]
struct Outcome {
    status: i32,
    http_status: Option<u16>,
    license_status: Option<String>,
    retry_after_ms: Option<u128>,
}

fn table() -> Vec<Call> {
    include_str!("statuses.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(read).collect()
}

fn read(line: &'static str) -> Call {
    let columns: Vec<_> = line.split_whitespace().collect();
    let [call, api_key, of, status, http_status, license_status, v2_status, v2_http_status, v2_license_status, wait] =
        columns[..]
    else {
        panic!("not ten columns: {line}");
    };
    let outcome = |status: &str, http_status, license_status| Outcome {
        status: status.parse().unwrap(),
        http_status: unless_dash(http_status).map(|number| number.parse().unwrap()),
        license_status: unless_dash(license_status).map(str::to_owned),
        retry_after_ms: unless_dash(wait).map(|number| number.parse().unwrap()),
    };
    let current = outcome(status, http_status, license_status);
    Call { call, api_key, of, current, v2: outcome(v2_status, v2_http_status, v2_license_status) }
}

fn unless_dash(column: &str) -> Option<&str> {
    (column != "-").then_some(column)
}

impl Call {
    fn expected(&self, api: Api) -> &Outcome {
        if api == Api::Current { &self.current } else { &self.v2 }
    }

    fn make(&self, client: &Client) -> Outcome {
        let outcome = match self.call {
            "validate" => client.validate_license(self.of, DEVICE).map(|verdict| {
                let (answer, shown) = (verdict.answer().clone(), verdict.membership().cloned());
                Outcome::told(status_of(&Ok(verdict)), &answer, shown.as_ref())
            }),
            "reset" => client.reset_license(self.of).map(|found| match &found {
                Lookup::Found(shown) => Outcome::told(0, shown.answer(), Some(shown)),
                Lookup::NotFound(answer) => Outcome::told(100, answer, None),
            }),
            "create" => PlanRequest::from_json(self.of)
                .and_then(|request| client.create_plan(request))
                .map(|plan| Outcome::told(0, plan.answer(), None)),
            other => panic!("there is no call {other}"),
        };
        outcome.unwrap_or_else(|error| Outcome {
            status: status_of_error(&error),
            http_status: error.answer().map(Answer::http_status),
            license_status: None,
            retry_after_ms: error.retry_after().map(|wait| wait.as_millis()),
        })
    }
}

impl Outcome {
    fn told(status: i32, answer: &Answer, shown: Option<&Membership>) -> Self {
        Self {
            status,
            http_status: Some(answer.http_status()),
            license_status: shown.and_then(Membership::status).map(str::to_owned),
            retry_after_ms: answer.retry_after().map(|wait| wait.as_millis()),
        }
    }
}

#[test]
fn every_call_of_the_shared_table_comes_to_its_status_over_both_apis() {
    for api in BOTH {
        let options = Options { slow: Duration::from_millis(50), rate_limit: None, ..Options::default() };
        let sandbox = Sandbox::start(options).unwrap();
        for row in table() {
            let outcome = row.make(&client(api, &sandbox, row.api_key));
            assert_eq!(&outcome, row.expected(api), "{api:?}: {} {} {}", row.call, row.api_key, row.of);
        }
        // What passes, passes.
        for key in ["SANDBOX-503-ONCE", "SANDBOX-DROP"] {
            let outcome = client(api, &sandbox, "full").validate_license(key, DEVICE);
            assert_eq!(status_of(&outcome), 0, "{api:?} {key}: {outcome:?}");
        }
    }
}

#[test]
fn shared_table_has_every_license_key_and_every_status() {
    let table = table();
    for row in LICENSE_KEYS {
        let is_checked = table.iter().any(|call| (call.call, call.api_key, call.of) == ("validate", "full", row.key));
        assert!(is_checked, "{} is not in the table", row.key);
    }
    let facts: Value = serde_json::from_str(include_str!("../api/statuses.json")).unwrap();
    let known: Vec<_> = facts.as_array().unwrap().iter().map(|status| status["number"].as_i64().unwrap()).collect();
    // No sandbox answers when it cannot be reached, when the machine has no identity, when a call is pending or canceled, or for
    // a bug of the library; and what is not trusted is no answer of Whop's, but one in place of a relay's.
    let others = [300, 305, 306, 307, 308, 900];
    let from_an_answer: Vec<_> = known.into_iter().filter(|status| !others.contains(status)).collect();
    for api in BOTH {
        let mut found: Vec<_> = table.iter().map(|call| i64::from(call.expected(api).status)).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, from_an_answer, "{api:?}");
    }
}

#[test]
fn device_that_was_bound_through_one_api_is_bound_in_the_other() {
    let sandbox = sandbox();
    let [current, v2] = BOTH.map(|api| client(api, &sandbox, "full"));
    for (key, first, second) in [("SANDBOX-ACTIVE", &current, &v2), ("SANDBOX-COMPLETED", &v2, &current)] {
        assert_eq!(status_of(&first.validate_license(key, DEVICE)), 0);
        assert_eq!(status_of(&second.validate_license(key, DEVICE)), 0);
        assert_eq!(status_of(&second.validate_license(key, r#"{"hwid":"another"}"#)), 102);
        assert!(second.reset_license(key).is_ok());
        assert_eq!(status_of(&first.validate_license(key, r#"{"hwid":"another"}"#)), 0);
        assert_eq!(status_of(&second.validate_license(key, DEVICE)), 102);
    }
}

#[test]
fn retired_v2_of_the_sandbox_is_said_to_be_retired() {
    for retired in [Retired::Gone, Retired::NotFound, Retired::Html, Retired::Redirect] {
        let sandbox = Sandbox::start(Options { v2: V2::Retired(retired), ..Options::default() }).unwrap();
        let error = client(Api::V2, &sandbox, "full").validate_license("SANDBOX-ACTIVE", DEVICE).unwrap_err();
        assert!(error.to_string().contains("Whop has retired API v2: use the current API"), "{retired:?}: {error}");
        assert_eq!(status_of(&client(Api::Current, &sandbox, "full").validate_license("SANDBOX-ACTIVE", DEVICE)), 0);
    }
}

#[test]
fn answer_that_is_not_whops_is_a_bad_response() {
    let deep = "[".repeat(100_000);
    let large = format!(r#"{{"id":"mem_1",YES,"x":"{}"}}"#, "x".repeat(1 << 20));
    for (status, body) in [
        (200, "<html>sign in to the hotel network</html>"),
        (201, ""),
        (201, "[]"),
        (201, "true"),
        (201, &deep),
        (201, &large),
        (201, "\u{feff}{\"id\":\"mem_1\",YES}"),
        (201, r#"{"id":"mem_1","status":"expired","valid":false,YES}"#),
        (201, r#"{"id":"mem_1",YES,"user":{"id":"1","\u0069d":"2"}}"#),
        (201, r#"{"id":"mem_1",YES,"plan":[{"metadata":{"a":1,"a":1}}]}"#),
        (301, "{}"),
        (404, "<html>no such page</html>"),
        (404, "Not Found"),
        (404, "{}"),
        (404, r#"{"detail":"Not Found"}"#),
        (404, r#"{"message":"no Route matched with those values"}"#),
        (404, r#"{"error":{"message":404},"message":"Not Found"}"#),
        (404, r#"{"error":{"message":"No such license","message":"Moved"}}"#),
        (404, r#"{"status":404,"error":"Not Found","path":"/api/v2"}"#),
        (400, "<html>please reset your keyboard</html>"),
        (401, "<html>sign in</html>"),
        (403, "<html>blocked</html>"),
    ] {
        for api in BOTH {
            let shown = body.chars().take(80).collect::<String>();
            let outcome = outcome(api, &answer(status, &in_shape(api, body)));
            assert!(matches!(outcome, Err(Error::BadResponse { .. })), "{api:?} {shown}: {outcome:?}");
        }
    }
}

#[test]
fn refused_request_has_whops_reason_without_the_license_key() {
    let reason = "Parameter :id is invalid: KEY-1 of apik_secret on this-device";
    for api in BOTH {
        for status in [400, 422, 409] {
            let error = outcome(api, &failure(status, reason)).unwrap_err();
            assert!(matches!(error, Error::Rejected { .. }));
            let said = error.to_string();
            let expected = format!("Whop refused the request ({status}): Parameter :id is invalid: … of … on ");
            assert!(said.starts_with(&expected), "{api:?}: {said}");
            // What was not sent cannot come back.
            assert!(said.ends_with("on …") || api == Api::Current, "{said}");
        }
    }
}

#[test]
fn missing_right_is_named() {
    let error = outcome(Api::Current, &failure(403, "Forbidden")).unwrap_err();
    assert!(matches!(error, Error::Forbidden { permission: Some("member:basic:read"), .. }));
    assert_eq!(
        error.to_string(),
        "the API key lacks the permission member:basic:read (403): give it that in Whop's developer settings"
    );
    assert!(matches!(outcome(Api::V2, &failure(403, "Forbidden")), Err(Error::Forbidden { permission: None, .. })));
    for (api, permission) in [(Api::Current, Some("plan:create")), (Api::V2, None)] {
        let peer = Peer::start([Act::Send(failure(403, "Forbidden"))]);
        let error = peer.client_of(api).build().unwrap().create_plan(plan()).unwrap_err();
        assert!(matches!(error, Error::Forbidden { permission: found, .. } if found == permission), "{error}");
    }
}

/// The wait after a 429 with this message.
fn wait(api: Api, message: &str) -> Duration {
    let peer = Peer::start([Act::Send(failure(429, message))]);
    let error = peer.client_of(api).build().unwrap().validate_license("K", DEVICE).unwrap_err();
    assert_eq!(peer.seen().len(), 1, "it comes back at once");
    assert!(matches!(error, Error::RateLimited { .. }));
    error.retry_after().unwrap()
}

#[test]
fn rate_limit_comes_back_at_once_with_its_wait() {
    for api in BOTH {
        for (message, seconds) in [
            ("You are being rate limited", 60),
            ("Rate limit exceeded. Try again in 12 seconds.", 12),
            ("Rate limit exceeded. Try again in 1 second.", 1),
            ("TRY AGAIN IN 7 SECONDS", 7),
            ("Too many requests in this window. Try again in 9 seconds.", 9),
            ("Try again in 8 seconds, or log in as another user", 8),
            ("Try again in 30s.", 60),
            ("Try again in 2 minutes", 120),
            ("Try again in 0 seconds.", 0),
            ("Try again in 99999999999 seconds.", 24 * 60 * 60),
            ("Try again in 99999999999999999999999 seconds.", 60),
            ("Try again in a few seconds.", 60),
            ("Try again in -5 seconds.", 60),
            ("Too many requests in 10 seconds", 10),
            ("", 60),
        ] {
            assert_eq!(wait(api, message), Duration::from_secs(seconds), "{api:?} {message}");
        }
    }
    for api in BOTH {
        let error = client(api, &sandbox(), "full").validate_license("SANDBOX-429", DEVICE).unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)), "{api:?}");
    }
}

#[test]
fn header_outweighs_the_message() {
    let said = failure(429, "Try again in 12 seconds.").replace("\r\n\r\n", "\r\nRetry-After: 3\r\n\r\n");
    for api in BOTH {
        let peer = Peer::start([Act::Send(said.clone())]);
        let error = peer.client_of(api).build().unwrap().validate_license("K", DEVICE).unwrap_err();
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    }
}

#[test]
fn server_error_is_not_repeated_unless_it_may_pass() {
    for api in BOTH {
        for (status, requests) in [(500, 1), (501, 1), (502, 2), (503, 2), (504, 2), (505, 1), (429, 1), (401, 1)] {
            let peer = Peer::start([Act::Send(failure(status, "x")), Act::Send(entitled(api, "K"))]);
            let outcome = peer.client_of(api).build().unwrap().validate_license("K", DEVICE);
            assert_eq!(peer.seen().len(), requests, "{api:?} {status}");
            assert_eq!(outcome.is_ok_and(|verdict| verdict.is_allowed()), requests == 2, "{api:?} {status}");
        }
    }
}

#[test]
fn closed_port_and_unknown_name_are_unreachable() {
    let nobody = RefusingPort::new();
    for api in BOTH {
        let closed = Client::builder(&format!("sandbox_{}_full", nobody.number())).api(api).build().unwrap();
        assert!(matches!(closed.validate_license("K", DEVICE), Err(Error::Unreachable { .. })));
        // Too long for a name, so that no name server is asked.
        let url = format!("https://{}.invalid/api", "x".repeat(64));
        let unknown = Client::builder("key").base_url(&url).proxy("").api(api).build().unwrap();
        assert!(matches!(unknown.validate_license("K", DEVICE), Err(Error::Unreachable { .. })));
    }
}

#[test]
fn plan_without_an_id_is_not_taken_for_created() {
    for body in [
        "{}",
        r#"{"success":false,"message":"no"}"#,
        r#"{"id":null}"#,
        r#"{"id":"prod_1"}"#,
        r#"{"id":"plan_"}"#,
        r#"{"id":"plan_1","error":{"message":"no"}}"#,
        r#"{"id":"plan_1","success":false}"#,
        r#"{"data":{"id":"plan_1"}}"#,
        r#"{"id":"plan_1","id":"plan_2"}"#,
    ] {
        for api in BOTH {
            let peer = Peer::start([Act::Send(answer(200, body))]);
            let created = peer.client_of(api).build().unwrap().create_plan(plan());
            assert!(matches!(created, Err(Error::BadResponse { .. })), "{api:?} {body}");
            assert_eq!(peer.seen().len(), 1, "{api:?} {body}");
        }
    }
}

#[test]
fn plain_http_goes_through_no_proxy() {
    for api in BOTH {
        let peer = Peer::start([Act::Send(entitled(api, "K"))]);
        let proxy = Peer::start([Act::StayMute]);
        let client = peer.client_of(api).proxy(&format!("http://{}", proxy.host())).build().unwrap();
        assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
        assert!(proxy.seen().is_empty());
    }
}
