//! Every request is read to its end before it is answered. A server cannot keep a connection on which half a request
//! is left, and the client's next request on it would be lost now and then.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use crate::edge::refused;

const ACCEPTED: usize = 1024 * 1024;
/// What is too large is still read, so that its sender is there to hear the refusal.
const READ: usize = 16 * ACCEPTED;

pub async fn read(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (head, body) = request.into_parts();
    match to_bytes(body, READ).await {
        Ok(bytes) if bytes.len() <= ACCEPTED => next.run(Request::from_parts(head, bytes.into())).await,
        Ok(_) => refused(&path, StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large."),
        Err(_) => refused(&path, StatusCode::BAD_REQUEST, "The request body is broken, or far too large."),
    }
}
