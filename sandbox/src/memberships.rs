//! A customer's membership: what it is, how it is read and updated.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::errors::Error;
use crate::expand::{self, Expand};
use crate::extract::{Body, Id};
use crate::fixtures::Fault;
use crate::state::App;
use crate::store::Store;

/// What a customer has bought. It is bound to a device when its metadata is not empty.
#[derive(Debug)]
pub struct Membership {
    pub id: String,
    pub license_key: String,
    pub product: String,
    pub plan: String,
    pub status: &'static str,
    pub metadata: Map<String, Value>,
    pub promo_code: Option<&'static str>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub fault: Option<Fault>,
}

impl Membership {
    pub fn is(&self, id_or_key: &str) -> bool {
        self.id == id_or_key || self.license_key == id_or_key
    }

    pub fn valid(&self) -> bool {
        matches!(self.status, "active" | "completed" | "trialing" | "past_due")
    }

    pub fn body(&self, store: &Store, expand: &Expand) -> Result<Value, Error> {
        let product = match expand.has("product") {
            true => store.product(&self.product)?.body(&store.plans),
            false => json!(self.product),
        };
        let plan = match expand.has("plan") {
            true => store.plan(&self.plan)?.expanded(),
            false => json!(self.plan),
        };
        let user = match expand.has("user") {
            true => user(),
            false => json!(USER),
        };
        let promo_code = match expand.has("promo_code") {
            true => self.promo_code.map(|id| json!({ "id": id })).into(),
            false => json!(self.promo_code),
        };
        let renews_at = self.expires_at.filter(|_| self.status != "completed");
        let mut body = json!({
            "id": self.id,
            "company_id": "biz_sandbox",
            "product": product,
            "user": user,
            "plan": plan,
            "promo_code": promo_code,
            "email": EMAIL,
            "stripe_subscription_id": null,
            "stripe_customer_id": null,
            "status": self.status,
            "valid": self.valid(),
            "cancel_at_period_end": self.status == "canceled",
            "payment_processor": store.plan(&self.plan)?.payment_processor(),
            "license_key": self.license_key,
            "metadata": self.metadata,
            "acquisition_data": null,
            "quantity": 1,
            "wallet_address": null,
            "custom_field_responses": [],
            "custom_fields_responses": {},
            "custom_fields_responses_v2": null,
            "discord": { "id": "100000000000000000", "username": "buyer_on_discord", "image_url": null },
            "nft_tokens": [],
            "expires_at": self.expires_at,
            "renewal_period_start": renews_at.map(|_| self.created_at),
            "renewal_period_end": renews_at,
            "created_at": self.created_at,
            "manage_url": format!("https://whop.com/hub/{}/", self.id),
            "affiliate_page_url": "https://whop.com/sandbox/?a=buyer",
            "checkout_session": null,
            "affiliate_username": "buyer",
            "access_pass": self.product,
            "telegram_account_id": null,
            "phone_number": "+15550100123",
            "split_pay_required_payments": null,
        });
        if let (Some(Fault::NoValid), Some(fields)) = (self.fault, body.as_object_mut()) {
            fields.remove("valid");
        }
        Ok(body)
    }
}

const USER: &str = "user_sandbox";
const EMAIL: &str = "buyer@example.com";

fn user() -> Value {
    json!({ "id": USER, "username": "buyer", "email": EMAIL, "profile_pic_url": null, "social_accounts": [] })
}

/// The object that a request wants stored.
pub fn metadata_of(mut body: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    match body.remove("metadata") {
        Some(Value::Object(metadata)) => Ok(metadata),
        _ => Err(Error::InvalidParameter("metadata")),
    }
}

/// `GET /api/v2/memberships/{id}`
pub async fn read(State(app): State<App>, Id(id): Id<String>, RawQuery(query): RawQuery) -> Result<Json<Value>, Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_MEMBERSHIP)?;
    let store = app.store();
    store.membership(&id)?.body(&store, &expand).map(Json)
}

/// `POST /api/v2/memberships/{id}`: replaces the metadata. Empty metadata is how a seller resets a binding.
pub async fn update(
    State(app): State<App>,
    Id(id): Id<String>,
    RawQuery(query): RawQuery,
    Body(body): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_MEMBERSHIP)?;
    let metadata = metadata_of(body)?;
    let mut store = app.store();
    store.membership_mut(&id)?.metadata = metadata;
    let body = store.membership(&id)?.body(&store, &expand)?;
    Ok((StatusCode::CREATED, Json(body)))
}
