//! The steps of a check, as a server takes them that serializes first uses itself.

use serde_json::json;
use whop_license::{Api, Client, Error, Judgement, Lookup, Membership, Verdict};

use crate::support::{Act, DEVICE, Peer, Stored, Then, answer, failure, membership};

fn client(peer: &Peer) -> Client {
    peer.client_of(Api::Current).product_id("prod_1").build().unwrap()
}

fn found(client: &Client, license_key: &str) -> Membership {
    match client.membership(license_key) {
        Ok(Lookup::Found(membership)) => *membership,
        other => panic!("{other:?}"),
    }
}

#[test]
fn steps_make_a_check() {
    let stored = Stored::new("K", json!({"note": "VIP"}));
    let peer = Peer::start([stored.act()]);
    let client = client(&peer);
    let Ok(Judgement::FirstUse(membership)) = client.judge(found(&client, " K\n"), DEVICE) else { panic!() };
    assert_eq!(membership.id(), Some("mem_12"));
    assert!(client.bind("K", DEVICE).unwrap().is_allowed());
    assert_eq!(stored.metadata(), json!({"note": "VIP", "hwid": "this-device"}));
    let again = client.judge(found(&client, "K"), r#"{"hwid":"another"}"#);
    assert!(matches!(again, Ok(Judgement::Decided(Verdict::DeviceMismatch(_)))), "{again:?}");
    let methods: Vec<_> = peer.seen().iter().map(|request| request.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(methods, ["GET", "PATCH", "GET"]);
}

#[test]
fn judging_needs_no_request_and_is_no_yes_to_what_tells_nothing() {
    let peer = Peer::start([Act::StayMute]);
    let client = client(&peer);
    let nothing = client.judge(Membership::default(), DEVICE);
    assert!(matches!(nothing, Ok(Judgement::Decided(Verdict::Inactive(_)))), "{nothing:?}");
    assert!(matches!(client.judge(Membership::default(), r#"{"hwid":7}"#), Err(Error::InvalidArgument { .. })));
    assert!(peer.seen().is_empty());
}

#[test]
fn membership_that_was_kept_as_json_is_judged_like_the_one_that_came() {
    let shown = json!({"status": "active", "product_id": "prod_1", "metadata": {"hwid": "this-device"}});
    let client = Peer::start([Act::StayMute]).client_of(Api::Current).product_id("prod_1").build().unwrap();
    let kept = |json: String| client.judge(Membership::from_json(&json).unwrap(), DEVICE).unwrap();
    assert!(matches!(kept(shown.to_string()), Judgement::Decided(Verdict::Allowed(_))));
    let other = kept(shown.to_string().replace("this-device", "that-device"));
    assert!(matches!(other, Judgement::Decided(Verdict::DeviceMismatch(_))), "{other:?}");
    let twice = r#"{"status":"expired","status":"active","product_id":"prod_1","metadata":{"hwid":"this-device"}}"#;
    for broken in ["", "[]", "{", "null", twice] {
        assert!(Membership::from_json(broken).is_err(), "{broken}");
    }
}

#[test]
fn unproved_lookup_is_one_request_whatever_is_answered() {
    let stored = Stored::new("K", json!({}));
    for (said, is_found) in [(stored.act(), true), (Act::Send(failure(404, "Membership not found")), false)] {
        let peer = Peer::start([said]);
        let client = peer.client_of(Api::Current).max_retries(0).build().unwrap();
        assert_eq!(matches!(client.membership_unproved("K"), Ok(Lookup::Found(_))), is_found);
        assert_eq!(peer.seen().len(), 1);
    }
}

#[test]
fn membership_by_its_id_is_bound_by_its_id() {
    let shown =
        json!({"id": "mem_12", "status": "active", "license_key": null, "metadata": {}, "product_id": "prod_1"});
    let peer = Peer::start([Act::Send(answer(200, &shown.to_string()))]);
    let client = client(&peer);
    assert!(matches!(client.judge(found(&client, "mem_12"), DEVICE), Ok(Judgement::FirstUse(_))));
    // What Whop answers to the write decides, and this one holds no device.
    assert!(matches!(client.bind("mem_12", DEVICE), Err(Error::BadResponse { .. })));
    assert!(peer.seen().iter().all(|request| request.contains(" /api/v1/memberships/mem_12 ")), "{:?}", peer.seen());
}

#[test]
fn binding_is_not_written_again_by_itself() {
    let reset = Act::Play(crate::support::Script { then: Then::Reset, ..Default::default() });
    for (said, requests) in [
        (Act::SendAndClose(String::new()), 1),
        (reset, 1),
        (Act::Send(failure(409, "Conflict")), 1),
        (Act::SendAndClose(answer(502, "")), 1),
        (Act::SendAndClose(answer(503, "")), 1),
    ] {
        let good = Act::Send(answer(200, &membership(Api::Current, "K").to_string()));
        let peer = Peer::start([said.clone(), good]);
        assert!(client(&peer).bind("K", DEVICE).is_err(), "{said:?}");
        assert_eq!(peer.seen().len(), requests, "{said:?}");
    }
}

#[test]
fn binding_tells_of_the_license_that_was_asked() {
    for said in [
        answer(200, "{}"),
        answer(200, &membership(Api::Current, "ANOTHER").to_string()),
        failure(404, "Membership not found"),
    ] {
        let peer = Peer::start([Act::Send(said)]);
        assert!(matches!(client(&peer).bind("K", DEVICE), Err(Error::BadResponse { .. })));
    }
    let peer = Peer::start([Act::Send(failure(403, "no"))]);
    let error = client(&peer).bind("K", DEVICE).unwrap_err();
    assert!(matches!(error, Error::Forbidden { permission: Some("member:manage"), .. }));
}

#[test]
fn no_device_is_bound_by_clearing_what_is_stored() {
    // An empty object clears all metadata there.
    let stored = Stored::new("K", json!({"note": "VIP", "hwid": "another"}));
    let peer = Peer::start([stored.act()]);
    let refused = client(&peer).bind("K", "{}").unwrap_err();
    assert_eq!(refused.to_string(), "metadata_json: names no device to bind");
    assert!(peer.seen().is_empty());
    assert_eq!(stored.metadata(), json!({"note": "VIP", "hwid": "another"}));
}
