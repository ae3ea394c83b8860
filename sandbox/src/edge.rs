//! What comes in place of an answer of Whop's: from the edge in front of it, or nothing at all.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::api::Api;
use crate::current;

/// Not from Whop's own programs.
#[derive(Debug, Clone, Copy)]
pub enum Edge {
    Page(StatusCode),
    Unavailable,
    /// No answer at all.
    Dropped,
}

/// Marks a response that the server must not send.
#[derive(Debug, Clone)]
pub struct ConnectionDropped;

impl IntoResponse for Edge {
    fn into_response(self) -> Response {
        match self {
            Self::Page(status) => {
                let page = format!("<!doctype html>\n<title>{status}</title>\n<h1>{status}</h1>\n");
                (status, Html(page)).into_response()
            }
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable").into_response(),
            Self::Dropped => axum::Extension(ConnectionDropped).into_response(),
        }
    }
}

/// Refuses what does not reach an endpoint's own checks, in the shape of the API that was asked.
pub fn refused(path: &str, status: StatusCode, message: impl Into<String>) -> Response {
    match Api::of(path) {
        Some(Api::Current) => current::Error::refused(status, message).into_response(),
        Some(Api::V2) | None => (status, Json(json!({ "message": message.into() }))).into_response(),
    }
}
