//! A plan is created and read. Whop calls it a variant as well, and either path does both.

use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::{Map, Value};

use crate::current::extract::{Body, Id};
use crate::current::version::Version;
use crate::current::{Error, plan, plan_request};
use crate::edge::ConnectionDropped;
use crate::plan::Plan;
use crate::product::Fault;
use crate::state::{App, now};

/// `POST /api/v1/variants` and `POST /api/v1/plans`
pub async fn create(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    Extension(version): Extension<Version>,
    Body(request): Body<Map<String, Value>>,
) -> Result<Response, Error> {
    let (answer, fault) = created(&app, request, version)?;
    // Whop states 200 for plans, and nothing for variants: a client has to take any success.
    let status = if uri.path().contains("/variants") { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, Json(answer)).into_response();
    match fault {
        Some(Fault::Slow) => tokio::time::sleep(app.slow).await,
        Some(Fault::Drop) => drop(response.extensions_mut().insert(ConnectionDropped)),
        None => {}
    }
    Ok(response)
}

fn created(app: &App, request: Map<String, Value>, version: Version) -> Result<(Value, Option<Fault>), Error> {
    let (product, fields) = plan_request::checked(request, version)?;
    let mut store = app.store();
    let fault = store.product(&product).ok_or_else(|| Error::not_found("Product"))?.fault;
    let id = format!("plan_{}", store.next_number());
    let plan = Plan::new(&id, &product, fields, now());
    let answer = plan::body(&plan, &store, version);
    store.plans.push(plan);
    Ok((answer, fault))
}

/// `GET /api/v1/variants/{id}` and `GET /api/v1/plans/{id}`
pub async fn read(
    State(app): State<App>,
    Extension(version): Extension<Version>,
    Id(id): Id<String>,
) -> Result<Json<Value>, Error> {
    let store = app.store();
    let found = store.plan(&id).ok_or_else(|| Error::not_found("Plan"))?;
    Ok(Json(plan::body(found, &store, version)))
}
