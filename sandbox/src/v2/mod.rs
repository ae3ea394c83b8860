//! The API that Whop has retired, as it was.

mod access;
mod errors;
mod expand;
mod extract;
mod farewell;
mod membership;
mod memberships;
mod plan;
mod plans;
mod rate_limit;
mod validate;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::api_keys::Right;
use crate::routes::with_slashes;
use crate::state::App;

pub use errors::Error;
pub use farewell::{Retired, V2};
pub use rate_limit::RateLimit;

/// What stands under `/api/v2`.
pub fn router(app: &App) -> Router<App> {
    match app.v2 {
        V2::Deprecated => endpoints(app).layer(from_fn(farewell::announce)),
        V2::Retired(shape) => Router::new().fallback(move || async move { shape }),
    }
}

fn endpoints(app: &App) -> Router<App> {
    let asks = |right| from_fn_with_state((app.clone(), right), access::check);
    let read = get(memberships::read).route_layer(asks(Right::ReadMemberships));
    let update = post(memberships::update).route_layer(asks(Right::ManageMemberships));
    let endpoints = with_slashes([
        ("/memberships/{id}/validate_license", post(validate::validate).route_layer(asks(Right::ValidateLicenses))),
        ("/memberships/{id}", read.merge(update)),
        // An empty id collapses the path: this asks for a membership called "validate_license".
        ("/memberships//validate_license", post(empty_id).route_layer(asks(Right::ReadMemberships))),
        ("/plans", post(plans::create).route_layer(asks(Right::CreatePlans))),
        ("/plans/{id}", get(plans::read).route_layer(asks(Right::ReadPlans))),
    ]);
    endpoints
        .fallback(async || Error::refused(StatusCode::NOT_FOUND, "Not Found"))
        .method_not_allowed_fallback(wrong_method)
}

async fn empty_id() -> Error {
    Error::no_such("Membership", "validate_license")
}

async fn wrong_method(method: Method) -> Error {
    Error::refused(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed here."))
}
