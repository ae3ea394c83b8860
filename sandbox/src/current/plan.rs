//! A plan, or variant, as the current API tells it, by date.

use serde_json::{Map, Value, json};

use crate::current::membership::{UNDECLARED, object};
use crate::current::money::money;
use crate::current::version::Version;
use crate::facts::CURRENT;
use crate::instant::iso8601;
use crate::membership::COMPANY;
use crate::plan::Plan;
use crate::store::Store;

/// The answer about a plan: what was asked for, defaults for the rest, and a member that no document names.
pub fn body(plan: &Plan, store: &Store, version: Version) -> Value {
    let mut fields = fields(plan, store);
    for (name, value) in &mut fields {
        if let Some(given) = plan.given(name).filter(|_| !MADE.contains(&name.as_str())) {
            *value = given.clone();
        }
    }
    fields.retain(|name, _| CURRENT.plan.field(name).is_some_and(|field| field.is_in(version.shape())));
    if version.is_undated() {
        fields.insert("company".to_owned(), json!({ "id": COMPANY, "title": "Sandbox Games" }));
    }
    fields.insert(UNDECLARED.0.to_owned(), json!(UNDECLARED.1));
    Value::Object(fields)
}

/// What is told otherwise than it was asked for.
const MADE: [&str; 4] = ["stock", "unlimited_stock", "custom_fields", "image"];

fn fields(plan: &Plan, store: &Store) -> Map<String, Value> {
    let members = store.member_count(&plan.id);
    let title = store.product(&plan.product).map(|product| product.name);
    object(json!({
        "id": plan.id,
        "product": { "id": plan.product, "title": title },
        "account": { "id": COMPANY, "title": "Sandbox Games" },
        "plan_type": "one_time",
        "release_method": "buy_now",
        "visibility": "visible",
        "currency": "usd",
        "initial_price": 0.0,
        "renewal_price": 0.0,
        "initial_price_due": money(due(plan), plan.currency()),
        "formatted_price": formatted_price(plan),
        "billing_period": null,
        "trial_period_days": null,
        "expiration_days": null,
        "purchase_url": format!("https://whop.com/checkout/{}/", plan.id),
        "title": null,
        "description": null,
        "internal_notes": null,
        "metadata": {},
        "stock": plan.stock(),
        "unlimited_stock": plan.unlimited_stock(),
        "member_count": members,
        "split_pay_required_payments": null,
        "tax_type": plan.given("override_tax_type").cloned().unwrap_or(json!("unspecified")),
        "collect_tax": false,
        "three_ds_level": null,
        "custom_fields": custom_fields(plan),
        "payment_method_configuration": null,
        "effective_payment_method_configuration": plan.given("payment_method_configuration"),
        "adaptive_pricing_enabled": false,
        "checkout_styling": null,
        "image": null,
        "strike_through_initial_price": null,
        "strike_through_renewal_price": null,
        "offer_cancel_discount": false,
        "cancel_discount_percentage": null,
        "cancel_discount_intervals": null,
        "deletable": members == 0,
        "invoice": null,
        "attributes": null,
        "sku": null,
        "created_at": iso8601(plan.created_at),
        "updated_at": iso8601(plan.created_at),
    }))
}

/// The first payment: the first renewal belongs to it, unless a trial comes before.
fn due(plan: &Plan) -> f64 {
    let renewal = match plan.renews() && plan.trial_days().is_none() {
        true => plan.price("renewal_price"),
        false => 0.0,
    };
    plan.price("initial_price") + renewal
}

fn formatted_price(plan: &Plan) -> String {
    let currency = plan.currency().to_uppercase();
    match plan.integer("billing_period").filter(|_| plan.renews()) {
        Some(days) => format!("{currency} {:.2} every {days} days", plan.price("renewal_price")),
        None => format!("{currency} {:.2}", plan.price("initial_price")),
    }
}

/// A question gets its id from Whop, and what it was not given.
fn custom_fields(plan: &Plan) -> Value {
    let asked = plan.given("custom_fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let question = |(place, asked): (usize, &Value)| {
        let mut fields =
            object(json!({ "field_type": "text", "order": place, "placeholder": null, "required": false }));
        match asked {
            Value::Object(asked) => fields.extend(asked.clone()),
            name => fields.extend([("name".to_owned(), name.clone())]),
        }
        fields.insert("id".to_owned(), json!(format!("field_{place}")));
        Value::Object(fields)
    };
    asked.iter().enumerate().map(question).collect()
}
