//! Answers that are not a success, in the shapes that v2's have.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::edge::Edge;

/// Why there is no success. Each has one fixed shape, and between them they have all.
#[derive(Debug)]
pub enum Error {
    Unauthorized(&'static str),
    Forbidden,
    NoSuch {
        kind: &'static str,
        id: String,
    },
    OtherDevice,
    InvalidParameter(String),
    RateLimited {
        retry_after: Option<u32>,
    },
    Broken,
    /// What does not reach Whop's own checks: not JSON, wrong method, wrong path.
    Refused(StatusCode, String),
    Edge(Edge),
}

impl Error {
    pub fn no_such(kind: &'static str, id: &str) -> Self {
        Self::NoSuch { kind, id: id.to_owned() }
    }

    pub fn invalid(parameter: &str) -> Self {
        Self::InvalidParameter(parameter.to_owned())
    }

    pub fn refused(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Refused(status, message.into())
    }
}

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::JsonDataError(_) => {
                Self::refused(StatusCode::BAD_REQUEST, "The request body must be a JSON object.")
            }
            other => Self::Refused(other.status(), other.body_text()),
        }
    }
}

impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        Self::Refused(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized(message) => {
                answer(StatusCode::UNAUTHORIZED, json!({ "error": { "status": "401", "message": message } }))
            }
            Self::Forbidden => {
                answer(StatusCode::FORBIDDEN, json!({ "error": { "status": 403, "message": "Forbidden" } }))
            }
            Self::NoSuch { kind, id } => {
                let message = format!("No such {kind} found with the provided ID: {id}");
                answer(StatusCode::NOT_FOUND, json!({ "error": { "status": "404", "message": message } }))
            }
            Self::OtherDevice => {
                let message = "Please reset your key to use on a new machine";
                answer(StatusCode::BAD_REQUEST, json!({ "error": { "code": 400, "message": message } }))
            }
            Self::InvalidParameter(name) => {
                let message = format!(
                    "Parameter :{name} is invalid. Please ensure you are passing the correct type for this parameter."
                );
                answer(StatusCode::BAD_REQUEST, json!({ "success": false, "message": message, "errors": [name] }))
            }
            Self::RateLimited { retry_after } => {
                let mut response =
                    answer(StatusCode::TOO_MANY_REQUESTS, json!({ "message": "You are being rate limited" }));
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                }
                response
            }
            Self::Broken => {
                let message = "Uh oh, something went wrong...";
                let error = json!({ "type": "internal_server_error", "message": message, "code": null, "param": null });
                answer(StatusCode::INTERNAL_SERVER_ERROR, json!({ "error": error }))
            }
            Self::Refused(status, message) => answer(status, json!({ "message": message })),
            Self::Edge(edge) => edge.into_response(),
        }
    }
}

fn answer(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}
