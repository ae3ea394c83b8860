//! What was asked of the sandbox, for tests and for the page.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request as HttpRequest, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::api::Api;
use crate::api_keys::ApiKey;
use crate::edge::ConnectionDropped;
use crate::redact;
use crate::state::{App, lock};

const KEPT: usize = 10_000;
/// So many of the newest have their bodies.
pub const WITH_BODIES: usize = 40;

/// A request that arrived.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// When it arrived.
    pub arrived: Instant,
    /// `POST`, `GET` …
    pub method: String,
    /// As it came, still encoded, with its query.
    pub path: String,
    /// The API that the path belongs to, if it does to one.
    pub api: Option<Api>,
    /// The HTTP status that was answered; 0 when there is no answer, or none yet.
    pub status: u16,
    /// The name of its API key, such as `full`; `None` when there is none or it is not known.
    pub api_key: Option<&'static str>,
    /// The license key, membership id or plan id in the path, decoded.
    pub id: Option<String>,
    /// Its header `Api-Version-Date`.
    pub api_version_date: Option<String>,
    /// Its header `Idempotency-Key`.
    pub idempotency_key: Option<String>,
}

/// A request, and what may be shown of its body and the answer's.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Counted from the start.
    pub number: usize,
    pub request: Request,
    pub asked: String,
    pub answered: String,
}

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// How many have been dropped from the front.
    forgotten: usize,
    kept: VecDeque<Entry>,
}

/// The number of a request in the log.
#[derive(Debug, Clone, Copy)]
struct Number(usize);

impl RequestLog {
    pub fn all(&self) -> Vec<Request> {
        lock(&self.0).kept.iter().map(|entry| entry.request.clone()).collect()
    }

    /// The newest first, those that have their bodies.
    pub fn newest(&self) -> Vec<Entry> {
        lock(&self.0).kept.iter().rev().take(WITH_BODIES).cloned().collect()
    }

    fn add(&self, request: Request) -> usize {
        let mut entries = lock(&self.0);
        if entries.kept.len() == KEPT {
            entries.kept.pop_front();
            entries.forgotten += 1;
        }
        if let Some(older) = entries.kept.iter_mut().rev().nth(WITH_BODIES - 1) {
            older.asked.clear();
            older.answered.clear();
        }
        let number = entries.forgotten + entries.kept.len();
        entries.kept.push_back(Entry { number, request, asked: String::new(), answered: String::new() });
        number
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Entry)) {
        let mut entries = lock(&self.0);
        let index = number.checked_sub(entries.forgotten);
        if let Some(entry) = index.and_then(|index| entries.kept.get_mut(index)) {
            change(entry);
        }
    }
}

/// Notes a request when it arrives, since one whose caller hangs up is never answered.
pub async fn record(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    mut request: HttpRequest,
    next: Next,
) -> Response {
    let path = request.uri().path();
    // The page asks for itself again and again.
    if path == "/" || path == "/page.js" {
        return next.run(request).await;
    }
    let number = app.log.add(Request {
        arrived: Instant::now(),
        method: request.method().to_string(),
        path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        api: Api::of(path),
        status: 0,
        api_key: ApiKey::of(request.headers(), app.port).map(ApiKey::name),
        id: params.ok().and_then(|params| id(&params)),
        api_version_date: text(request.headers(), "api-version-date"),
        idempotency_key: text(request.headers(), "idempotency-key"),
    });
    request.extensions_mut().insert(Number(number));
    let response = next.run(request).await;
    if response.extensions().get::<ConnectionDropped>().is_none() {
        app.log.change(number, |entry| entry.request.status = response.status().as_u16());
    }
    response
}

/// Notes the bodies, as they may be shown.
pub async fn bodies(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: HttpRequest,
    next: Next,
) -> Response {
    let Some(&Number(number)) = request.extensions().get() else { return next.run(request).await };
    let bearer = text(request.headers(), header::AUTHORIZATION.as_str()).unwrap_or_default();
    let bearer = bearer.split(' ').next_back().unwrap_or_default();
    let id = params.ok().and_then(|params| id(&params)).unwrap_or_default();
    let secrets = [bearer, if redact::is_ours(&id) { "" } else { &id }];

    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    app.log.change(number, |entry| entry.asked = redact::body(&body, &secrets));
    let response = next.run(HttpRequest::from_parts(head, Body::from(body))).await;

    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if head.extensions.get::<ConnectionDropped>().is_none() {
        app.log.change(number, |entry| entry.answered = redact::body(&body, &secrets));
    }
    Response::from_parts(head, Body::from(body))
}

/// The license key or id in the path, which each route calls so.
fn id(params: &RawPathParams) -> Option<String> {
    params.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_owned())
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(id: usize) -> Request {
        Request {
            arrived: Instant::now(),
            method: String::new(),
            path: String::new(),
            api: None,
            status: 0,
            api_key: None,
            id: Some(id.to_string()),
            api_version_date: None,
            idempotency_key: None,
        }
    }

    #[test]
    fn keeps_the_newest_and_finds_them_by_number() {
        let log = RequestLog::default();
        let numbers: Vec<usize> = (0..KEPT + 5).map(|id| log.add(request(id))).collect();

        for (number, status) in [(numbers[0], 201), (numbers[KEPT + 4], 404)] {
            log.change(number, |entry| entry.request.status = status);
        }

        let kept = log.all();
        assert_eq!(kept.len(), KEPT);
        assert_eq!((kept[0].id.as_deref(), kept[0].status), (Some("5"), 0));
        assert_eq!(kept.last().map(|request| request.status), Some(404));
    }

    #[test]
    fn the_newest_alone_have_their_bodies() {
        let log = RequestLog::default();
        for id in 0..WITH_BODIES + 1 {
            let number = log.add(request(id));
            log.change(number, |entry| entry.asked = "asked".to_owned());
        }

        assert!(log.newest().iter().all(|entry| entry.asked == "asked"));
        assert_eq!(lock(&log.0).kept[0].asked, "");
    }
}
