//! A plan is created and read.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::edge::Edge;
use crate::facts::V2;
use crate::plan::Plan;
use crate::product;
use crate::state::{App, now};
use crate::store::Store;
use crate::v2::Error;
use crate::v2::expand::{self, Expand};
use crate::v2::extract::{Body, Id};
use crate::v2::membership::product_body;
use crate::v2::plan::{self, current_name};

/// `POST /api/v2/plans`
pub async fn create(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    Body(request): Body<Map<String, Value>>,
) -> Result<Response, Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_PLAN)?;
    let (answer, fault) = created(&app, request, &expand)?;
    match fault {
        Some(product::Fault::Drop) => return Err(Error::Edge(Edge::Dropped)),
        Some(product::Fault::Slow) => tokio::time::sleep(app.slow).await,
        None => {}
    }
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

fn created(
    app: &App,
    mut request: Map<String, Value>,
    expand: &Expand,
) -> Result<(Value, Option<product::Fault>), Error> {
    if let Some(name) = V2.misfit(&request) {
        return Err(Error::invalid(name));
    }
    let older = request.remove("access_pass_id");
    let product = match request.remove("product_id").or(older) {
        Some(Value::String(product)) => product,
        _ => return Err(Error::invalid("product_id")),
    };
    // A name that Whop does not know is ignored in silence.
    let fields = request
        .into_iter()
        .filter(|(name, _)| V2.plan_request.field(name).is_some())
        .map(|(name, value)| (current_name(&name).to_owned(), value))
        .collect();

    let mut store = app.store();
    let fault = store.product(&product).ok_or_else(|| Error::no_such("Product", &product))?.fault;
    let id = format!("plan_{}", store.next_number());
    store.plans.push(Plan::new(&id, &product, fields, now()));
    Ok((answer(&store, &id, expand)?, fault))
}

/// `GET /api/v2/plans/{id}`
pub async fn read(State(app): State<App>, Id(id): Id<String>, RawQuery(query): RawQuery) -> Result<Json<Value>, Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_PLAN)?;
    answer(&app.store(), &id, &expand).map(Json)
}

fn answer(store: &Store, id: &str, expand: &Expand) -> Result<Value, Error> {
    let plan = store.plan(id).ok_or_else(|| Error::no_such("Plan", id))?;
    let mut fields = plan::body(plan);
    if let Some(product) = store.product(&plan.product).filter(|_| expand.has("product")) {
        fields.insert("product".to_owned(), product_body(product, store));
    }
    Ok(Value::Object(fields))
}
