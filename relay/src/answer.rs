//! What goes out: the fields that may be told, in the shapes of Whop's API v2, and nothing else.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use whop_license::lease::Reason;

use crate::question::{Facts, Later, Outcome};
use crate::request::Refusal;

/// A license that is known. What is not here is not told.
#[derive(Serialize)]
struct License<'a> {
    id: &'a str,
    valid: bool,
    status: &'a str,
    product: &'a str,
    plan: Option<&'a str>,
    expires_at: Option<i64>,
    cancel_at_period_end: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease: Option<String>,
}

/// Why there is no license to tell of.
#[derive(Serialize)]
struct Refused {
    error: Fault,
    #[serde(skip_serializing_if = "Option::is_none")]
    lease: Option<String>,
}

#[derive(Serialize)]
struct Fault {
    status: u16,
    message: &'static str,
}

/// The answer to a question, with the signed one in it.
pub(crate) fn outcome(outcome: &Outcome, lease: Option<String>) -> Response {
    match outcome {
        Outcome::Known(facts) => license(facts, lease),
        Outcome::Denied(reason) => {
            let (status, message) = denial(*reason);
            refused(status, message, lease)
        }
        Outcome::Later(why, wait) => later(*why, *wait),
    }
}

/// The answer to what cannot be read.
pub(crate) fn refusal(refusal: Refusal) -> Response {
    let (status, message) = match refusal {
        Refusal::Malformed(fault) => (StatusCode::BAD_REQUEST, fault),
        Refusal::MembershipId => (StatusCode::NOT_FOUND, NOT_FOUND),
        Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        Refusal::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "expected application/json"),
        Refusal::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the body did not come in time"),
    };
    refused(status, message, None)
}

/// An error without a lease.
pub(crate) fn error(status: StatusCode, message: &'static str) -> Response {
    refused(status, message, None)
}

/// An error that goes away by itself.
pub(crate) fn wait(status: StatusCode, message: &'static str, wait: Duration) -> Response {
    let mut response = refused(status, message, None);
    // Rounded up: who comes back a moment too early is refused again.
    let seconds = wait.as_millis().div_ceil(1000).clamp(1, LONGEST_WAIT);
    let seconds = u32::try_from(seconds).unwrap_or(1);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn license(facts: &Facts, lease: Option<String>) -> Response {
    let Facts { id, valid, status, product, plan, expires_at, cancel_at_period_end, ends_at: _ } = facts;
    json(
        StatusCode::CREATED,
        &License {
            id,
            valid: *valid,
            status,
            product,
            plan: plan.as_deref(),
            expires_at: *expires_at,
            cancel_at_period_end: *cancel_at_period_end,
            lease,
        },
    )
}

fn denial(reason: Reason) -> (StatusCode, &'static str) {
    match reason {
        Reason::DeviceMismatch => (StatusCode::BAD_REQUEST, OTHER_DEVICE),
        // The lease says which: without one, whose product it is stays untold.
        _ => (StatusCode::NOT_FOUND, NOT_FOUND),
    }
}

/// The seller's trouble is not told to whoever asks.
fn later(why: Later, how_long: Duration) -> Response {
    match why {
        Later::AddressTooBusy | Later::LicenseTooBusy | Later::LimitIsNear => {
            wait(StatusCode::TOO_MANY_REQUESTS, "You are being rate limited", how_long)
        }
        Later::WhopIsAway
        | Later::ApiKeyRefused
        | Later::NotProved
        | Later::StoreIsAway
        | Later::ClockIsWrong
        | Later::Unusable => wait(StatusCode::SERVICE_UNAVAILABLE, "Licenses cannot be checked now", how_long),
    }
}

fn refused(status: StatusCode, message: &'static str, lease: Option<String>) -> Response {
    json(status, &Refused { error: Fault { status: status.as_u16(), message }, lease })
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let Ok(body) = serde_json::to_vec(body) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}

/// As Whop says them, for programs that read the message.
const OTHER_DEVICE: &str = "Please reset your key to use on a new machine";
const NOT_FOUND: &str = "No such Membership found with the provided ID";
/// An hour: nothing that a program waits for takes longer.
const LONGEST_WAIT: u128 = 60 * 60;

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use serde_json::{Value, json};

    use super::*;

    fn facts() -> Facts {
        Facts {
            id: "mem_1".into(),
            valid: true,
            status: "active".into(),
            product: "prod_1".into(),
            plan: None,
            expires_at: Some(1_800_000_000),
            cancel_at_period_end: false,
            ends_at: Some(1_900_000_000),
        }
    }

    async fn read(response: Response) -> (u16, Option<String>, Value) {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["cache-control"], "no-store");
        let wait = headers.get("retry-after").map(|wait| wait.to_str().unwrap().to_owned());
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, wait, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn known_license_is_told_in_the_allowed_fields_alone() {
        let answered = read(outcome(&Outcome::Known(facts()), Some("a.b.c".into()))).await;
        let fields = json!({
            "id": "mem_1", "valid": true, "status": "active", "product": "prod_1", "plan": null,
            "expires_at": 1_800_000_000, "cancel_at_period_end": false, "lease": "a.b.c",
        });
        assert_eq!(answered, (201, None, fields));
        let (_, _, unsigned) = read(outcome(&Outcome::Known(facts()), None)).await;
        assert!(unsigned.get("lease").is_none());
    }

    #[tokio::test]
    async fn denials_have_the_status_and_the_words_of_v2() {
        for (reason, status) in
            [(Reason::DeviceMismatch, 400), (Reason::LicenseNotFound, 404), (Reason::ProductMismatch, 404)]
        {
            let (answered, _, body) = read(outcome(&Outcome::Denied(reason), Some("a.b.c".into()))).await;
            assert_eq!((answered, &body["error"]["status"], &body["lease"]), (status, &json!(status), &json!("a.b.c")));
            assert_eq!(body.as_object().unwrap().len(), 2);
        }
    }

    #[tokio::test]
    async fn every_wait_is_told_in_seconds_and_nobody_learns_why() {
        let busy = [Later::AddressTooBusy, Later::LicenseTooBusy, Later::LimitIsNear];
        let away = [
            Later::WhopIsAway,
            Later::ApiKeyRefused,
            Later::NotProved,
            Later::StoreIsAway,
            Later::ClockIsWrong,
            Later::Unusable,
        ];
        for (why, status) in busy.map(|why| (why, 429)).into_iter().chain(away.map(|why| (why, 503))) {
            for (ms, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (u64::MAX, "3600")] {
                let (answered, wait, body) = read(outcome(&Outcome::Later(why, Duration::from_millis(ms)), None)).await;
                assert_eq!((answered, wait.as_deref()), (status, Some(seconds)), "{why:?}");
                assert!(!body.to_string().contains("key") && body.get("lease").is_none(), "{body}");
            }
        }
    }
}
