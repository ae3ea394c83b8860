//! A membership as v2 tells it.

use serde_json::{Value, json};

use crate::membership::{COMPANY, EMAIL, Fault, Membership, PHONE, USER};
use crate::product::Product;
use crate::store::Store;
use crate::v2::expand::Expand;

/// The answer about a membership; what is expanded, and is there, is an object.
pub fn body(membership: &Membership, store: &Store, expand: &Expand) -> Value {
    let plan = store.plan(&membership.plan);
    let expanded = |name| expand.has(name).then_some(());
    let product = expanded("product").and_then(|()| store.product(&membership.product));
    let promo_code = expanded("promo_code").and(membership.promo_code);
    let mut body = json!({
        "id": membership.id,
        "company_id": COMPANY,
        "product": product.map_or(json!(membership.product), |product| product_body(product, store)),
        "user": expanded("user").map_or(json!(USER), |()| user()),
        "plan": expanded("plan").and(plan).map_or(json!(membership.plan), super::plan::expanded),
        "promo_code": promo_code.map_or(json!(membership.promo_code), |id| json!({ "id": id })),
        "email": EMAIL,
        "stripe_subscription_id": null,
        "stripe_customer_id": null,
        "status": membership.status,
        "valid": membership.entitles(),
        "cancel_at_period_end": membership.cancels(),
        "payment_processor": plan.map(super::plan::payment_processor),
        "license_key": membership.license_key,
        "metadata": membership.metadata,
        "acquisition_data": null,
        "quantity": 1,
        "wallet_address": null,
        "custom_field_responses": [],
        "custom_fields_responses": {},
        "custom_fields_responses_v2": null,
        "discord": { "id": "100000000000000000", "username": "buyer_on_discord", "image_url": null },
        "nft_tokens": [],
        "expires_at": membership.ends_at,
        "renewal_period_start": membership.period_start,
        "renewal_period_end": membership.period_end(),
        "created_at": membership.created_at,
        "manage_url": format!("https://whop.com/hub/{}/", membership.id),
        "affiliate_page_url": "https://whop.com/sandbox/?a=buyer",
        "checkout_session": null,
        "affiliate_username": "buyer",
        "access_pass": membership.product,
        "telegram_account_id": null,
        "phone_number": PHONE,
        "split_pay_required_payments": null,
    });
    if let (Some(Fault::NoVerdict), Some(fields)) = (membership.fault, body.as_object_mut()) {
        fields.remove("valid");
    }
    body
}

fn user() -> Value {
    json!({ "id": USER, "username": "buyer", "email": EMAIL, "profile_pic_url": null, "social_accounts": [] })
}

/// A product as it stands in an answer that expands it.
pub fn product_body(product: &Product, store: &Store) -> Value {
    let plans: Vec<&str> =
        store.plans.iter().filter(|plan| plan.product == product.id).map(|plan| plan.id.as_str()).collect();
    json!({
        "id": product.id,
        "name": product.name,
        "visibility": "visible",
        "created_at": product.created_at,
        "experiences": [],
        "plans": plans,
    })
}
