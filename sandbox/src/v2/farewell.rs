//! How v2 says that it is going, and what it answers once it is gone.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::edge::Edge;

/// What has become of API v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum V2 {
    /// It answers, and says in each answer that it is going to end.
    #[default]
    Deprecated,
    /// It is gone, and every path under it answers like this.
    Retired(Retired),
}

/// What a retired API may answer: how Whop does it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retired {
    /// 410 with Whop's error `gone`, as retired paths of the current API answer.
    Gone,
    /// 404 with the JSON of a framework that has no such route.
    NotFound,
    /// 404 with the HTML page of an edge.
    Html,
    /// 301 to a page for people.
    Redirect,
}

const FAREWELL: [(HeaderName, HeaderValue); 3] = [
    (HeaderName::from_static("deprecation"), HeaderValue::from_static("@1791417600")),
    (
        header::LINK,
        HeaderValue::from_static(
            "<https://api.whop.com/api/v1>; rel=\"successor-version\", \
             <https://docs.whop.com/developer/api/migrate-from-v2>; rel=\"deprecation\"",
        ),
    ),
    (HeaderName::from_static("sunset"), HeaderValue::from_static("Fri, 13 Nov 2026 00:00:00 GMT")),
];

/// Puts the headers into every answer.
pub async fn announce(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().extend(FAREWELL);
    response
}

impl IntoResponse for Retired {
    fn into_response(self) -> Response {
        match self {
            Self::Gone => {
                let error = json!({ "type": "gone", "message": "This API version has been retired." });
                (StatusCode::GONE, Json(json!({ "error": error }))).into_response()
            }
            Self::NotFound => {
                (StatusCode::NOT_FOUND, Json(json!({ "status": 404, "error": "Not Found" }))).into_response()
            }
            Self::Html => Edge::Page(StatusCode::NOT_FOUND).into_response(),
            // A page of this machine: nobody who follows it leaves the sandbox.
            Self::Redirect => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/")]).into_response(),
        }
    }
}
