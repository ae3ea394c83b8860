//! A membership as the current API tells it, by date.

use serde_json::{Map, Value, json};

use crate::api_keys::{ApiKey, Right};
use crate::current::money::money;
use crate::current::version::Version;
use crate::facts::CURRENT;
use crate::instant::iso8601;
use crate::membership::{COMPANY, EMAIL, Fault, Membership, PHONE, USER};
use crate::store::Store;

/// A member that no document names, as Whop has sent one.
pub const UNDECLARED: (&str, &str) = ("recommended_action", "Nothing to do: no document names this member.");

/// The answer about a membership: the fields of that date, and one that no date has.
pub fn body(membership: &Membership, store: &Store, key: ApiKey, version: Version) -> Value {
    let mut fields = dated(membership, store, key);
    fields.retain(|name, _| CURRENT.membership.field(name).is_some_and(|field| field.is_in(version.shape())));
    if version.is_undated() {
        fields.append(&mut undated(membership, store));
    }
    if membership.fault == Some(Fault::NoVerdict) {
        fields.remove("status");
    }
    fields.insert(UNDECLARED.0.to_owned(), json!(UNDECLARED.1));
    Value::Object(fields)
}

/// Every field that a dated shape has.
fn dated(membership: &Membership, store: &Store, key: ApiKey) -> Map<String, Value> {
    let plan = store.plan(&membership.plan);
    let price = |name| plan.map(|plan| money(plan.price(name), plan.currency()));
    let renews = membership.period_start.is_some();
    let ends_at = membership.ends_at.map(iso8601);
    let canceled_at = membership.ends_at.filter(|_| membership.cancels()).map(|_| iso8601(membership.updated_at));
    let (action, action_at) = last_action(membership);
    object(json!({
        "id": membership.id,
        "status": membership.status,
        "license_key": membership.license_key,
        "metadata": membership.metadata,
        "product_id": membership.product,
        "plan_id": membership.plan,
        "user_id": USER,
        "account": { "id": COMPANY, "title": "Sandbox Games", "route": "sandbox-games", "logo_url": null },
        "member": null,
        "created_at": iso8601(membership.created_at),
        "current_period_end": ends_at,
        "cancel_at_period_end": membership.cancels(),
        "phone_number": PHONE,
        "updated_at": iso8601(membership.updated_at),
        "current_period_start": membership.period_start.map(iso8601),
        "billing_period_days": plan.filter(|_| renews).and_then(|plan| plan.integer("billing_period")),
        "canceled_at": canceled_at,
        "cancellation_reason": null,
        "manage_url": key.holds(Right::ManageMemberships).then(|| format!("https://whop.com/hub/{}/", membership.id)),
        "promo_code_id": membership.promo_code,
        "affiliate": null,
        "cancel_option": null,
        "collection_method": "charge_automatically",
        "expires_at": ends_at.filter(|_| !renews),
        "feedback_option": null,
        "initial_price": price("initial_price"),
        "renewal_price": price("renewal_price").filter(|_| renews),
        "member_id": "mber_sandbox",
        "most_recent_action": action,
        "most_recent_action_at": action_at.map(iso8601),
        "product": product(membership, store),
        "split_pay_current_payments": null,
        "split_pay_required_payments": null,
    }))
}

/// What the shape without a date has in place of a dated one's fields.
fn undated(membership: &Membership, store: &Store) -> Map<String, Value> {
    let plan = store.plan(&membership.plan);
    let mut product = product(membership, store);
    if let Some(product) = product.as_object_mut() {
        product.remove("logo_url");
        product.insert("metadata".to_owned(), json!({}));
    }
    object(json!({
        "product": product,
        "plan": { "id": membership.plan, "metadata": plan.map(|plan| plan.metadata()) },
        "user": { "id": USER, "username": "buyer", "name": null, "email": EMAIL },
        "company": { "id": COMPANY, "title": "Sandbox Games" },
        "member": { "id": "mber_sandbox" },
        "promo_code": membership.promo_code.map(|id| json!({ "id": id })),
        "renewal_period_start": membership.period_start.map(iso8601),
        "renewal_period_end": membership.period_end().map(iso8601),
        "joined_at": iso8601(membership.created_at),
        "currency": plan.map(|plan| plan.currency()),
        "payment_collection_paused": false,
        "checkout_configuration_id": null,
        "custom_field_responses": [],
    }))
}

fn product(membership: &Membership, store: &Store) -> Value {
    let title = store.product(&membership.product).map(|product| product.name);
    json!({ "id": membership.product, "title": title, "logo_url": null })
}

fn last_action(membership: &Membership) -> (Option<&'static str>, Option<i64>) {
    let action = match membership.status {
        "active" => Some("renewing_on"),
        "trialing" => Some("trial_ends_at"),
        "past_due" => Some("past_due"),
        "canceling" => Some("canceling_on"),
        "canceled" => Some("canceled_on"),
        "unresolved" => Some("unresolved_at"),
        _ => None,
    };
    (action, action.and(membership.ends_at))
}

pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
