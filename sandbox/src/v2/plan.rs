//! A plan as v2 tells it.

use serde_json::{Map, Value, json};

use crate::facts::CURRENT;
use crate::membership::COMPANY;
use crate::plan::Plan;

/// The answer about a plan, nothing expanded: what was asked for, and defaults for the rest.
pub fn body(plan: &Plan) -> Map<String, Value> {
    let mut fields = defaults(plan);
    for (name, value) in &mut fields {
        if let Some(given) = plan.given(current_name(name)) {
            *value = given.clone();
        }
    }
    fields.extend([
        ("stock".to_owned(), plan.stock()),
        ("unlimited_stock".to_owned(), json!(plan.unlimited_stock())),
        ("accepted_payment_methods".to_owned(), json!([payment_processor(plan)])),
    ]);
    fields
}

/// As it stands in an expanded membership: fewer fields, and prices as text.
pub fn expanded(plan: &Plan) -> Value {
    let mut fields = body(plan);
    fields.retain(|name, _| EXPANDED.contains(&name.as_str()));
    for name in ["initial_price", "renewal_price"] {
        fields.insert(name.to_owned(), json!(format!("{:?}", plan.price(name))));
    }
    Value::Object(fields)
}

pub fn payment_processor(plan: &Plan) -> &'static str {
    match plan.is_free() {
        true => "free",
        false => "stripe",
    }
}

/// The current API's name of a field of v2's plan request.
pub fn current_name(name: &str) -> &str {
    let renamed = |field: &&crate::facts::Field| field.v2.as_deref() == Some(name);
    CURRENT.plan_request.fields().find(renamed).map_or(name, |field| &field.name)
}

const EXPANDED: &[&str] = &[
    "id",
    "plan_type",
    "release_method",
    "visibility",
    "billing_period",
    "internal_notes",
    "metadata",
    "direct_link",
    "renewal_price",
    "initial_price",
    "base_currency",
    "requirements",
    "release_method_settings",
    "accepted_payment_methods",
    "stock",
    "unlimited_stock",
    "created_at",
    "card_payments",
];

fn defaults(plan: &Plan) -> Map<String, Value> {
    let fields = json!({
        "id": plan.id,
        "company_id": COMPANY,
        "product": plan.product,
        "plan_type": "one_time",
        "release_method": "buy_now",
        "visibility": "visible",
        "billing_period": null,
        "internal_notes": null,
        "payment_link_description": null,
        "metadata": {},
        "direct_link": format!("https://whop.com/checkout/{}/", plan.id),
        "renewal_price": 0.0,
        "initial_price": 0.0,
        "base_currency": "usd",
        "requirements": {},
        "release_method_settings": {},
        "accepted_payment_methods": [],
        "stock": 0,
        "unlimited_stock": true,
        "created_at": plan.created_at,
        "access_pass": plan.product,
        "card_payments": true,
        "custom_fields": [],
        "description": null,
        "allow_multiple_quantity": false,
        "coinbase_commerce_accepted": false,
        "splitit_accepted": false,
        "platform_balance_accepted": false,
        "expiration_days": null,
        "grace_period_days": null,
        "one_per_user": false,
        "refillable": false,
        "short_link": null,
        "trial_period_days": null,
        "paypal_accepted": false,
        "split_pay_required_payments": null,
        "ach_payments": false,
        "cancel_collab_passes": false,
        "cancel_discount_intervals": null,
        "cancel_discount_percentage": null,
        "offer_cancel_discount": false,
        "one_per_company": null,
        "override_tax_type": null,
    });
    match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
