//! What error answers say of a license: those of Whop, and those that frameworks, gateways and clouds send in its place.

#![cfg(test)]

mod support;

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;

use support::{Act, BOTH, DEVICE, Peer, answer, failure, plan, status_of, status_of_error};
use whop_license::{Api, Error};

/// License keys, those included that say themselves that something is not there, and how they stand in a path.
const LICENSES: [(&str, &str); 9] = [
    ("KLINE-8FFK3-SD83K", "KLINE-8FFK3-SD83K"),
    ("mem_1aB", "mem_1aB"),
    ("K", "K"),
    ("NOT-FOUND-LICENSE", "NOT-FOUND-LICENSE"),
    ("MEMBERSHIP-DOES-NOT-EXIST", "MEMBERSHIP-DOES-NOT-EXIST"),
    ("no such license", "no%20such%20license"),
    ("RESET-YOUR-KEY-1", "RESET-YOUR-KEY-1"),
    ("a/b?é#100%", "a%2Fb%3F%C3%A9%23100%25"),
    ("!", "%21"),
];

struct Row {
    http_status: u16,
    expected: i32,
    who: &'static str,
    body: &'static str,
}

fn rows() -> Vec<Row> {
    let read = |line: &'static str| {
        let (head, body) = line.split_once(" |").unwrap();
        let mut head = head.splitn(3, ' ');
        let mut next = || head.next().unwrap();
        Row {
            http_status: next().parse().unwrap(),
            expected: next().parse().unwrap(),
            who: next(),
            body: body.trim_start(),
        }
    };
    include_str!("refusals.txt").lines().skip(1).map(read).collect()
}

/// A text inside a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// What a validation of this license key comes to, for each of the bodies. The API key is good, if that is asked.
fn statuses(api: Api, license_key: &str, bodies: &[(u16, String)]) -> Vec<i32> {
    let left = Mutex::new(VecDeque::from(bodies.to_vec()));
    let peer = Peer::start([Act::ask(move |request| {
        if request.starts_with("GET /api/v1/memberships?first=1 ") {
            return Act::Send(answer(200, r#"{"data":[{"id":"mem_9"}]}"#));
        }
        let (status, body) = left.lock().unwrap().pop_front().unwrap();
        Act::Send(answer(status, &body))
    })]);
    let client = peer.client_of(api).max_retries(0).build().unwrap();
    bodies.iter().map(|_| status_of(&client.validate_license(license_key, DEVICE))).collect()
}

/// The same row for the current API, where no message tells of another device, and 410 is of the request.
fn expected(api: Api, row: &Row) -> i32 {
    match (api, row.http_status, row.expected) {
        (Api::Current, 400, 102) => 203,
        (Api::Current, 410, 304) => 203,
        (_, _, expected) => expected,
    }
}

#[test]
fn no_error_denies_but_one_that_says_so_of_this_license() {
    for api in BOTH {
        no_error_denies(api);
    }
}

fn no_error_denies(api: Api) {
    let rows = rows();
    assert!(rows.len() > 150);
    for (key, segment) in LICENSES {
        let mut seen = HashSet::new();
        // How the key, the key in the path, and the path's beginning come back.
        for (key_in_body, segment_in_body, base) in [
            (key.to_owned(), segment.to_owned(), "/api"),
            (segment.to_owned(), segment.to_ascii_lowercase(), ""),
            (key.to_ascii_uppercase(), segment.to_ascii_uppercase(), "/api"),
            (key.to_ascii_lowercase(), key.to_owned(), "/whop/membership"),
        ] {
            let path = match api {
                Api::Current => format!("{base}/v1/memberships/{segment_in_body}"),
                Api::V2 => format!("{base}/v2/memberships/{segment_in_body}/validate_license"),
            };
            let answer_of = |row: &Row| {
                let body = row.body.replace("LICENSE", &escaped(&key_in_body));
                (row.http_status, body.replace("PATH", &escaped(&path)).replace("QUERY", "?expand=product"))
            };
            let is_new = |(_, answer): &(&Row, _)| seen.insert(Clone::clone(answer));
            let (asked, answers): (Vec<_>, Vec<_>) =
                rows.iter().map(|row| (row, answer_of(row))).filter(is_new).unzip();
            for ((row, answer), status) in asked.iter().zip(&answers).zip(statuses(api, key, &answers)) {
                assert_eq!(status, expected(api, row), "{api:?} {}: {} to {key:?}", row.who, answer.1);
            }
        }
    }
}

#[test]
fn license_key_that_is_a_word_of_the_message_denies_nothing() {
    let said = |message: &str| (404, format!(r#"{{"message":"{message}"}}"#));
    let reset = (400, r#"{"message":"Please reset your API key"}"#.to_owned());
    for api in BOTH {
        for (key, message) in [
            ("MEMBERSHIP", "membership not found"),
            ("license", "License could not be found"),
            ("not", "Membership not found"),
            ("API", "Unknown license of the API: API route not found"),
        ] {
            assert_eq!(statuses(api, key, &[said(message)]), [304], "{api:?} {key}: {message}");
        }
        for key in ["API", "Reset-Your-Key"] {
            assert_eq!(statuses(api, key, std::slice::from_ref(&reset)), [203], "{api:?} {key}");
        }
        // What the key leaves behind makes no phrase, and what is longer than any message of Whop's is none.
        assert_eq!(statuses(api, "K", &[said("Membership not K found")]), [304]);
        assert_eq!(statuses(api, "K", &[said(&format!("Membership not found {}", "K ".repeat(9999)))]), [304]);
    }
}

/// The ways in which a retired API may answer.
fn of_a_retired_api() -> Vec<String> {
    let redirect = |status: u16, location: &str| {
        format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
    };
    vec![
        failure(410, "API v2 has been retired: see the migration guide"),
        failure(410, "No such Membership found with the provided ID: K"),
        answer(410, ""),
        answer(410, "<html>Gone</html>"),
        answer(410, r#"{"error":{"type":"gone","message":"This endpoint is gone"}}"#),
        failure(404, "Not Found"),
        failure(404, "API v2 has been retired. No such Membership endpoint exists: see the migration guide."),
        answer(404, r#"{"error":{"type":"not_found","message":"No route matches POST /api/v2/memberships"}}"#),
        answer(404, r#"{"message":"This version of the API is not found"}"#),
        answer(404, r#"{"detail":"Not found."}"#),
        answer(404, "{}"),
        answer(404, ""),
        answer(404, "404 page not found"),
        answer(404, "<!DOCTYPE html><title>Not found</title>"),
        redirect(301, "https://docs.whop.com/migrate"),
        redirect(302, "/api/v1/memberships"),
        redirect(303, "/"),
        redirect(307, "/api/v1/memberships/K"),
        redirect(308, "https://api.whop.com/api/v1"),
    ]
}

#[test]
fn retired_v2_is_said_to_be_retired_with_what_to_do_about_it() {
    for said in of_a_retired_api() {
        let peer = Peer::start([Act::Send(said.clone())]);
        let client = peer.client_of(Api::V2).build().unwrap();
        let outcomes = [
            client.validate_license("K", DEVICE).map(drop),
            client.create_plan(plan()).map(drop),
            client.reset_license("K").map(drop),
        ];
        for (call, outcome) in ["validate", "create", "reset"].into_iter().zip(outcomes) {
            let error = outcome.unwrap_err();
            assert!(matches!(error, Error::BadResponse { .. }), "{call}: {said}: {error}");
            let told = error.to_string();
            assert!(told.contains("Whop has retired API v2: use the current API"), "{call}: {said}: {told}");
            assert!(error.answer().is_some(), "{call}: {said}");
        }
        assert_eq!(peer.seen().len(), 3, "as soon as it is seen: {said}");
    }
}

#[test]
fn v2_that_is_there_is_not_said_to_be_retired() {
    let told = |call: &str, said: String| {
        let peer = Peer::start([Act::Send(said)]);
        let client = peer.client_of(Api::V2).max_retries(0).build().unwrap();
        match call {
            "validate" => client.validate_license("K", DEVICE).map(|verdict| assert!(!verdict.is_allowed())),
            "create" => client.create_plan(plan()).map(drop),
            _ => client.reset_license("K").map(drop),
        }
    };
    for (call, said, status) in [
        ("validate", failure(404, "No such Membership found with the provided ID: K"), 0),
        ("reset", failure(404, "No such Membership found with the provided ID: K"), 0),
        ("create", failure(404, "No such Product found"), 203),
        ("create", failure(404, "No such access pass"), 203),
        ("create", failure(401, "Unauthorized"), 201),
        ("validate", failure(405, "Method not allowed"), 203),
        ("validate", failure(500, "API v2 has trouble"), 303),
        ("validate", answer(201, "<html>"), 304),
    ] {
        let outcome = told(call, said.clone());
        let message = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        assert_eq!(outcome.err().map_or(0, |error| status_of_error(&error)), status, "{call}: {said}: {message}");
        assert!(!message.contains("retired"), "{call}: {said}: {message}");
    }
}

#[test]
fn current_api_is_not_said_to_be_the_retired_one() {
    for said in of_a_retired_api() {
        let peer = Peer::start([Act::Send(said.clone())]);
        let client = peer.client_of(Api::Current).max_retries(0).build().unwrap();
        let errors = [
            client.validate_license("K", DEVICE).map(drop).unwrap_err(),
            client.create_plan(plan()).map(drop).unwrap_err(),
            client.reset_license("K").map(drop).unwrap_err(),
        ];
        for error in errors {
            assert!(!error.to_string().contains("Whop has retired"), "{said}: {error}");
            assert!(matches!(status_of_error(&error), 203 | 304), "{said}: {error}");
        }
    }
}
