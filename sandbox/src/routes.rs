//! Which path leads where.

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};

use crate::edge::{Edge, refused};
use crate::state::App;
use crate::{current, false_relay, local_only, page, people, request_log, v2, whole_body};

pub fn router(app: App) -> Router {
    Router::new()
        .nest("/api/v1", current::router(&app))
        .nest("/api/v2", v2::router(&app))
        .nest("/false-relay", false_relay::router())
        .route("/", get(page::show))
        .route("/page.js", get(page::script))
        .route("/sandbox/purchases", post(people::purchase))
        .route("/sandbox/plans", post(people::create_plan))
        .route("/sandbox/memberships/{id}/reset", post(people::reset))
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(app.clone(), request_log::bodies))
        .layer(from_fn_with_state(app.clone(), local_only::check))
        .layer(from_fn(whole_body::read))
        .layer(from_fn_with_state(app.clone(), request_log::record))
        .with_state(app)
}

/// Published clients ask with a slash at the end and without.
pub fn with_slashes<const N: usize>(paths: [(&str, MethodRouter<App>); N]) -> Router<App> {
    paths.into_iter().fold(Router::new(), |router, (path, methods)| {
        router.route(path, methods.clone()).route(&format!("{path}/"), methods)
    })
}

async fn wrong_method(method: Method, uri: Uri) -> Response {
    refused(uri.path(), StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed here."))
}

/// Outside the API, a wrong base URL for one, it is the edge that answers.
async fn not_found(uri: Uri) -> Response {
    match uri.path().starts_with("/api/") {
        true => refused(uri.path(), StatusCode::NOT_FOUND, "Not Found"),
        false => Edge::Page(StatusCode::NOT_FOUND).into_response(),
    }
}
