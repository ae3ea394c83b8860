//! What was asked of the sandbox, for tests and for the page.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Instant;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request as HttpRequest, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::api_keys::ApiKey;
use crate::errors::ConnectionDropped;
use crate::state::{App, lock};

const KEPT: usize = 10_000;

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
    /// The HTTP status that was answered; 0 when there is no answer, or none yet.
    pub status: u16,
    /// The name of its API key: `full` or `validate`; `None` when there is none or it is not known.
    pub api_key: Option<&'static str>,
    /// The license key, membership id or plan id in the path, decoded.
    pub id: Option<String>,
}

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub struct RequestLog(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// How many have been dropped from the front.
    forgotten: usize,
    kept: VecDeque<Request>,
}

impl RequestLog {
    pub fn all(&self) -> Vec<Request> {
        lock(&self.0).kept.iter().cloned().collect()
    }

    /// The newest first, at most so many.
    pub fn newest(&self, count: usize) -> Vec<Request> {
        lock(&self.0).kept.iter().rev().take(count).cloned().collect()
    }

    fn add(&self, request: Request) -> usize {
        let mut entries = lock(&self.0);
        if entries.kept.len() == KEPT {
            entries.kept.pop_front();
            entries.forgotten += 1;
        }
        entries.kept.push_back(request);
        entries.forgotten + entries.kept.len() - 1
    }

    fn answered(&self, number: usize, status: u16) {
        let mut entries = lock(&self.0);
        let index = number.checked_sub(entries.forgotten);
        if let Some(request) = index.and_then(|index| entries.kept.get_mut(index)) {
            request.status = status;
        }
    }
}

/// Notes a request when it arrives, since one whose caller hangs up is never answered.
pub async fn record(
    State(app): State<App>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: HttpRequest,
    next: Next,
) -> Response {
    if request.uri().path() == "/" {
        return next.run(request).await;
    }
    let number = app.log.add(Request {
        arrived: Instant::now(),
        method: request.method().to_string(),
        path: request.uri().path_and_query().map(ToString::to_string).unwrap_or_default(),
        status: 0,
        api_key: ApiKey::of(request.headers(), app.port).map(ApiKey::name),
        id: params.ok().and_then(|params| params.iter().next().map(|(_, id)| id.to_owned())),
    });
    let response = next.run(request).await;
    if response.extensions().get::<ConnectionDropped>().is_none() {
        app.log.answered(number, response.status().as_u16());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(id: usize) -> Request {
        let (method, path) = (String::new(), String::new());
        Request { arrived: Instant::now(), method, path, status: 0, api_key: None, id: Some(id.to_string()) }
    }

    #[test]
    fn keeps_the_newest_and_finds_them_by_number() {
        let log = RequestLog::default();
        let numbers: Vec<usize> = (0..KEPT + 5).map(|id| log.add(request(id))).collect();

        log.answered(numbers[0], 201);
        log.answered(numbers[KEPT + 4], 404);

        let kept = log.all();
        assert_eq!(kept.len(), KEPT);
        assert_eq!((kept[0].id.as_deref(), kept[0].status), (Some("5"), 0));
        assert_eq!(kept.last().map(|request| request.status), Some(404));
    }
}
