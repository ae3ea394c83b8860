//! Which path leads where.

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::errors::Error;
use crate::state::App;
use crate::{api_keys, buyer, local_only, memberships, page, plans, request_log, validate, whole_body};

pub fn router(app: App) -> Router {
    let any_key = Router::new()
        .route("/api/v2/memberships/{id}/validate_license", post(validate::validate))
        .route_layer(from_fn_with_state(app.clone(), api_keys::require_any));
    let full_key = Router::new()
        .route("/api/v2/memberships/{id}", get(memberships::read).post(memberships::update))
        // An empty id collapses the path: this asks for a membership called "validate_license".
        .route("/api/v2/memberships//validate_license", post(empty_id))
        .route("/api/v2/plans", post(plans::create))
        .route("/api/v2/plans/{id}", get(plans::read))
        .route_layer(from_fn_with_state(app.clone(), api_keys::require_full));
    let people = Router::new()
        .route("/", get(page::show))
        .route("/sandbox/purchases", post(buyer::purchase))
        .route("/sandbox/memberships/{id}/reset", post(buyer::reset));

    any_key
        .merge(full_key)
        .merge(people)
        .fallback(not_found)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(app.clone(), local_only::check))
        .layer(from_fn(whole_body::read))
        .layer(from_fn_with_state(app.clone(), request_log::record))
        .with_state(app)
}

async fn empty_id() -> Error {
    Error::no_such("Membership", "validate_license")
}

async fn wrong_method(method: Method) -> Error {
    Error::Refused(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed here."))
}

/// Outside the API, a wrong base URL for one, it is the edge that answers.
async fn not_found(uri: Uri) -> Error {
    match uri.path().starts_with("/api/") {
        true => Error::refused(StatusCode::NOT_FOUND, "Not Found"),
        false => Error::Page(StatusCode::NOT_FOUND),
    }
}
