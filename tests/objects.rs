//! Whop's objects as they really come: as ids, expanded, incomplete, and with fields of shapes that nobody announced.

#![cfg(test)]

mod support;

use support::{Act, Peer, answer};
use whop_license::{Expandable, Membership, MembershipStatus, PaymentProcessor, Plan, PlanRequest, PlanType, Verdict};

fn membership(body: &str) -> Box<Membership> {
    let peer = Peer::start([Act::Send(answer(201, body))]);
    match peer.client().build().unwrap().validate_license("K", "{}") {
        Ok(Verdict::Allowed(membership)) => membership,
        other => panic!("{other:?}"),
    }
}

fn plan(body: &str) -> Plan {
    let peer = Peer::start([Act::Send(answer(201, body))]);
    peer.client().build().unwrap().create_plan(&PlanRequest::default()).unwrap()
}

#[test]
fn membership_with_ids_is_typed_and_its_json_reachable() {
    let body = r#"{"id":"mem_1","product":"prod_1","user":"user_1","plan":"plan_1","email":"user@example.com",
        "status":"completed","valid":true,"cancel_at_period_end":false,"payment_processor":"free",
        "license_key":"K","metadata":{"hwid":"3f0c"},"quantity":1,"wallet_address":null,
        "custom_fields_responses":{},"discord":null,"nft_tokens":[],"expires_at":4102444800,
        "renewal_period_start":null,"created_at":1683649445,"access_pass":"prod_1","new_field":{"a":[7]}}"#;
    let membership = membership(body);
    assert_eq!(membership.id.as_deref(), Some("mem_1"));
    assert!(matches!(&membership.product, Some(Expandable::Id(id)) if id == "prod_1"));
    assert_eq!(membership.status, Some(MembershipStatus::Completed));
    assert_eq!(membership.payment_processor, Some(PaymentProcessor::Free));
    assert_eq!(membership.expires_at, Some(4_102_444_800), "beyond 32 bits of seconds");
    assert_eq!(membership.renewal_period_start, None);
    assert!(membership.metadata.as_ref().is_some_and(|metadata| metadata["hwid"] == "3f0c"));
    assert_eq!(membership.answer().json(), Some(body));
    assert_eq!(membership.answer().value().unwrap()["new_field"]["a"][0], 7);
}

#[test]
fn expanded_objects_are_typed_with_prices_that_are_strings() {
    let membership = membership(
        r#"{"id":"mem_1","valid":true,"product":{"id":"prod_1","name":"Game","experiences":[],"plans":["plan_1"]},
            "user":{"id":"user_1","username":"neo","email":"user@example.com","social_accounts":[{}]},
            "plan":{"id":"plan_1","plan_type":"renewal","renewal_price":"0.0","initial_price":"19.99",
                    "accepted_payment_methods":["free"],"created_at":"2023-05-09"},
            "promo_code":{"id":"promo_1"}}"#,
    );
    let plan = membership.plan.as_ref().and_then(Expandable::object).unwrap();
    assert_eq!(plan.plan_type, Some(PlanType::Renewal));
    assert_eq!((plan.initial_price, plan.renewal_price), (Some(19.99), Some(0.0)));
    assert_eq!(plan.created_at, None, "a date where Unix seconds were promised");
    let product = membership.product.as_ref().and_then(Expandable::object).unwrap();
    assert_eq!(product.name.as_deref(), Some("Game"));
    let user = membership.user.as_ref().and_then(Expandable::object).unwrap();
    assert_eq!(user.username.as_deref(), Some("neo"));
    assert!(membership.promo_code.as_ref().and_then(Expandable::object).is_some());
}

#[test]
fn field_of_an_unknown_shape_reads_as_none_and_an_unknown_name_as_other() {
    let membership = membership(
        r#"{"id":"mem_1","valid":true,"company_id":7,"quantity":"many","metadata":[],"product":[],"email":{},
            "status":"drafted","payment_processor":"barter","expires_at":1e30}"#,
    );
    assert!(membership.company_id.is_none() && membership.quantity.is_none() && membership.metadata.is_none());
    assert!(membership.product.is_none() && membership.email.is_none() && membership.expires_at.is_none());
    assert_eq!(membership.status, Some(MembershipStatus::Other("drafted".into())));
    assert_eq!(membership.payment_processor, Some(PaymentProcessor::Other("barter".into())));
}

#[test]
fn plan_prices_are_numbers_or_strings() {
    let plan = plan(r#"{"id":"plan_1","initial_price":10.43,"renewal_price":"5","stock":null,"visibility":"hidden"}"#);
    assert_eq!((plan.initial_price, plan.renewal_price), (Some(10.43), Some(5.0)));
    assert_eq!(plan.id.as_deref(), Some("plan_1"));
}

#[test]
fn price_reads_as_in_every_language() {
    for line in include_str!("prices.txt").lines().skip(1) {
        let (price, number) = line.rsplit_once(' ').unwrap();
        let expected = (number != "-").then(|| number.parse().unwrap());
        let plan = plan(&format!(r#"{{"id":"plan_1","initial_price":{price}}}"#));
        assert_eq!(plan.initial_price, expected, "{line}");
    }
}
