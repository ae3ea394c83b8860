//! The objects of both APIs, read from the samples of their specifications, and from shapes that nobody announced.

#![cfg(test)]

use whop_license::{Expandable, current, v2};

const CURRENT: &str = r#"{"id":"mem_x","status":"completed","user_id":"user_x","product_id":"prod_x","plan_id":"plan_x",
    "license_key":"A1B2C3-D4E5F6-G7H8I9","phone_number":"+15551234","cancel_at_period_end":false,"current_period_end":null,
    "metadata":{"hwid":"3f0c"},"created_at":"2026-09-16T00:04:36.958Z","member":null,"recommended_action":"prose",
    "account":{"id":"biz_x","title":"Shop","route":"shop","logo_url":null},
    "initial_price":{"amount":"10.00","currency":"usd","decimals":2,"display_decimals":2}}"#;

const V2: &str = r#"{"id":"mem_x","product":"prod_x","user":{"id":"user_x","username":"neo","email":"user@example.com"},
    "plan":{"id":"plan_x","plan_type":"renewal","renewal_price":"0.0","initial_price":"19.99","created_at":"2023-05-09"},
    "email":"user@example.com","status":"completed","valid":true,"cancel_at_period_end":false,"payment_processor":"free",
    "license_key":"BETA-XXXXXX-XXXXXXXX-XXXXXXW","metadata":{"hwid":"3f0c"},"quantity":1,"wallet_address":null,
    "custom_fields_responses":{},"discord":null,"nft_tokens":[],"expires_at":4102444800,"renewal_period_start":null,
    "created_at":1683649445,"access_pass":"prod_x"}"#;

fn read<'a, T: serde::Deserialize<'a>>(json: &'a str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

#[test]
fn sample_of_the_current_api_is_read() {
    let membership: current::Membership = read(CURRENT);
    assert_eq!(membership.status, Some(current::MembershipStatus::Completed));
    assert_eq!(membership.product_id.as_deref(), Some("prod_x"));
    assert_eq!(membership.created_at.as_deref(), Some("2026-09-16T00:04:36.958Z"));
    assert_eq!(membership.current_period_end, None);
    assert!(membership.member.is_none());
    assert_eq!(membership.account.unwrap().title.as_deref(), Some("Shop"));
    assert_eq!(membership.initial_price.unwrap().amount.as_deref(), Some("10.00"));
}

#[test]
fn sample_of_api_v2_is_read() {
    let membership: v2::Membership = read(V2);
    assert_eq!((membership.status, membership.valid), (Some(v2::MembershipStatus::Completed), Some(true)));
    assert_eq!(membership.payment_processor, Some(v2::PaymentProcessor::Free));
    assert_eq!(membership.expires_at, Some(4_102_444_800), "beyond 32 bits of seconds");
    assert!(matches!(membership.product, Some(Expandable::Id(id)) if id == "prod_x"));
    assert_eq!(membership.user.as_ref().and_then(Expandable::object).unwrap().username.as_deref(), Some("neo"));
    let plan = membership.plan.as_ref().and_then(Expandable::object).unwrap();
    assert_eq!((plan.initial_price, plan.renewal_price), (Some(19.99), Some(0.0)));
    assert_eq!(plan.created_at, None, "a date where Unix seconds were promised");
}

#[test]
fn what_does_not_fit_reads_as_none() {
    let odd = r#"{"id":7,"status":"frozen","metadata":[],"account":"biz_x","split_pay_required_payments":"3"}"#;
    let membership: current::Membership = read(odd);
    assert_eq!((membership.id, membership.metadata), (None, None));
    assert_eq!(membership.status, Some(current::MembershipStatus::Other("frozen".to_owned())));
    assert_eq!((membership.account.is_none(), membership.split_pay_required_payments), (true, None));
    let membership: v2::Membership = read(r#"{"product":["prod_x"],"expires_at":1.5,"discord":7}"#);
    assert!(membership.product.is_none() && membership.expires_at.is_none() && membership.discord.is_none());
}

#[test]
fn debug_shows_nothing_of_the_buyer() {
    let (current, v2): (current::Membership, v2::Membership) = (read(CURRENT), read(V2));
    let user = v2.user.clone();
    let shown = format!("{current:?} {v2:?} {:?}", user.as_ref().and_then(Expandable::object).unwrap());
    assert!(shown.contains("Completed"), "{shown}");
    for secret in ["neo", "user@", "A1B2C3", "BETA-", "3f0c", "+1555"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

#[test]
fn request_holds_what_was_given_and_nothing_else() {
    let current = current::PlanRequest {
        product_id: Some("prod_x".to_owned()),
        currency: Some("eur".to_owned()),
        plan_type: Some(current::PlanType::OneTime),
        initial_price: Some(10.43),
        custom_fields: Some(vec![current::CustomField { name: Some("Nick".to_owned()), ..Default::default() }]),
        ..Default::default()
    };
    assert_eq!(
        serde_json::to_string(&current).unwrap(),
        r#"{"product_id":"prod_x","plan_type":"one_time","currency":"eur","initial_price":10.43,"custom_fields":[{"name":"Nick"}]}"#
    );
    let v2 = v2::PlanRequest { base_currency: Some("eur".to_owned()), ..Default::default() };
    assert_eq!(serde_json::to_string(&v2).unwrap(), r#"{"base_currency":"eur"}"#);
}
