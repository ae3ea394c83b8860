//! Whop's current API, under `/api/v1`, whose answers differ by date.

mod access;
mod errors;
mod extract;
mod idempotency;
mod list;
mod membership;
mod memberships;
mod metadata;
mod money;
mod permissions;
mod plan;
mod plan_request;
mod plans;
mod rate_limit;
mod version;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, patch, post};

use crate::api_keys::Right;
use crate::routes::with_slashes;
use crate::state::App;

pub use errors::Error;
pub use idempotency::Idempotency;
pub use rate_limit::RateLimit;

/// What stands under `/api/v1`.
pub fn router(app: &App) -> Router<App> {
    let asks = |right| from_fn_with_state((app.clone(), right), access::check);
    let once = || from_fn_with_state(app.clone(), idempotency::once);
    let create = || post(plans::create).route_layer(once()).route_layer(asks(Right::CreatePlans));
    let read_plan = || get(plans::read).route_layer(asks(Right::ReadPlans));
    let read = get(memberships::read).route_layer(asks(Right::ReadMemberships));
    let update = patch(memberships::update).route_layer(asks(Right::ManageMemberships));
    let endpoints = with_slashes([
        ("/memberships", get(list::list).route_layer(asks(Right::ReadMemberships))),
        ("/memberships/{id}", read.merge(update)),
        ("/permissions", get(permissions::list)),
        ("/variants", create()),
        ("/variants/{id}", read_plan()),
        ("/plans", create()),
        ("/plans/{id}", read_plan()),
    ]);
    endpoints
        .fallback(async || Error::refused(StatusCode::NOT_FOUND, "Unknown route"))
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(errors::shape_by_date))
}

async fn wrong_method(method: Method) -> Error {
    Error::refused(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not allowed here."))
}
