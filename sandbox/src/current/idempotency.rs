//! `Idempotency-Key`: a request that is repeated is answered again and does nothing again.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{OriginalUri, Request, State};
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::api_keys::ApiKey;
use crate::current::Error;
use crate::current::version::Version;
use crate::edge::ConnectionDropped;
use crate::state::{App, lock};

const HEADER: &str = "idempotency-key";
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const LONGEST: usize = 255;
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What was asked and answered under each key, by API key.
#[derive(Debug, Default)]
pub struct Idempotency(HashMap<(ApiKey, String), Entry>);

#[derive(Debug)]
struct Entry {
    since: Instant,
    asked: Asked,
    /// `None` while it runs.
    answer: Option<(Parts, Bytes)>,
}

/// What has to be the same.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    path_and_query: String,
    body: Bytes,
    date: &'static str,
}

/// Runs a request whose key is new, and repeats the answer to one that was there before.
pub async fn once(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    Extension(caller): Extension<ApiKey>,
    Extension(version): Extension<Version>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let Some(key) = key_of(request.headers())? else { return Ok(next.run(request).await) };
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|_| Error::broken())?;
    let path_and_query = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let asked = Asked { path_and_query, body: body.clone(), date: version.date() };

    let key = (caller, key);
    if let Some(answer) = lock(&app.idempotency).begin(key.clone(), asked, Instant::now())? {
        return Ok(replayed(answer));
    }
    // It runs to its end, even when its caller has hung up.
    let run = async move {
        let (head, body) = next.run(Request::from_parts(head, body.into())).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        lock(&app.idempotency).finish(&key, (head.clone(), body.clone()));
        Response::from_parts(head, Body::from(body))
    };
    tokio::spawn(run).await.map_err(|_| Error::broken())
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let Some(key) = headers.get(HEADER) else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
    let invalid = || Error::invalid(HEADER, format!("Idempotency-Key must have 1 to {LONGEST} characters of ASCII."));
    key.map(|key| Some(key.to_owned())).ok_or_else(invalid)
}

fn replayed((mut head, body): (Parts, Bytes)) -> Response {
    head.extensions.remove::<ConnectionDropped>();
    head.headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Response::from_parts(head, Body::from(body))
}

impl Idempotency {
    /// The answer that was given, or `None` for a request that has to run.
    fn begin(&mut self, key: (ApiKey, String), asked: Asked, now: Instant) -> Result<Option<(Parts, Bytes)>, Error> {
        self.0.retain(|_, entry| now.duration_since(entry.since) < KEPT);
        match self.0.get(&key) {
            None => {
                self.0.insert(key, Entry { since: now, asked, answer: None });
                Ok(None)
            }
            Some(entry) if entry.asked != asked => {
                Err(Error::invalid(HEADER, "This Idempotency-Key was used for another request."))
            }
            Some(Entry { answer: None, .. }) => {
                Err(Error::refused(StatusCode::CONFLICT, "The request with this Idempotency-Key is still running."))
            }
            Some(Entry { answer: Some(answer), .. }) => Ok(Some(answer.clone())),
        }
    }

    fn finish(&mut self, key: &(ApiKey, String), answer: (Parts, Bytes)) {
        if let Some(entry) = self.0.get_mut(key) {
            entry.answer = Some(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> (ApiKey, String) {
        (ApiKey::Full, "a".to_owned())
    }

    fn asked(body: &'static str) -> Asked {
        Asked { path_and_query: "/plans".to_owned(), body: Bytes::from(body), date: "2026-09-23" }
    }

    #[test]
    fn an_answer_is_kept_for_a_day() {
        let (mut idempotency, start) = (Idempotency::default(), Instant::now());
        assert!(idempotency.begin(key(), asked("1"), start).unwrap().is_none());
        idempotency.finish(&key(), (Response::new(()).into_parts().0, Bytes::from("answer")));

        let later = start + KEPT - Duration::from_secs(1);
        assert_eq!(idempotency.begin(key(), asked("1"), later).unwrap().unwrap().1, "answer");
        assert!(idempotency.begin(key(), asked("2"), later).is_err());
        assert!(idempotency.begin(key(), asked("2"), start + KEPT).unwrap().is_none());
    }
}
