//! The HTTP answer that a lease comes in.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::members::{Members, quoted};
use crate::edge::Edge;

#[derive(Debug)]
pub struct Answer {
    pub token: String,
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub members: Members,
    /// In place of the members.
    pub body: Option<Vec<u8>>,
    /// The connection is closed without an answer.
    pub is_dropped: bool,
}

impl Answer {
    pub fn with(status: u16, token: String) -> Self {
        let mut members = Members::default();
        members.set_text("id", "mem_active");
        members.set("valid", "true");
        members.set_text("status", "active");
        members.set_text("product", "prod_sandbox");
        members.set_text("lease", &token);
        Self { token, status, headers: Vec::new(), members, body: None, is_dropped: false }
    }

    /// Without a lease, in the shape of an error.
    pub fn unsigned(mut self, status: u16, message: &str) -> Self {
        self.status = status;
        self.body(format!(r#"{{"error":{{"type":"x","message":{}}}}}"#, quoted(message)))
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Gives the answer's `lease` another value, which is JSON text.
    pub fn lease(mut self, json: impl Into<String>) -> Self {
        self.members.set("lease", json);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        if self.is_dropped {
            return Edge::Dropped.into_response();
        }
        let body = self.body.unwrap_or_else(|| self.members.to_string().into_bytes());
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or_default();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
