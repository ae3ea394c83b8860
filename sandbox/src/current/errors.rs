//! Answers that are not a success, all in one shape.

use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::api_keys::Right;
use crate::current::version::Version;
use crate::edge::Edge;

/// Why there is no success.
#[derive(Debug)]
pub enum Error {
    Whop(Problem),
    Edge(Edge),
}

/// What Whop says is wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    message: String,
    /// The parameter that is wrong; told without a date only.
    param: Option<String>,
}

impl Error {
    pub fn refused(status: StatusCode, message: impl Into<String>) -> Self {
        Self::Whop(Problem { status, message: message.into(), param: None })
    }

    pub fn invalid(param: &str, message: impl Into<String>) -> Self {
        let (status, param) = (StatusCode::BAD_REQUEST, Some(param.to_owned()));
        Self::Whop(Problem { status, message: message.into(), param })
    }

    pub fn unauthorized() -> Self {
        Self::refused(StatusCode::UNAUTHORIZED, "The API key is not valid.")
    }

    pub fn forbidden(right: Right) -> Self {
        let message = format!("This API key lacks the permission {}.", right.name());
        Self::refused(StatusCode::FORBIDDEN, message)
    }

    /// `kind` with a capital letter.
    pub fn not_found(kind: &str) -> Self {
        Self::refused(StatusCode::NOT_FOUND, format!("{kind} not found"))
    }

    /// The wait stands in the message and nowhere else.
    pub fn rate_limited(seconds: u64) -> Self {
        let message = format!("Too many requests. Try again in {seconds} seconds.");
        Self::refused(StatusCode::TOO_MANY_REQUESTS, message)
    }

    pub fn broken() -> Self {
        Self::refused(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.")
    }
}

impl Problem {
    fn kind(&self) -> &'static str {
        match self.status.as_u16() {
            401 => "unauthorized",
            403 => "forbidden",
            404 => "not_found",
            409 => "conflict",
            410 => "gone",
            429 => "rate_limit_exceeded",
            500.. => "internal_server_error",
            _ => "invalid_request_error",
        }
    }

    fn body(&self) -> Value {
        json!({ "error": { "type": self.kind(), "message": self.message } })
    }

    fn undated_body(&self) -> Value {
        json!({ "error": { "type": self.kind(), "message": self.message, "code": null, "param": self.param } })
    }
}

impl From<JsonRejection> for Error {
    fn from(rejection: JsonRejection) -> Self {
        match rejection {
            JsonRejection::JsonDataError(_) => {
                Self::refused(StatusCode::BAD_REQUEST, "The request body must be a JSON object.")
            }
            other => Self::refused(other.status(), other.body_text()),
        }
    }
}

impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        Self::refused(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::Edge(edge) => edge.into_response(),
            Self::Whop(problem) => {
                let mut response = (problem.status, Json(problem.body())).into_response();
                response.extensions_mut().insert(problem);
                response
            }
        }
    }
}

/// The shape without a date names the parameter.
pub async fn shape_by_date(request: Request, next: Next) -> Response {
    let undated = Version::of(request.headers()).is_ok_and(|version| version.is_undated());
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions().get::<Problem>().filter(|_| undated) {
        let body = problem.undated_body().to_string();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        *response.body_mut() = Body::from(body);
    }
    response
}
