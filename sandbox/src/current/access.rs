//! Who may ask, how often, and for which date.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::api_keys::{ApiKey, Right};
use crate::current::Error;
use crate::current::version::Version;
use crate::state::{App, lock};

/// Lets through the keys that hold the right. The handler finds the key and the date among the request's extensions.
pub async fn check(
    State((app, right)): State<(App, Right)>,
    path: MatchedPath,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    let key = ApiKey::of(request.headers(), app.port).ok_or_else(Error::unauthorized)?;
    let is_list = path.as_str().trim_end_matches('/').ends_with("/memberships");
    if key == ApiKey::Revoked || key == ApiKey::Foreign && !is_list {
        return Err(Error::not_found(subject(right)));
    }
    if let Some(limits) = &app.limits {
        let operation = format!("{} {}", request.method(), path.as_str().trim_end_matches('/'));
        if let Some(seconds) = lock(limits).current.wait(key, operation, Instant::now()) {
            return Err(Error::rate_limited(seconds));
        }
    }
    if !key.holds(right) {
        return Err(Error::forbidden(right));
    }
    let version = Version::of(request.headers())?;
    request.extensions_mut().insert(key);
    request.extensions_mut().insert(version);
    Ok(next.run(request).await)
}

/// What a key that sees nothing is told is not there.
fn subject(right: Right) -> &'static str {
    match right {
        Right::ReadPlans => "Plan",
        Right::CreatePlans => "Product",
        Right::ReadMemberships | Right::ManageMemberships | Right::ValidateLicenses => "Membership",
    }
}
