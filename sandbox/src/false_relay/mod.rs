//! A relay that answers as it is told, with good leases and forged ones, so that a developer sees what his program
//! makes of each. It asks nobody, and is no part of Whop.

mod answer;
mod cases;
mod draft;
mod keys;
mod lease_file;
mod members;
mod question;
mod signatures;
mod table;

use std::collections::HashMap;
use std::sync::Mutex;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::state::{App, lock, now};
use draft::Draft;
use question::Question;

/// What stands under `/false-relay`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/{case}/v2/memberships/{id}/validate_license", post(validate))
        .route("/{case}/lease-file", get(lease_file))
}

/// The first good lease for each license and device.
#[derive(Debug, Default)]
pub struct Earlier(Mutex<HashMap<(String, String), String>>);

#[derive(Deserialize)]
struct Asked {
    case: String,
    id: String,
}

#[derive(Deserialize)]
struct Body {
    metadata: Map<String, Value>,
}

/// `POST /false-relay/{case}/v2/memberships/{key}/validate_license`
async fn validate(
    State(app): State<App>,
    Path(Asked { case, id }): Path<Asked>,
    headers: HeaderMap,
    Json(Body { metadata }): Json<Body>,
) -> Response {
    let (name, value) = metadata.into_iter().next().unwrap_or_default();
    let device = (name, value.as_str().unwrap_or_default().to_owned());
    let nonce = headers.get("whop-license-nonce").and_then(|nonce| nonce.to_str().ok()).unwrap_or_default().to_owned();
    let question = Question { license_key: id, device, product: PRODUCT.to_owned(), nonce, now: now() };
    let subject = (question.key_sha256(), question.device_sha256());
    let mut draft = Draft::new(question);
    let first = {
        let mut earlier = lock(&app.earlier.0);
        if case == "good" && earlier.len() < MOST_EARLIER {
            earlier.entry(subject.clone()).or_insert_with(|| draft.token());
        }
        earlier.get(&subject).cloned()
    };
    draft.earlier = first.filter(|_| case != "good");
    answer(&case, draft, |draft| draft.answer().into_response())
}

/// `GET /false-relay/{case}/lease-file?key=…&device=…`: what a lease file would hold that has kept this lease.
async fn lease_file(Path(case): Path<String>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let of = |name, or: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(known, _)| known == name).map_or_else(|| or.to_owned(), |(_, value)| value.into_owned())
    };
    let device = (of("device_key", "hwid"), of("device", ""));
    let (license_key, product, nonce) = (of("key", ""), of("product", PRODUCT), "stored".to_owned());
    let question = Question { license_key, device, product, nonce, now: now() };
    answer(&case, Draft::new(question), |draft| lease_file::of(draft).into_response())
}

fn answer(case: &str, mut draft: Draft, say: impl FnOnce(&Draft) -> Response) -> Response {
    match cases::apply(case, &mut draft) {
        Some(()) => say(&draft),
        None => {
            let message = "There is no such case: they stand in tests/leases.txt.";
            (StatusCode::NOT_FOUND, Json(json!({"error": {"type": "not_found", "message": message}}))).into_response()
        }
    }
}

const PRODUCT: &str = "prod_sandbox";
const MOST_EARLIER: usize = 1000;
