//! One check: the request is read, the question is put, and what comes back is signed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::{Extension, Router};
use http_body_util::LengthLimitError;
use ipnet::IpNet;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::answer;
use crate::clock::Clock;
use crate::engine::Engine;
use crate::forwarded::{asker, is_unnamed};
use crate::limits::{BODY, BODY_TIME};
use crate::log::Names;
use crate::question::{HasLease, Question};
use crate::report;
use crate::request::{Refusal, Request};
use crate::server::Peer;
use crate::signer::Signer;

/// What checks need.
pub(crate) struct Checks {
    pub engine: Engine,
    pub signer: ArcSwap<Signer>,
    pub names: Names,
    pub clock: Arc<dyn Clock>,
    pub device_key: String,
    pub trusted_proxies: Vec<IpNet>,
    /// As many as may be under way at once.
    pub places: Semaphore,
}

/// What is served to everybody.
pub(crate) fn router(checks: Arc<Checks>) -> Router {
    use axum::routing::{get, post};
    Router::new()
        // Published clients ask with a slash at the end and without.
        .route(&format!("{BEFORE}{{key}}{AFTER}"), post(check))
        .route(&format!("{BEFORE}{{key}}{AFTER}/"), post(check))
        .route("/healthz", get(async || "ok\n"))
        .fallback(async || answer::error(StatusCode::NOT_FOUND, "there is nothing here"))
        .method_not_allowed_fallback(async || answer::error(StatusCode::METHOD_NOT_ALLOWED, "expected POST"))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .with_state(checks)
}

async fn check(
    State(checks): State<Arc<Checks>>,
    Extension(peer): Extension<Peer>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let body = match timeout(BODY_TIME, to_bytes(body, BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) => return refused(too_large(&error)),
        Err(_) => return refused(Refusal::TooSlow),
    };
    // The segment as it came: what it stands for is decoded once.
    let segment = uri.path().strip_prefix(BEFORE).and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let request = match Request::read(segment, &headers, &body, &checks.device_key) {
        Ok(request) => Arc::new(request),
        Err(refusal) => return refused(refusal),
    };
    let Ok(_place) = checks.places.try_acquire() else {
        report::full();
        return answer::wait(StatusCode::SERVICE_UNAVAILABLE, "Licenses cannot be checked now", PAUSE);
    };
    let _busy = peer.connection.busy();
    if is_unnamed(peer.address, &headers, &checks.trusted_proxies) {
        report::unnamed();
    }
    let began = Instant::now();
    let question = Question {
        license_key: request.license_key.clone(),
        device: request.device.clone(),
        from: asker(peer.address, &headers, &checks.trusted_proxies),
        has_lease: has_lease(&checks, &request),
    };
    let outcome = checks.engine.check(&question).await;
    let (lease, unsigned) = match checks.signer.load().lease(&request, &outcome, checks.clock.wall()) {
        Ok(lease) => (Some(lease), None),
        Err(unsigned) => (None, Some(unsigned)),
    };
    report::checked(&checks.names, &question, &outcome, unsigned, began.elapsed());
    answer::outcome(&outcome, lease)
}

fn has_lease(checks: &Checks, request: &Arc<Request>) -> HasLease {
    if request.lease.is_none() {
        return false.into();
    }
    let (signer, request, now) = (checks.signer.load_full(), request.clone(), checks.clock.wall());
    HasLease::when_needed(move || signer.holds_lease(&request, now))
}

fn refused(refusal: Refusal) -> Response {
    report::refused(refusal);
    answer::refusal(refusal)
}

fn too_large(error: &axum::Error) -> Refusal {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return Refusal::TooLarge;
        }
        cause = error.source();
    }
    Refusal::Malformed("the body cannot be read")
}

/// What went wrong stays in the log, where the panic has told it.
fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    report::panicked();
    answer::wait(StatusCode::SERVICE_UNAVAILABLE, "Licenses cannot be checked now", PAUSE)
}

const BEFORE: &str = "/v2/memberships/";
const AFTER: &str = "/validate_license";
const PAUSE: Duration = Duration::from_secs(2);
