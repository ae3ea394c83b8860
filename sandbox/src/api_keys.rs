//! API keys: what each may do.

use std::fmt::Display;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::errors::Error;
use crate::state::{App, lock};

/// An API key that the sandbox knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiKey {
    /// Every right.
    Full,
    /// The single scope that a key inside a shipped program may have: validate a license, nothing else.
    Validate,
}

impl ApiKey {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Full, Self::Validate];

    /// How it ends.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Validate => "validate",
        }
    }

    /// Its rights, in a few words.
    pub fn may(self) -> &'static str {
        match self {
            Self::Full => "every right",
            Self::Validate => "may validate licenses, nothing else",
        }
    }

    /// The key itself, of the sandbox on this port.
    pub fn text(self, port: impl Display) -> String {
        text(port, self.name())
    }

    /// The key that a request carries, if it is one of ours.
    pub(crate) fn of(headers: &HeaderMap, port: u16) -> Option<Self> {
        let bearer = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        Self::ALL.into_iter().find(|key| bearer == key.text(port))
    }
}

/// The port is in the key, so that a client knows where to send it.
pub fn text(port: impl Display, name: &str) -> String {
    format!("sandbox_{port}_{name}")
}

/// Lets through every key that is known.
pub async fn require_any(State(app): State<App>, request: Request, next: Next) -> Result<Response, Error> {
    admit(&app, request.headers())?;
    Ok(next.run(request).await)
}

/// Lets through the key that has every right.
pub async fn require_full(State(app): State<App>, request: Request, next: Next) -> Result<Response, Error> {
    match admit(&app, request.headers())? {
        ApiKey::Full => Ok(next.run(request).await),
        ApiKey::Validate => Err(Error::Forbidden),
    }
}

fn admit(app: &App, headers: &HeaderMap) -> Result<ApiKey, Error> {
    if !headers.contains_key(header::AUTHORIZATION) {
        return Err(Error::Unauthorized("Unauthorized"));
    }
    let key = ApiKey::of(headers, app.port).ok_or(Error::Unauthorized("Your access token is invalid."))?;
    if let Some(rate_limit) = &app.rate_limit
        && !lock(rate_limit).admits(key, Instant::now())
    {
        return Err(Error::RateLimited { retry_after: None });
    }
    Ok(key)
}
