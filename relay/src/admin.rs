//! What is told to the seller alone: whether the relay is ready, and its figures.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::check::Checks;
use crate::connections::Connections;
use crate::report;

/// What the seller may ask about.
#[derive(Clone)]
pub(crate) struct Admin {
    pub checks: Arc<Checks>,
    pub connections: Connections,
    pub stop: CancellationToken,
}

/// Each check by its name: `true` is good.
#[derive(Serialize)]
struct Ready {
    ready: bool,
    api_key: bool,
    control: bool,
    store: bool,
    clock: bool,
    /// For how many seconds Whop is not to be asked. Up to a minute it does not count.
    whop_cooldown_seconds: Option<u64>,
    stopping: bool,
    /// The ids of the signing keys.
    signing_keys: Vec<String>,
}

pub(crate) fn router(admin: Admin) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(admin)
}

async fn ready(State(admin): State<Admin>) -> Response {
    let health = admin.checks.engine.health();
    let stopping = admin.stop.is_cancelled();
    let ready = Ready {
        ready: health.is_ready() && !stopping,
        api_key: !health.api_key_refused,
        control: !health.control_failing,
        store: !health.store_away,
        clock: !health.clock_wrong,
        whop_cooldown_seconds: health.cooldown.map(|wait| wait.as_secs().max(1)),
        stopping,
        signing_keys: admin.checks.signer.load().keys().iter().map(|key| key.id().to_owned()).collect(),
    };
    let status = if ready.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_vec(&ready).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn figures(State(admin): State<Admin>) -> Response {
    report::connections(admin.connections.count());
    match report::figures() {
        Some(figures) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], figures.render()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
