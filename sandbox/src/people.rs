//! What people do on Whop's own pages: buy a plan, reset a key, offer a plan.

use axum::Json;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value, json};

use crate::facts::CURRENT;
use crate::fixtures::DAY;
use crate::membership::Membership;
use crate::plan::Plan;
use crate::state::{App, now};

/// What a person asked for that cannot be done.
#[derive(Debug)]
pub struct Refused(StatusCode, String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

fn invalid(name: &str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, format!("The field {name} is missing, or has a value it does not take."))
}

fn missing(kind: &str, id: &str) -> Refused {
    Refused(StatusCode::NOT_FOUND, format!("There is no {kind} {id}."))
}

/// A program sends JSON and is answered with it; the page's own form leads back to the page.
#[derive(Debug)]
pub struct Order {
    fields: Map<String, Value>,
    from_page: bool,
}

impl<S: Send + Sync> FromRequest<S> for Order {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
        if kind.is_none_or(|kind| !kind.starts_with(b"application/x-www-form-urlencoded")) {
            let Json(fields) = Json::from_request(request, state).await.map_err(IntoResponse::into_response)?;
            return Ok(Self { fields, from_page: false });
        }
        let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        let given = form_urlencoded::parse(body.as_bytes()).filter(|(_, value)| !value.is_empty());
        let fields = given.map(|(name, value)| (name.clone().into_owned(), typed(&name, &value))).collect();
        Ok(Self { fields, from_page: true })
    }
}

/// Forms know texts alone.
fn typed(name: &str, value: &str) -> Value {
    let number = || serde_json::from_str(value).ok().filter(Value::is_number);
    match name {
        "initial_price" | "renewal_price" | "billing_period" => number().unwrap_or(json!(value)),
        _ => json!(value),
    }
}

impl Order {
    fn answer(&self, made: Value) -> Response {
        match self.from_page {
            true => Redirect::to("/").into_response(),
            false => (StatusCode::CREATED, Json(made)).into_response(),
        }
    }
}

/// `POST /sandbox/purchases`, with the plan's id in `plan`
pub async fn purchase(State(app): State<App>, order: Order) -> Result<Response, Refused> {
    let plan = order.fields.get("plan").and_then(Value::as_str).ok_or_else(|| invalid("plan"))?;

    let mut store = app.store();
    let mut membership = membership(store.plan(plan).ok_or_else(|| missing("plan", plan))?, now());
    let number = store.next_number();
    (membership.id, membership.license_key) = (format!("mem_{number}"), format!("SANDBOX-BOUGHT-{number}"));
    let made = json!({ "license_key": membership.license_key, "membership": membership.id });
    store.memberships.push(membership);
    Ok(order.answer(made))
}

/// The same for a test, which says what the license key is and whether it is bound.
pub fn sell(app: &App, license_key: &str, device: Option<(&str, &str)>) {
    let mut store = app.store();
    let Some(plan) = store.plan("plan_sandbox") else { return };
    let mut membership = membership(plan, now());
    membership.id = format!("mem_{}", store.next_number());
    license_key.clone_into(&mut membership.license_key);
    if let Some((name, value)) = device {
        membership.metadata.insert(name.to_owned(), json!(value));
    }
    store.memberships.push(membership);
}

/// What a buyer of the plan gets, but for its names.
fn membership(plan: &Plan, now: i64) -> Membership {
    let (status, days) = match plan.trial_days() {
        Some(days) => ("trialing", Some(days)),
        None if plan.renews() => ("active", plan.integer("billing_period")),
        None => ("completed", plan.integer("expiration_days")),
    };
    Membership {
        id: String::new(),
        license_key: String::new(),
        product: plan.product.clone(),
        plan: plan.id.clone(),
        status,
        metadata: plan.metadata(),
        promo_code: None,
        created_at: now,
        updated_at: now,
        period_start: days.filter(|_| status != "completed").map(|_| now),
        ends_at: days.map(|days| now + days * DAY),
        fault: None,
    }
}

/// `POST /sandbox/plans`: a seller offers a plan in the dashboard. The fields are those of the current API.
pub async fn create_plan(State(app): State<App>, order: Order) -> Result<Response, Refused> {
    if let Some(name) = CURRENT.misfit(&order.fields) {
        return Err(invalid(name));
    }
    let mut fields = order.fields.clone();
    let Some(Value::String(product)) = fields.remove("product_id") else { return Err(invalid("product_id")) };
    fields.retain(|name, _| CURRENT.plan_request.field(name).is_some());

    let mut store = app.store();
    store.product(&product).ok_or_else(|| missing("product", &product))?;
    let id = format!("plan_{}", store.next_number());
    store.plans.push(Plan::new(&id, &product, fields, now()));
    Ok(order.answer(json!({ "plan": id })))
}

/// `POST /sandbox/memberships/{id}/reset`: the "Reset key" button of a buyer's dashboard.
pub async fn reset(State(app): State<App>, Path(id): Path<String>) -> Result<Redirect, Refused> {
    let mut store = app.store();
    let membership = store.membership_mut(&id).ok_or_else(|| missing("membership", &id))?;
    membership.metadata.clear();
    membership.updated_at = now();
    Ok(Redirect::to("/"))
}
