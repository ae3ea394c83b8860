//! Whop's objects as they really come: as ids, expanded, incomplete, and with fields of shapes that nobody announced.
//! `tests/fields.rs` reads every field; here is what both APIs have in common.

#![cfg(test)]

mod support;

use serde_json::{Value, json};
use support::{Act, BOTH, DEVICE, Peer, answer, membership, plan};
use whop_license::{Api, Membership, Plan, Verdict};

/// The membership of an answer that entitles, with these changes.
fn shown(api: Api, changes: Value) -> Box<Membership> {
    let mut body = membership(api, "K");
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    read(api, &body.to_string())
}

fn read(api: Api, body: &str) -> Box<Membership> {
    let peer = Peer::start([Act::Send(answer(201, body))]);
    match peer.client_of(api).build().unwrap().validate_license("K", DEVICE) {
        Ok(Verdict::Allowed(membership)) => membership,
        other => panic!("{other:?}"),
    }
}

fn created(api: Api, body: &str) -> Plan {
    let peer = Peer::start([Act::Send(answer(201, body))]);
    peer.client_of(api).build().unwrap().create_plan(plan()).unwrap()
}

#[test]
fn facts_that_do_not_depend_on_the_api_are_the_same() {
    let end = 1_789_516_800;
    for (api, changes) in [
        (Api::Current, json!({"current_period_end": "2026-09-16T00:00:00.958Z"})),
        (Api::V2, json!({"expires_at": end})),
    ] {
        let membership = shown(api, changes);
        assert_eq!(membership.id(), Some("mem_12"));
        assert_eq!(membership.status(), Some("active"));
        assert_eq!((membership.product_id(), membership.plan_id()), (Some("prod_1"), Some("plan_2")));
        assert_eq!(membership.expires_at(), Some(end), "{api:?}");
        assert_eq!((membership.current().is_some(), membership.v2().is_some()), (api == Api::Current, api == Api::V2));
    }
}

#[test]
fn time_that_a_membership_ends_is_that_of_its_api() {
    let current = |changes| shown(Api::Current, changes).expires_at();
    let v2 = |changes| shown(Api::V2, changes).expires_at();
    for api in BOTH {
        assert_eq!(shown(api, json!({})).expires_at(), None, "it does not end");
    }
    assert_eq!(current(json!({"current_period_end": "2100-01-01T00:00:00Z"})), Some(4_102_444_800));
    assert_eq!(current(json!({"current_period_end": "1970-01-01T00:00:00Z"})), Some(0));
    assert_eq!(current(json!({"expires_at": "2100-01-01T00:00:00Z", "current_period_end": null})), Some(4_102_444_800));
    assert_eq!(
        current(json!({"expires_at": "2100-01-01T00:00:00Z", "current_period_end": "2050-01-01T00:00:00Z"})),
        Some(4_102_444_800)
    );
    for odd in
        [json!("soon"), json!(""), json!(4_102_444_800_i64), json!(["2100-01-01T00:00:00Z"]), json!("2100-13-41")]
    {
        assert_eq!(current(json!({"current_period_end": odd})), None, "{odd}");
    }
    assert_eq!(v2(json!({"expires_at": 4_102_444_800_i64})), Some(4_102_444_800), "beyond 32 bits of seconds");
    for odd in [json!("4102444800"), json!(1e30), json!(1.5), json!("2100-01-01T00:00:00Z"), json!([1])] {
        assert_eq!(v2(json!({"expires_at": odd})), None, "{odd}");
    }
    // The times of the other API are nobody's.
    assert_eq!(v2(json!({"current_period_end": "2100-01-01T00:00:00Z"})), None);
}

#[test]
fn id_is_found_whether_it_was_expanded_or_not() {
    for (changes, product, plan) in [
        (
            json!({"product": {"id": "prod_7", "name": "Game"}, "plan": {"id": "plan_7"}}),
            Some("prod_7"),
            Some("plan_7"),
        ),
        (json!({"product": null, "access_pass": "prod_8", "plan": null}), Some("prod_8"), None),
        (json!({"product": [], "access_pass": "prod_8", "plan": ["plan_7"]}), None, None),
        (json!({"product": {"name": "Game"}, "plan": 7}), None, None),
    ] {
        let membership = shown(Api::V2, changes.clone());
        assert_eq!((membership.product_id(), membership.plan_id()), (product, plan), "{changes}");
    }
    let current = shown(Api::Current, json!({"product_id": 7, "plan_id": {"id": "plan_7"}}));
    assert_eq!((current.product_id(), current.plan_id()), (None, None));
}

#[test]
fn json_is_reachable_as_it_was_sent() {
    for api in BOTH {
        let body = format!(" {} ", membership(api, "K")).replace(r#""plan_2""#, r#""plan_2", "new_field":{"a":[7]}"#);
        let membership = read(api, &body);
        assert_eq!(membership.answer().json(), Some(&*body));
        assert_eq!(membership.answer().value().unwrap()["new_field"]["a"][0], 7);
        assert_eq!(membership.answer().http_status(), 201);
    }
}

#[test]
fn created_plan_has_its_id_and_product() {
    for (api, product) in [
        (Api::Current, r#"{"id":"prod_1","title":"Game"}"#),
        (Api::V2, r#""prod_1""#),
        (Api::V2, r#"{"id":"prod_1","name":"Game"}"#),
    ] {
        let plan = created(api, &format!(r#"{{"id":"plan_1","product":{product},"initial_price":10.43}}"#));
        assert_eq!((plan.id(), plan.product_id()), ("plan_1", Some("prod_1")));
        let prices =
            [plan.current().and_then(|plan| plan.initial_price), plan.v2().and_then(|plan| plan.initial_price)];
        assert_eq!(prices, if api == Api::Current { [Some(10.43), None] } else { [None, Some(10.43)] });
    }
    for api in BOTH {
        assert_eq!(created(api, r#"{"id":"plan_1","product":null}"#).product_id(), None, "a plan that stands alone");
    }
}

#[test]
fn price_reads_as_in_every_language() {
    for line in include_str!("prices.txt").lines().skip(1) {
        let (price, number) = line.rsplit_once(' ').unwrap();
        let expected = (number != "-").then(|| number.parse().unwrap());
        let body = format!(r#"{{"id":"plan_1","initial_price":{price}}}"#);
        assert_eq!(created(Api::Current, &body).current().unwrap().initial_price, expected, "{line}");
        assert_eq!(created(Api::V2, &body).v2().unwrap().initial_price, expected, "{line}");
    }
}

#[test]
fn debug_shows_nothing_of_the_buyer() {
    for api in BOTH {
        let personal = json!({"email": "b@example.com", "user": {"email": "b@example.com"}, "phone_number": "+1555"});
        let membership = shown(api, personal);
        let said = format!("{membership:?} {:?} {:?}", membership.current(), membership.v2());
        assert!(said.contains("active") || said.contains("Active"), "{said}");
        for secret in ["b@example", "+1555", "this-device", "\"K\""] {
            assert!(!said.contains(secret), "{secret}: {said}");
        }
    }
}
