//! Plans: what a seller offers, how one is created and read.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::errors::Error;
use crate::expand::{self, Expand};
use crate::extract::{Body, Id};
use crate::plan_fields;
use crate::state::{App, now};
use crate::store::Store;

/// What a customer can buy.
#[derive(Debug)]
pub struct Plan {
    pub id: String,
    pub product: String,
    /// The whole body of an answer, nothing expanded.
    fields: Map<String, Value>,
}

impl Plan {
    /// A plan with the fields of a checked request, and defaults for the others.
    pub fn new(id: &str, product: &str, request: &Map<String, Value>, created_at: i64) -> Self {
        let mut fields = defaults(id, product, created_at);
        for (name, value) in &mut fields {
            if let Some(given) = request.get(name).filter(|_| plan_fields::is_known(name)) {
                *value = given.clone();
            }
        }
        let mut plan = Self { id: id.to_owned(), product: product.to_owned(), fields };
        let methods = json!([plan.payment_processor()]);
        plan.fields.insert("accepted_payment_methods".to_owned(), methods);
        plan
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        self.fields.get(name)?.as_i64()
    }

    pub fn metadata(&self) -> Map<String, Value> {
        self.fields.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    pub fn payment_processor(&self) -> &'static str {
        match PRICES.iter().all(|name| self.price(name) == 0.0) {
            true => "free",
            false => "stripe",
        }
    }

    /// As it stands in an expanded membership: fewer fields, and prices as text.
    pub fn expanded(&self) -> Value {
        let mut fields = self.fields.clone();
        fields.retain(|name, _| EXPANDED.contains(&name.as_str()));
        for name in PRICES {
            fields.insert(name.to_owned(), json!(format!("{:?}", self.price(name))));
        }
        Value::Object(fields)
    }

    fn body(&self, store: &Store, expand: &Expand) -> Result<Value, Error> {
        let mut fields = self.fields.clone();
        if expand.has("product") {
            fields.insert("product".to_owned(), store.product(&self.product)?.body(&store.plans));
        }
        Ok(Value::Object(fields))
    }

    fn price(&self, name: &str) -> f64 {
        self.fields.get(name).and_then(Value::as_f64).unwrap_or_default()
    }
}

const PRICES: [&str; 2] = ["initial_price", "renewal_price"];

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

fn defaults(id: &str, product: &str, created_at: i64) -> Map<String, Value> {
    let fields = json!({
        "id": id,
        "company_id": "biz_sandbox",
        "product": product,
        "plan_type": "one_time",
        "release_method": "buy_now",
        "visibility": "visible",
        "billing_period": null,
        "internal_notes": null,
        "payment_link_description": null,
        "metadata": {},
        "direct_link": format!("https://whop.com/checkout/{id}/"),
        "renewal_price": 0.0,
        "initial_price": 0.0,
        "base_currency": "usd",
        "requirements": {},
        "release_method_settings": {},
        "accepted_payment_methods": [],
        "stock": 0,
        "unlimited_stock": true,
        "created_at": created_at,
        "access_pass": product,
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

/// `POST /api/v2/plans`
pub async fn create(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    Body(request): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_PLAN)?;
    plan_fields::check(&request)?;
    let product = request.get("product_id").or_else(|| request.get("access_pass_id"));
    let product = product.and_then(Value::as_str).ok_or(Error::InvalidParameter("product_id"))?;

    let mut store = app.store();
    store.product(product)?;
    let id = format!("plan_{}", store.next_number());
    let plan = Plan::new(&id, product, &request, now());
    store.plans.push(plan);
    let body = store.plan(&id)?.body(&store, &expand)?;
    Ok((StatusCode::CREATED, Json(body)))
}

/// `GET /api/v2/plans/{id}`
pub async fn read(State(app): State<App>, Id(id): Id<String>, RawQuery(query): RawQuery) -> Result<Json<Value>, Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_PLAN)?;
    let store = app.store();
    store.plan(&id)?.body(&store, &expand).map(Json)
}
