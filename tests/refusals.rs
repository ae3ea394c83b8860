//! What error answers say of a license: those of Whop, and those that frameworks, gateways and clouds send in its place.

#![cfg(test)]

mod support;

use std::collections::HashSet;

use support::{Act, Peer, answer};
use whop_license::{Client, Error, Verdict};

const DEVICE: &str = r#"{"hwid":"this-device"}"#;
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

fn status(outcome: &Result<Verdict, Error>) -> i32 {
    match outcome {
        Ok(Verdict::Allowed(_)) => 0,
        Ok(Verdict::NotFound(_)) => 100,
        Ok(Verdict::Inactive(_)) => 101,
        Ok(Verdict::DeviceMismatch(_)) => 102,
        Err(Error::Unauthorized(_)) => 201,
        Err(Error::Forbidden(_)) => 202,
        Err(Error::Rejected { .. }) => 203,
        Err(Error::RateLimited { .. }) => 302,
        Err(Error::ServerError(_)) => 303,
        Err(Error::BadResponse { .. }) => 304,
        other => panic!("{other:?}"),
    }
}

/// A text inside a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// What a validation of this license key comes to, for each of the bodies.
fn statuses(license_key: &str, bodies: &[(u16, String)]) -> Vec<i32> {
    let peer = Peer::start(bodies.iter().map(|(status, body)| Act::Send(answer(*status, body))).collect::<Vec<_>>());
    let client: Client = peer.client().max_retries(0).build().unwrap();
    bodies.iter().map(|_| status(&client.validate_license(license_key, DEVICE))).collect()
}

#[test]
fn no_error_denies_but_one_that_says_so_of_this_license() {
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
            let path = format!("{base}/v2/memberships/{segment_in_body}/validate_license");
            let answer_of = |row: &Row| {
                let body = row.body.replace("LICENSE", &escaped(&key_in_body));
                (row.http_status, body.replace("PATH", &escaped(&path)).replace("QUERY", "?expand=product"))
            };
            let is_new = |(_, answer): &(&Row, _)| seen.insert(Clone::clone(answer));
            let (asked, answers): (Vec<_>, Vec<_>) =
                rows.iter().map(|row| (row, answer_of(row))).filter(is_new).unzip();
            for ((row, answer), status) in asked.iter().zip(&answers).zip(statuses(key, &answers)) {
                assert_eq!(status, row.expected, "{}: {} to {key:?}", row.who, answer.1);
            }
        }
    }
}

#[test]
fn license_key_that_is_a_word_of_the_message_denies_nothing() {
    let said = |message: &str| (404, format!(r#"{{"message":"{message}"}}"#));
    for (key, message) in [
        ("MEMBERSHIP", "membership not found"),
        ("license", "License could not be found"),
        ("not", "Membership not found"),
        ("API", "Unknown license of the API: API route not found"),
    ] {
        assert_eq!(statuses(key, &[said(message)]), [304], "{key}: {message}");
    }
    let reset = (400, r#"{"message":"Please reset your API key"}"#.to_owned());
    for key in ["API", "Reset-Your-Key"] {
        assert_eq!(statuses(key, std::slice::from_ref(&reset)), [203], "{key}");
    }
    // What the key leaves behind makes no phrase, and what is longer than any message of Whop's is none.
    assert_eq!(statuses("K", &[said("Membership not K found")]), [304]);
    assert_eq!(statuses("K", &[said(&format!("Membership not found {}", "K ".repeat(9999)))]), [304]);
}
