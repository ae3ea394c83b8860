//! Who may ask, and how often.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::api_keys::{ApiKey, Right};
use crate::state::{App, lock};
use crate::v2::Error;

/// Lets through the keys that hold the right.
pub async fn check(State((app, right)): State<(App, Right)>, request: Request, next: Next) -> Result<Response, Error> {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Err(Error::Unauthorized("Unauthorized"));
    }
    let key = ApiKey::of(request.headers(), app.port).filter(|&key| key != ApiKey::Revoked);
    let key = key.ok_or(Error::Unauthorized("Your access token is invalid."))?;
    if let Some(limits) = &app.limits
        && !lock(limits).v2.admits(key, Instant::now())
    {
        return Err(Error::RateLimited { retry_after: None });
    }
    if key == ApiKey::Foreign {
        return Err(Error::refused(StatusCode::NOT_FOUND, "Not Found"));
    }
    match key.holds(right) {
        true => Ok(next.run(request).await),
        false => Err(Error::Forbidden),
    }
}
