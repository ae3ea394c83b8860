//! Reset: the device is freed and nothing else is lost, or it is said what was.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use whop_license::{Api, Client, Error, Lookup, Membership};

use crate::support::{Act, Peer, Script, Stored, Then, answer, failure, membership};

fn methods(peer: &Peer) -> String {
    peer.seen().iter().map(|request| request.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

fn bodies(peer: &Peer) -> Vec<Value> {
    let body = |request: &String| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    peer.seen()
        .iter()
        .map(body)
        .filter(|body| !body.is_empty())
        .map(|body| serde_json::from_str(&body).unwrap())
        .collect()
}

fn client(peer: &Peer) -> Client {
    peer.client_of(Api::Current).build().unwrap()
}

fn found(outcome: Result<Lookup, Error>) -> Box<Membership> {
    match outcome {
        Ok(Lookup::Found(membership)) => membership,
        other => panic!("{other:?}"),
    }
}

fn metadata(membership: &Membership) -> Value {
    membership.answer().value().unwrap()["metadata"].clone()
}

#[test]
fn only_the_device_goes() {
    for (stored, after, expected) in [
        (json!({"hwid": "x"}), json!({}), "GET PATCH"),
        (json!({"hwid": "x", "note": "VIP"}), json!({"note": "VIP"}), "GET PATCH PATCH"),
        (
            json!({"hwid": 7, "n": 7, "o": {"a": [null]}, "": "x", "HWID": "y"}),
            json!({"n": 7, "o": {"a": [null]}, "": "x", "HWID": "y"}),
            "GET PATCH PATCH",
        ),
        (json!({"hwid": "released:7"}), json!({}), "GET PATCH"),
        (json!({"hwid": null}), json!({}), "GET PATCH"),
        // Nothing is bound: nothing is written.
        (json!({"note": "VIP"}), json!({"note": "VIP"}), "GET"),
        (json!({}), json!({}), "GET"),
    ] {
        let license = Stored::new("K", stored.clone());
        let peer = Peer::start([license.act()]);
        let membership = found(client(&peer).reset_license(" K "));
        assert_eq!(license.metadata(), after, "{stored}");
        assert_eq!(metadata(&membership), after, "{stored}: as Whop then has it");
        assert_eq!(methods(&peer), expected, "{stored}");
        assert!(peer.seen().iter().all(|request| request.contains("api-version-date: ")), "{stored}");
    }
    let license = Stored::new("K", json!({"hwid": "x", "device": "y"}));
    let peer = Peer::start([license.act()]);
    found(peer.client_of(Api::Current).metadata_key("device").build().unwrap().reset_license("K"));
    assert_eq!(license.metadata(), json!({"hwid": "x"}));
}

#[test]
fn freed_license_is_bound_by_the_next_device() {
    let license = Stored::new("K", json!({"hwid": "old", "note": "VIP"}));
    let peer = Peer::start([license.act()]);
    let client = client(&peer);
    assert!(!client.validate_license("K", r#"{"hwid":"new"}"#).unwrap().is_allowed());
    found(client.reset_license("K"));
    assert!(client.validate_license("K", r#"{"hwid":"new"}"#).unwrap().is_allowed());
    assert_eq!(license.metadata(), json!({"hwid": "new", "note": "VIP"}));
}

#[test]
fn license_that_is_not_there_is_said_not_to_be() {
    let peer = Peer::start([
        Act::Send(failure(404, "Membership not found")),
        Act::Send(answer(200, r#"{"data":[{"id":"mem_9"}]}"#)),
    ]);
    assert!(matches!(client(&peer).reset_license("K"), Ok(Lookup::NotFound(_))));
}

#[test]
fn look_up_that_fails_changes_nothing() {
    for said in [
        failure(401, "no"),
        failure(403, "no"),
        failure(500, "trouble"),
        answer(200, "<html>"),
        answer(200, &membership(Api::Current, "ANOTHER").to_string()),
        answer(200, r#"{"id":"mem_12","license_key":"K","status":"active"}"#),
    ] {
        let peer = Peer::start([Act::Send(said.clone())]);
        let error = client(&peer).reset_license("K").unwrap_err();
        assert!(!matches!(error, Error::HalfReset { .. }), "{said}: {error}");
        assert_eq!(methods(&peer), "GET", "{said}");
    }
}

/// A reset whose second request, the clearing, meets this, and whose others go well.
fn clearing_meets(stored: &Value, act: impl Fn(&Stored) -> Vec<Act>) -> (Stored, Peer, Result<Lookup, Error>) {
    let license = Stored::new("K", stored.clone());
    let peer = Peer::start([vec![license.act()], act(&license), vec![license.act()]].concat());
    let outcome = peer.client_of(Api::Current).timeout(Duration::from_secs(5)).build().unwrap().reset_license("K");
    (license, peer, outcome)
}

#[test]
fn clearing_that_is_refused_leaves_all_as_it_was() {
    let stored = json!({"hwid": "x", "note": "VIP"});
    for status in [400, 401, 403, 404, 422, 429] {
        let (license, peer, outcome) =
            clearing_meets(&stored, |_| vec![Act::Send(failure(status, "Membership not found"))]);
        let error = outcome.unwrap_err();
        assert!(!matches!(error, Error::HalfReset { .. }), "{status}: {error}");
        assert_eq!(error.to_string().contains("member:manage"), status == 403, "{error}");
        assert_eq!((license.metadata(), &*methods(&peer)), (stored.clone(), "GET PATCH"), "{status}");
    }
}

#[test]
fn clearing_whose_answer_is_lost_is_repeated_and_goes_on() {
    for stored in [json!({"hwid": "x", "note": "VIP"}), json!({"hwid": "x"})] {
        for lost in [
            Act::SendAndClose(String::new()),
            Act::SendAndClose(answer(502, "")),
            Act::Send(failure(409, "Conflict")),
            Act::Play(Script { then: Then::Reset, ..Script::default() }),
        ] {
            for is_stored in [false, true] {
                let (license, _, outcome) = clearing_meets(&stored, |license| match is_stored {
                    true => vec![license.but(lost.clone())],
                    false => vec![lost.clone()],
                });
                found(outcome);
                let mut after = stored.clone();
                after.as_object_mut().unwrap().remove("hwid");
                assert_eq!(license.metadata(), after, "{lost:?}");
            }
        }
    }
}

/// What is lost is told: the membership as it was before is in the error.
fn tells_of_the_loss(outcome: Result<Lookup, Error>, stored: &Value, name: &str) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::HalfReset { .. }), "{name}: {error}");
    assert_eq!(error.answer().unwrap().value().unwrap()["metadata"], *stored, "{name}");
    let said = error.to_string();
    assert!(said.contains("could not be written back") && said.contains("as it was before"), "{name}: {said}");
    assert!(!said.contains("VIP"), "{said}");
}

#[test]
fn clearing_of_which_nobody_knows_tells_what_may_be_lost() {
    let stored = json!({"hwid": "x", "note": "VIP"});
    for lost in [
        Act::SendAndClose(String::new()),
        Act::SendAndClose(answer(503, "")),
        Act::Send(failure(500, "trouble")),
        Act::Send(failure(409, "Conflict")),
        Act::Send(answer(200, "{}")),
        Act::Send(answer(200, "<html>")),
        Act::Send(answer(302, "")),
        Act::Send("SSH-2.0\r\n\r\n".into()),
        Act::Send(answer(200, &membership(Api::Current, "ANOTHER").to_string())),
    ] {
        // Three tries of the clearing, and one of the write-back.
        let (_, _, outcome) =
            clearing_meets(&stored, |license| [vec![license.but(lost.clone())], vec![lost.clone(); 3]].concat());
        tells_of_the_loss(outcome, &stored, &format!("{lost:?}"));
    }
}

#[test]
fn clearing_that_may_have_arrived_and_is_refused_then_tells_what_may_be_lost() {
    let stored = json!({"hwid": "x", "note": "VIP"});
    for status in [400, 401, 403, 404, 422, 429] {
        for lost in [Act::SendAndClose(String::new()), Act::SendAndClose(answer(503, ""))] {
            let refused = Act::Send(failure(status, "no"));
            let (license, peer, outcome) =
                clearing_meets(&stored, |license| vec![license.but(lost.clone()), refused.clone(), refused.clone()]);
            assert_eq!((license.metadata(), &*methods(&peer)), (json!({}), "GET PATCH PATCH PATCH"));
            tells_of_the_loss(outcome, &stored, &format!("{status}"));

            let (license, _, outcome) =
                clearing_meets(&stored, |license| vec![license.but(lost.clone()), refused.clone()]);
            found(outcome);
            assert_eq!(license.metadata(), json!({"note": "VIP"}), "written back");
        }
    }
}

#[test]
fn without_other_names_there_is_nothing_to_lose() {
    for (lost, status) in [
        (Act::SendAndClose(String::new()), "no whole answer"),
        (Act::Send(failure(500, "trouble")), "trouble of its own"),
        (Act::Send(answer(200, "{}")), "not a membership"),
    ] {
        let (_, _, outcome) = clearing_meets(&json!({"hwid": "x"}), |license| {
            vec![license.but(lost.clone()), lost.clone(), lost.clone()]
        });
        let error = outcome.unwrap_err();
        assert!(!matches!(error, Error::HalfReset { .. }) && error.to_string().contains(status), "{error}");
    }
}

#[test]
fn names_that_cannot_be_written_back_are_told() {
    let stored = json!({"hwid": "x", "note": "VIP"});
    for said in [
        Act::Send(failure(400, "no")),
        Act::Send(failure(401, "no")),
        Act::Send(failure(403, "no")),
        Act::Send(failure(404, "no")),
        Act::Send(failure(422, "no")),
        Act::Send(failure(429, "wait")),
        Act::Send(failure(500, "trouble")),
        Act::Send(answer(200, "{}")),
        Act::Send(answer(200, "<html>")),
        Act::SendAndClose(String::new()),
    ] {
        let license = Stored::new("K", stored.clone());
        let peer = Peer::start([license.act(), license.act(), said.clone()]);
        tells_of_the_loss(client(&peer).reset_license("K"), &stored, &format!("{said:?}"));
        assert_eq!(license.metadata(), json!({}), "{said:?}");
        // To write them back by hand, from the error, is what the message says.
        assert_eq!(bodies(&peer)[1], json!({"metadata": {"note": "VIP"}}), "{said:?}");
    }
}

#[test]
fn lost_answer_to_the_writing_back_is_repeated() {
    let license = Stored::new("K", json!({"hwid": "x", "note": "VIP"}));
    let lost = Act::SendAndClose(String::new());
    let peer = Peer::start([license.act(), license.act(), lost.clone(), license.but(lost), license.act()]);
    found(client(&peer).reset_license("K"));
    assert_eq!(license.metadata(), json!({"note": "VIP"}));
}

#[test]
fn call_that_runs_out_of_time_half_way_tells_of_the_loss_by_its_deadline() {
    let stored = json!({"hwid": "x", "note": "VIP"});
    for mute in [1, 2] {
        let license = Stored::new("K", stored.clone());
        let mut acts = vec![license.act(), license.act(), Act::StayMute];
        if mute == 1 {
            acts = vec![license.act(), license.but(Act::StayMute)];
        }
        let peer = Peer::start(acts);
        let (began, timeout) = (Instant::now(), Duration::from_secs(1));
        let outcome = peer.client_of(Api::Current).timeout(timeout).build().unwrap().reset_license("K");
        tells_of_the_loss(outcome, &stored, "mute");
        assert!(began.elapsed() < 2 * timeout, "{:?}", began.elapsed());
    }
}

#[test]
fn device_that_came_in_between_stays() {
    let license = Stored::new("K", json!({"hwid": "old", "note": "VIP"}));
    // A first use of another device, between the clearing and the writing back.
    let cleared = {
        let license = license.clone();
        Act::ask(move |request| {
            let cleared = license.answer(request);
            license.answer("PATCH / HTTP/1.1\r\n\r\n{\"metadata\":{\"hwid\":\"new\"}}");
            Act::Send(cleared)
        })
    };
    let peer = Peer::start([license.act(), cleared, license.act()]);
    found(client(&peer).reset_license("K"));
    assert_eq!(license.metadata(), json!({"hwid": "new", "note": "VIP"}));
}

#[test]
fn what_is_written_back_is_what_was_stored() {
    let others = r#""big":18446744073709551615,"exact":0.1,"note":"a/b","of":[{"a":null}]"#;
    let with = |metadata: &str| {
        let shown = membership(Api::Current, "K").to_string();
        Act::Send(answer(200, &shown.replace(r#"{"hwid":"this-device"}"#, &format!("{{{metadata}}}"))))
    };
    let peer = Peer::start([with(&format!(r#""hwid":"x",{others}"#)), with(""), with(others)]);
    found(client(&peer).reset_license("K"));
    assert!(peer.seen()[2].ends_with(&format!(r#"{{"metadata":{{{others}}}}}"#)), "{:?}", peer.seen());
}

#[test]
fn device_that_stays_stored_is_not_called_free() {
    for stored in [json!({"hwid": "x"}), json!({"hwid": "x", "note": "VIP"})] {
        // A server that says yes to each write and keeps what it has.
        let mut shown = membership(Api::Current, "K");
        shown["metadata"] = stored.clone();
        let peer = Peer::start([Act::Send(answer(200, &shown.to_string()))]);
        let error = client(&peer).reset_license("K").unwrap_err();
        assert!(error.to_string().ends_with(": the device is still stored"), "{error}");
    }
}

/// A membership of API v2 with this metadata.
fn v2(metadata: &Value) -> String {
    let mut shown = membership(Api::V2, "K");
    shown["metadata"] = metadata.clone();
    answer(200, &shown.to_string())
}

#[test]
fn v2_is_told_to_clear_all_and_then_what_stays() {
    let (stored, others) = (json!({"hwid": "x", "note": "VIP", "n": {"a": 1}}), json!({"note": "VIP", "n": {"a": 1}}));
    let peer = Peer::start([Act::Send(v2(&stored)), Act::Send(v2(&json!({}))), Act::Send(v2(&others))]);
    let client = peer.client_of(Api::V2).build().unwrap();
    assert_eq!(metadata(&found(client.reset_license("K"))), others);
    let seen = peer.seen();
    assert!(seen[0].starts_with("GET /api/v2/memberships/K HTTP/1.1\r\n"), "{seen:?}");
    assert!(seen[1].starts_with("POST /api/v2/memberships/K HTTP/1.1\r\n"), "{seen:?}");
    assert_eq!(bodies(&peer), [json!({"metadata": {}}), json!({ "metadata": others })]);

    let peer = Peer::start([Act::Send(v2(&json!({"note": "VIP"})))]);
    found(peer.client_of(Api::V2).build().unwrap().reset_license("K"));
    assert_eq!(methods(&peer), "GET", "nothing is bound");
    let peer = Peer::start([Act::Send(v2(&json!({"hwid": "x"}))), Act::Send(v2(&json!({})))]);
    found(peer.client_of(Api::V2).build().unwrap().reset_license("K"));
    assert_eq!(bodies(&peer), [json!({"metadata": {}})]);
}

#[test]
fn v2_is_told_again_when_the_answer_is_lost_and_keeps_all_when_it_refuses() {
    let lost = Act::SendAndClose(String::new());
    let stored = json!({"hwid": "x", "note": "VIP"});
    let peer =
        Peer::start([Act::Send(v2(&stored)), lost, Act::Send(v2(&json!({}))), Act::Send(v2(&json!({"note": "VIP"})))]);
    found(peer.client_of(Api::V2).build().unwrap().reset_license("K"));
    assert_eq!(bodies(&peer), [json!({"metadata": {}}), json!({"metadata": {}}), json!({"metadata": {"note": "VIP"}})]);
    for status in [400, 401, 403, 422, 429] {
        let peer = Peer::start([Act::Send(v2(&stored)), Act::Send(failure(status, "no"))]);
        assert!(peer.client_of(Api::V2).build().unwrap().reset_license("K").is_err(), "{status}");
        assert_eq!(methods(&peer), "GET POST", "{status}");
    }
    let peer = Peer::start([Act::Send(failure(404, "No such Membership found with the provided ID: K"))]);
    assert!(matches!(peer.client_of(Api::V2).build().unwrap().reset_license("K"), Ok(Lookup::NotFound(_))));
}
