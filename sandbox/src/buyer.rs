//! What a customer does on Whop's own pages: buy a plan, reset a key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;
use serde_json::{Map, Value, json};

use crate::errors::Error;
use crate::extract::{Body, Id};
use crate::fixtures::DAY;
use crate::memberships::Membership;
use crate::plans::Plan;
use crate::state::{App, now};

/// `POST /sandbox/purchases`, with the plan's id in `plan`
pub async fn purchase(
    State(app): State<App>,
    Body(request): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let plan = request.get("plan").and_then(Value::as_str).ok_or(Error::InvalidParameter("plan"))?;

    let mut store = app.store();
    let number = store.next_number();
    let (id, license_key) = (format!("mem_{number}"), format!("SANDBOX-BOUGHT-{number}"));
    let answer = json!({ "license_key": license_key, "membership": id });
    let membership = membership(id, license_key, store.plan(plan)?, now());
    store.memberships.push(membership);
    Ok((StatusCode::CREATED, Json(answer)))
}

fn membership(id: String, license_key: String, plan: &Plan, now: i64) -> Membership {
    let trial = plan.integer("trial_period_days").filter(|&days| days > 0);
    let (status, days) = match trial {
        Some(days) => ("trialing", Some(days)),
        None if plan.text("plan_type") == Some("renewal") => ("active", plan.integer("billing_period")),
        None => ("completed", plan.integer("expiration_days")),
    };
    Membership {
        id,
        license_key,
        product: plan.product.clone(),
        plan: plan.id.clone(),
        status,
        metadata: plan.metadata(),
        promo_code: None,
        created_at: now,
        expires_at: days.map(|days| now + days * DAY),
        fault: None,
    }
}

/// `POST /sandbox/memberships/{id}/reset`: the "Reset key" button of a buyer's dashboard.
pub async fn reset(State(app): State<App>, Id(id): Id<String>) -> Result<Redirect, Error> {
    app.store().membership_mut(&id)?.metadata.clear();
    Ok(Redirect::to("/"))
}
