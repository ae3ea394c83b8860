//! Only programs and pages of this machine may call: a web site that makes a browser its messenger is turned away.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::edge::refused;
use crate::state::App;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), header::HOST);
    // A foreign name that resolves to loopback (DNS rebinding) shows here.
    if !host.is_some_and(is_loopback) || !request.uri().authority().is_none_or(|name| is_loopback(name.as_str())) {
        let message = "The sandbox answers to localhost and 127.0.0.1 only.";
        return refused(request.uri().path(), StatusCode::MISDIRECTED_REQUEST, message);
    }
    if !request.method().is_safe() && is_cross_site(request.headers(), &app, host.unwrap_or_default()) {
        let message = "The sandbox takes no orders from other web sites.";
        return refused(request.uri().path(), StatusCode::FORBIDDEN, message);
    }
    next.run(request).await
}

fn is_loopback(authority: &str) -> bool {
    authority
        .parse::<Authority>()
        .is_ok_and(|name| name.host().eq_ignore_ascii_case("localhost") || name.host() == "127.0.0.1")
}

/// Browsers say where a request comes from; programs say nothing.
fn is_cross_site(headers: &HeaderMap, app: &App, host: &str) -> bool {
    let own = format!("{}://{host}", if app.tls { "https" } else { "http" });
    headers.get(header::ORIGIN).is_some_and(|origin| origin != own.as_str())
        || headers.get(SEC_FETCH_SITE).is_some_and(|site| site != "same-origin" && site != "none")
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
