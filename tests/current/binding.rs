//! A device is bound at first use, once status and product are yes, and is let in when it reads itself back.

use serde_json::{Value, json};
use whop_license::{Api, Client, Error, Verdict};

use crate::support::{Act, DEVICE, Peer, Stored, Then, answer, failure, membership, status_of};

fn client(peer: &Peer) -> Client {
    peer.client_of(Api::Current).product_id("prod_1").build().unwrap()
}

/// The method of each request.
fn methods(peer: &Peer) -> String {
    peer.seen().iter().map(|request| request.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

/// The membership with these changes.
fn shown(changes: Value) -> Act {
    let mut shown = membership(Api::Current, "K");
    shown.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    Act::Send(answer(200, &shown.to_string()))
}

fn free() -> Act {
    shown(json!({"metadata": {}}))
}

fn ours() -> Act {
    shown(json!({}))
}

fn anothers() -> Act {
    shown(json!({"metadata": {"hwid": "another"}}))
}

/// What a check of this device comes to with this stored: the status, whether it was written, and what is stored then.
fn check(stored: &Value, device: &Value) -> (i32, bool, Value) {
    let license = Stored::new("K", stored.clone());
    let peer = Peer::start([license.act()]);
    let status = status_of(&client(&peer).validate_license("K", &*device.to_string()));
    let is_written = match &*methods(&peer) {
        "GET" => false,
        "GET PATCH GET" => true,
        other => panic!("{stored} {device}: {other}"),
    };
    (status, is_written, license.metadata())
}

#[test]
fn stored_value_is_this_device_or_another_or_none() {
    let device = json!({"hwid": "this-device"});
    for stored in [json!({"hwid": "this-device"}), json!({"hwid": "this-device", "note": "VIP", "HWID": "another"})] {
        assert_eq!(check(&stored, &device), (0, false, stored.clone()), "bound to this device");
    }
    for value in [
        json!("another"),
        json!(""),
        json!("This-Device"),
        json!("this-device "),
        json!("released:"),
        json!("released:soon"),
        json!("released:-1"),
        json!("released:1.5"),
        json!("released: 1"),
        json!("released:1 "),
        json!("Released:1"),
        json!("xreleased:1"),
        json!("released:\u{661}"),
        json!(7),
        json!(false),
        json!(["this-device"]),
        json!({"hwid": "this-device"}),
    ] {
        let stored = json!({"hwid": value, "note": "VIP"});
        assert_eq!(check(&stored, &device), (102, false, stored.clone()), "bound to another: {value}");
    }
    for value in [None, Some(Value::Null), Some(json!("released:1789516800")), Some(json!("released:0"))] {
        let mut stored = json!({"note": "VIP", "HWID": "another", "hwid2": 7, "": "x"});
        let mut after = stored.clone();
        after["hwid"] = "this-device".into();
        if let Some(value) = value.clone() {
            stored["hwid"] = value;
        }
        assert_eq!(check(&stored, &device), (0, true, after), "free: {value:?}");
    }
    assert_eq!(check(&json!({}), &device), (0, true, device.clone()));
}

#[test]
fn every_pair_must_be_stored_and_equal() {
    let device = json!({"a": "1", "b": "2"});
    for (stored, expected, is_written) in [
        (json!({"a": "1", "b": "2"}), 0, false),
        (json!({"a": "1", "b": "2", "c": "9"}), 0, false),
        (json!({"a": "1"}), 0, true),
        (json!({"b": "2", "c": "9"}), 0, true),
        (json!({"a": "1", "b": null}), 0, true),
        (json!({"a": "released:1", "b": "2"}), 0, true),
        (json!({"c": "9"}), 0, true),
        (json!({"a": "1", "b": "3"}), 102, false),
        (json!({"b": "3"}), 102, false),
        (json!({"a": "2", "b": "1"}), 102, false),
        (json!({"a": "released:1", "b": "3"}), 102, false),
    ] {
        let (status, written, after) = check(&stored, &device);
        assert_eq!((status, written), (expected, is_written), "{stored}");
        if written {
            assert_eq!((&after["a"], &after["b"], &after["c"]), (&json!("1"), &json!("2"), &stored["c"]));
        }
    }
}

#[test]
fn empty_metadata_binds_nothing_and_asks_for_no_device() {
    for stored in [json!({}), json!({"hwid": "another"}), json!({"hwid": 7})] {
        assert_eq!(check(&stored, &json!({})), (0, false, stored.clone()));
    }
    let peer = Peer::start([shown(json!({"status": "expired"}))]);
    assert_eq!(status_of(&client(&peer).validate_license("K", "{}")), 101);
    // Not even that the answer tells of it.
    let peer = Peer::start([shown(json!({"metadata": 7}))]);
    assert_eq!(status_of(&client(&peer).validate_license("K", "{}")), 0);
}

#[test]
fn nothing_is_bound_before_status_and_product_are_yes() {
    for (changes, status) in [
        (json!({"status": "expired"}), 101),
        (json!({"status": "canceled"}), 101),
        (json!({"status": "unresolved"}), 101),
        (json!({"status": "drafted"}), 101),
        (json!({"status": "something_new"}), 101),
        (json!({"status": null}), 101),
        (json!({"product_id": "prod_2"}), 103),
        (json!({"product_id": null}), 304),
        (json!({"product_id": "PROD_1"}), 304),
        (json!({"license_key": "ANOTHER"}), 304),
        (json!({"license_key": null}), 304),
        (json!({"metadata": []}), 304),
    ] {
        let mut all = json!({"metadata": {}});
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let peer = Peer::start([shown(all)]);
        assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), status, "{changes}");
        assert_eq!(methods(&peer), "GET", "{changes}");
    }
    // The grace period, where the seller grants none.
    let peer = Peer::start([shown(json!({"status": "past_due", "metadata": {}}))]);
    let strict = peer.client_of(Api::Current).allow_past_due(false).build().unwrap();
    assert_eq!((status_of(&strict.validate_license("K", DEVICE)), &*methods(&peer)), (101, "GET"));
}

#[test]
fn what_is_read_back_is_judged_and_not_what_was_written() {
    for (read_back, status) in [
        (ours(), 0),
        (anothers(), 102),
        (shown(json!({"status": "expired"})), 101),
        (shown(json!({"product_id": "prod_2"})), 103),
        (shown(json!({"license_key": "ANOTHER"})), 304),
        // It was there a moment ago.
        (Act::Send(failure(404, "Membership not found")), 304),
        (Act::Send(failure(401, "no")), 201),
        (Act::Send(failure(403, "no")), 202),
        (Act::Send(failure(429, "wait")), 302),
        (Act::Send(failure(500, "trouble")), 303),
        (Act::Send(answer(200, "<html>")), 304),
        (Act::StayMute, 301),
    ] {
        // The answer to the PATCH says yes, whatever is read then.
        let peer = Peer::start([free(), ours(), read_back.clone()]);
        let mut settings = peer.client_of(Api::Current);
        settings.product_id("prod_1").timeout(std::time::Duration::from_secs(1));
        let outcome = settings.build().unwrap().validate_license("K", DEVICE);
        assert_eq!(status_of(&outcome), status, "{read_back:?}: {outcome:?}");
        assert!(methods(&peer).starts_with("GET PATCH GET"), "{}", methods(&peer));
    }
}

#[test]
fn device_that_was_written_and_is_not_stored_is_no_yes_and_not_written_forever() {
    for stored in [free(), shown(json!({"metadata": {"hwid": "released:7"}})), shown(json!({"metadata": null}))] {
        let peer = Peer::start([free(), ours(), stored]);
        let error = client(&peer).validate_license("K", DEVICE).unwrap_err();
        let fault = "the answer cannot be used: the device was written into the membership, which does not hold it";
        assert_eq!(error.to_string(), fault);
        assert_eq!(methods(&peer), "GET PATCH GET");
    }
}

#[test]
fn update_that_is_refused_keeps_its_status() {
    for (said, status) in [
        (failure(400, "nothing to update"), 203),
        (failure(401, "no"), 201),
        (failure(404, "Membership not found"), 304),
        (failure(410, "gone"), 203),
        (failure(422, "too long"), 203),
        (failure(429, "Try again in 12 seconds."), 302),
        (failure(500, "trouble"), 303),
        (answer(302, ""), 304),
        (answer(200, "{}"), 304),
        (answer(200, "<html>"), 304),
        (answer(200, &membership(Api::Current, "ANOTHER").to_string()), 304),
    ] {
        let peer = Peer::start([free(), Act::Send(said.clone())]);
        assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), status, "{said}");
        assert_eq!(methods(&peer), "GET PATCH", "{said}");
    }
}

#[test]
fn reason_of_a_refused_update_holds_neither_key_nor_device() {
    let peer = Peer::start([free(), Act::Send(failure(422, "KEY apik_secret K this-device is too long"))]);
    let said = client(&peer).validate_license("K", DEVICE).unwrap_err().to_string();
    assert!(said.contains("is too long") && !said.contains("apik_secret") && !said.contains("this-device"), "{said}");
}

#[test]
fn key_that_can_only_read_confirms_what_is_bound_and_names_what_it_lacks_for_the_rest() {
    let read_only = |stored: Value| {
        let license = Stored::new("K", stored);
        Act::ask(move |request| match request.starts_with("PATCH ") {
            true => Act::Send(failure(403, "Missing permission")),
            false => Act::Send(license.answer(request)),
        })
    };
    let peer = Peer::start([read_only(json!({"hwid": "this-device"}))]);
    assert_eq!(status_of(&client(&peer).validate_license("K", DEVICE)), 0);
    assert_eq!(status_of(&client(&peer).validate_license("K", r#"{"hwid":"x"}"#)), 102);
    let peer = Peer::start([read_only(json!({}))]);
    let error = client(&peer).validate_license("K", DEVICE).unwrap_err();
    assert!(matches!(error, Error::Forbidden { permission: Some("member:manage"), .. }), "{error:?}");
    assert!(error.to_string().contains("member:manage"), "{error}");
    assert_eq!(methods(&peer), "GET PATCH");
}

/// The ways to lose the answer to a request.
fn losses() -> Vec<Act> {
    let reset = crate::support::Script { then: Then::Reset, ..Default::default() };
    vec![
        Act::SendAndClose(String::new()),
        Act::SendAndClose("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".into()),
        Act::Play(reset),
        Act::SendAndClose(answer(502, "<html>")),
        Act::SendAndClose(answer(503, "")),
        Act::SendAndClose(answer(504, "{}")),
        Act::Send(failure(409, "Conflict")),
    ]
}

#[test]
fn after_a_lost_answer_it_is_read_first() {
    for lost in losses() {
        for (acts, status, expected) in [
            // Another device came in between: it stays bound.
            (vec![free(), lost.clone(), anothers()], 102, "GET PATCH GET"),
            // It had arrived, and is not written again.
            (vec![free(), lost.clone(), ours()], 0, "GET PATCH GET"),
            // It had not.
            (vec![free(), lost.clone(), free(), ours(), ours()], 0, "GET PATCH GET PATCH GET"),
            (vec![free(), lost.clone(), shown(json!({"status": "expired", "metadata": {}}))], 101, "GET PATCH GET"),
        ] {
            let peer = Peer::start(acts);
            let outcome = client(&peer).validate_license("K", DEVICE);
            assert_eq!((status_of(&outcome), &*methods(&peer)), (status, expected), "{lost:?}: {outcome:?}");
            let bodies: Vec<_> = peer.seen().iter().filter(|it| it.starts_with("PATCH")).cloned().collect();
            assert!(bodies.iter().all(|body| *body == bodies[0]), "{lost:?}: the same bytes");
        }
    }
}

#[test]
fn retries_are_of_the_call_and_not_of_each_request() {
    let lost = Act::SendAndClose(String::new());
    for (retries, expected) in [(0, "GET PATCH"), (1, "GET PATCH GET PATCH"), (2, "GET PATCH GET PATCH GET PATCH")] {
        let peer =
            Peer::start([free(), lost.clone(), free(), lost.clone(), free(), lost.clone(), free(), lost.clone()]);
        let client = peer.client_of(Api::Current).max_retries(retries).build().unwrap();
        assert!(matches!(client.validate_license("K", DEVICE), Err(Error::NoAnswer { .. })));
        assert_eq!(methods(&peer), expected);
    }
    // One retry, which the look up has used.
    let peer = Peer::start([lost.clone(), free(), lost]);
    let client = peer.client_of(Api::Current).max_retries(1).build().unwrap();
    assert!(matches!(client.validate_license("K", DEVICE), Err(Error::NoAnswer { .. })));
    assert_eq!(methods(&peer), "GET GET PATCH");
}

#[test]
fn conflict_that_stays_leaves_the_outcome_unknown() {
    let conflict = Act::Send(failure(409, "Conflict"));
    let peer = Peer::start([free(), conflict.clone(), free(), conflict.clone(), free(), conflict]);
    let outcome = client(&peer).validate_license("K", DEVICE);
    assert_eq!(status_of(&outcome), 301, "{outcome:?}");
    assert_eq!(methods(&peer), "GET PATCH GET PATCH GET PATCH");
}

#[test]
fn check_after_a_lost_binding_is_allowed_without_writing_again() {
    let license = Stored::new("K", json!({}));
    let peer = Peer::start([license.act(), license.but(Act::SendAndClose(String::new())), license.act()]);
    let client = peer.client_of(Api::Current).max_retries(0).build().unwrap();
    assert!(matches!(client.validate_license("K", DEVICE), Err(Error::NoAnswer { .. })));
    assert!(matches!(client.validate_license("K", DEVICE), Ok(Verdict::Allowed(_))));
    assert_eq!(methods(&peer), "GET PATCH GET");
}

#[test]
fn device_id_of_this_machine_is_bound_under_its_name() {
    let license = Stored::new("K", json!({"hwid": "an-older-tool's"}));
    let peer = Peer::start([license.act()]);
    let mut settings = peer.client_of(Api::Current);
    settings.device_id("console-7").metadata_key("device");
    assert_eq!(status_of(&settings.build().unwrap().validate_license("K", None)), 0);
    assert_eq!(license.metadata(), json!({"hwid": "an-older-tool's", "device": "console-7"}));
}
