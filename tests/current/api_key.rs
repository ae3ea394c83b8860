//! That there is no such license is believed of an API key that is known to be good, and of no other.

use serde_json::json;
use whop_license::{Api, Client, Error, Lookup, Verdict};

use crate::support::{Act, DEVICE, Peer, Stored, answer, entitled, failure, status_of};

/// A list as Whop sends it, of a license that nobody asked about.
const LIST: &str = r#"{"data":[{"id":"mem_9","license_key":"SOMEBODYS-KEY","metadata":{"hwid":"somebodys-device"},
    "user":{"email":"somebody@example.com"}}],"page_info":{"end_cursor":"x","has_next_page":true}}"#;

fn not_found() -> Act {
    Act::Send(failure(404, "Membership not found"))
}

fn list() -> Act {
    Act::Send(answer(200, LIST))
}

fn client(peer: &Peer) -> Client {
    peer.client_of(Api::Current).max_retries(0).build().unwrap()
}

/// The paths that were asked, behind `/api/v1/memberships`.
fn paths(peer: &Peer) -> Vec<String> {
    let path = |request: &String| {
        request.strip_prefix("GET /api/v1/memberships").unwrap().split(' ').next().unwrap().to_owned()
    };
    peer.seen().iter().map(path).collect()
}

const PROOF: &str = "?first=1";

/// What a check comes to whose license is not there, when the proof is answered like this.
fn outcome(proof: Act) -> Result<Verdict, Error> {
    let peer = Peer::start([not_found(), proof]);
    let outcome = client(&peer).validate_license("K", DEVICE);
    assert_eq!(paths(&peer), ["/K", PROOF]);
    outcome
}

#[test]
fn unknown_license_is_believed_of_a_key_that_is_shown_a_membership() {
    let Ok(verdict @ Verdict::NotFound(_)) = outcome(list()) else { panic!() };
    assert_eq!(verdict.answer().http_status(), 404);
    assert!(verdict.answer().json().unwrap().contains("Membership not found"));
}

#[test]
fn proof_lasts_for_the_next_checks_of_this_client_alone() {
    let peer = Peer::start([not_found(), list(), not_found()]);
    let proved = client(&peer);
    for _ in 0..3 {
        assert_eq!(status_of(&proved.validate_license("K", DEVICE)), 100);
    }
    assert_eq!(paths(&peer), ["/K", PROOF, "/K", "/K"]);
    assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), 304);
    assert_eq!(paths(&peer)[4..], ["/K", PROOF]);
}

#[test]
fn license_that_was_shown_is_proof_enough_whatever_its_verdict() {
    let shown = entitled(Api::Current, "GOOD");
    for (shown, status) in [
        (shown.clone(), 0),
        (shown.replace("\"active\"", "\"failed\""), 101),
        (shown.replace("this-device", "that-device"), 102),
        (shown.replace("prod_1", "prod_2"), 103),
    ] {
        let peer = Peer::start([Act::Send(shown), not_found()]);
        let client = peer.client_of(Api::Current).product_id("prod_1").build().unwrap();
        assert_eq!(status_of(&client.validate_license("GOOD", DEVICE)), status);
        assert_eq!(status_of(&client.validate_license("K", DEVICE)), 100);
        assert_eq!(paths(&peer), ["/GOOD", "/K"]);
    }
}

#[test]
fn answer_that_is_no_membership_proves_nothing() {
    for said in [
        entitled(Api::Current, "ANOTHER"),
        answer(200, "{}"),
        answer(200, LIST),
        answer(200, "<html>"),
        failure(400, "no"),
        failure(429, "wait"),
        failure(500, "trouble"),
    ] {
        let peer = Peer::start([Act::Send(said.clone()), not_found(), Act::Send(failure(404, "Membership not found"))]);
        let client = client(&peer);
        assert!(client.validate_license("GOOD", DEVICE).is_err(), "{said}");
        assert_eq!(status_of(&client.validate_license("K", DEVICE)), 304, "{said}");
    }
}

#[test]
fn without_proof_nobody_is_told_that_there_is_no_such_license() {
    for proof in [
        answer(200, r#"{"data":[],"page_info":{}}"#),
        answer(200, r#"{"data":null}"#),
        answer(200, r#"{"data":{"id":"mem_9"}}"#),
        answer(200, r#"{"data":[{}]}"#),
        answer(200, r#"{"data":["mem_9"]}"#),
        answer(200, r#"{"data":[{"id":"mem_"}]}"#),
        answer(200, r#"{"data":[{"id":"plan_9"}]}"#),
        answer(200, r#"{"data":[{"id":7}]}"#),
        answer(200, r#"{"memberships":[{"id":"mem_9"}]}"#),
        answer(200, r#"[{"id":"mem_9"}]"#),
        answer(200, r#"{"id":"mem_9"}"#),
        answer(200, r#"{"data":[{"id":"mem_9"}],"error":{"message":"no"}}"#),
        answer(200, r#"{"data":[{"id":"mem_9"}],"success":false}"#),
        answer(200, r#"{"data":[{"id":"mem_9"}],"data":[]}"#),
        answer(200, "{}"),
        answer(200, "<html>sign in</html>"),
        answer(200, ""),
        answer(204, ""),
        answer(302, LIST),
        answer(400, LIST),
        answer(404, LIST),
        failure(400, "Unknown parameter: first"),
        failure(404, "Membership not found"),
        failure(404, "Not Found"),
        answer(404, "<html>"),
        failure(405, "no"),
        failure(409, "conflict"),
        failure(410, "gone"),
        failure(422, "no"),
    ] {
        let Err(error @ Error::BadResponse { .. }) = outcome(Act::Send(proof.clone())) else { panic!("{proof}") };
        let said = error.to_string();
        assert!(said.contains("cannot tell whether the API key is good"), "{proof}: {said}");
        // The response holds the answer to the question, and nothing of the list.
        assert_eq!(error.answer().unwrap().http_status(), 404, "{proof}");
        assert!(error.answer().unwrap().json().unwrap().contains("Membership not found"), "{proof}");
    }
}

#[test]
fn trouble_of_the_key_and_of_whop_keeps_its_status() {
    for (status, expected) in [(401, 201), (403, 202), (429, 302), (500, 303), (501, 303), (503, 303), (599, 303)] {
        let outcome = outcome(Act::Send(failure(status, "Not for apik_secret")));
        assert_eq!(status_of(&outcome), expected, "{status}");
        let said = outcome.unwrap_err().to_string();
        assert!(!said.contains("apik_secret"), "{said}");
        assert_eq!(said.contains("member:basic:read"), status == 403, "{said}");
    }
    for lost in [Act::SendAndClose(String::new()), Act::SendAndClose(answer(200, LIST)[..60].into())] {
        assert_eq!(status_of(&outcome(lost)), 301);
    }
    assert_eq!(status_of(&outcome(Act::Send(answer(999, LIST)))), 304);
    assert_eq!(status_of(&outcome(Act::Send(answer(401, "<html>sign in</html>")))), 304);
}

#[test]
fn revoked_key_that_whop_answers_with_404_denies_nobody() {
    // As live answers were seen: a bad key is told of no object at all.
    let peer = Peer::start([not_found()]);
    assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), 304);
    assert_eq!(paths(&peer), ["/K", PROOF]);
}

#[test]
fn proof_is_repeated_within_the_call() {
    let peer = Peer::start([not_found(), Act::SendAndClose(answer(503, "")), list()]);
    let client = peer.client_of(Api::Current).build().unwrap();
    assert_eq!(status_of(&client.validate_license("K", DEVICE)), 100);
    assert_eq!(paths(&peer), ["/K", PROOF, PROOF]);
}

#[test]
fn answer_that_is_not_about_a_license_needs_no_proof() {
    for said in
        [failure(404, "Not Found"), answer(404, "<html>"), answer(404, ""), failure(404, "The membership API is gone")]
    {
        let peer = Peer::start([Act::Send(said.clone()), list()]);
        assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), 304, "{said}");
        assert_eq!(paths(&peer), ["/K"], "{said}");
    }
}

#[test]
fn other_calls_need_the_same_proof() {
    let peer = Peer::start([not_found(), Act::Send(answer(200, r#"{"data":[]}"#)), not_found(), list(), not_found()]);
    let client = client(&peer);
    assert!(matches!(client.reset_license("K"), Err(Error::BadResponse { .. })));
    assert!(matches!(client.membership("K"), Ok(Lookup::NotFound(_))));
    assert!(matches!(client.reset_license("K"), Ok(Lookup::NotFound(_))));
    assert_eq!(paths(&peer), ["/K", PROOF, "/K", PROOF, "/K"]);
}

#[test]
fn refusal_of_the_key_ends_its_proof() {
    for refusal in [failure(401, "no"), failure(403, "no")] {
        let shown = Act::Send(entitled(Api::Current, "K"));
        let peer = Peer::start([shown, Act::Send(refusal), not_found(), Act::Send(answer(200, r#"{"data":[]}"#))]);
        let client = client(&peer);
        assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
        assert!(client.validate_license("K", DEVICE).is_err());
        let after = client.validate_license("K", DEVICE);
        assert_eq!(status_of(&after), 304, "{after:?}");
        assert_eq!(paths(&peer), ["/K", "/K", "/K", PROOF]);
    }
    // A key that may not write still reads.
    let free = Act::Send(answer(200, &Stored::new("K", json!({})).shown().to_string()));
    let peer = Peer::start([free, Act::Send(failure(403, "no")), not_found()]);
    let client = client(&peer);
    assert_eq!(status_of(&client.validate_license("K", DEVICE)), 202);
    assert_eq!(status_of(&client.validate_license("X", DEVICE)), 100);
}

#[test]
fn license_that_the_proof_shows_is_not_said_to_be_unknown() {
    for item in [r#"{"id":"mem_9","license_key":"k"}"#, r#"{"id":"mem_9","license_key":"K"}"#] {
        let peer = Peer::start([not_found(), Act::Send(answer(200, &format!(r#"{{"data":[{item}]}}"#)))]);
        assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), 304, "{item}");
    }
}

#[test]
fn license_that_was_there_in_the_same_call_is_not_said_to_be_unknown() {
    let free = Act::Send(answer(200, &Stored::new("K", json!({})).shown().to_string()));
    let written = Act::Send(entitled(Api::Current, "K"));
    let peer = Peer::start([free, written, not_found()]);
    assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), 304);
}
