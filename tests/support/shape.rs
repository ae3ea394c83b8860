//! The same thing, in the shape of each API.

use serde_json::{Value, json};
use whop_license::{Api, Error, PlanRequest, Verdict};

use super::act::{Act, answer};

/// Whop's APIs.
pub const BOTH: [Api; 2] = [Api::Current, Api::V2];
/// The device that the memberships below are bound to.
pub const DEVICE: &str = r#"{"hwid":"this-device"}"#;

/// A membership of `prod_1` that entitles this device, as the API shows it.
pub fn membership(api: Api, license_key: &str) -> Value {
    match api {
        Api::Current => json!({
            "id": "mem_12", "status": "active", "license_key": license_key, "metadata": {"hwid": "this-device"},
            "product_id": "prod_1", "plan_id": "plan_2", "current_period_end": null,
        }),
        Api::V2 => json!({
            "id": "mem_12", "status": "active", "license_key": license_key, "metadata": {"hwid": "this-device"},
            "product": "prod_1", "plan": "plan_2", "expires_at": null, "valid": true,
        }),
    }
}

/// The answer that says so: what either call is content with, since the peer makes a plan of it for a creation.
pub fn entitled(api: Api, license_key: &str) -> String {
    let status = match api {
        Api::Current => 200,
        Api::V2 => 201,
    };
    answer(status, &membership(api, license_key).to_string())
}

/// Says yes to every check of a license on this device, in the API that asks, and takes every plan.
pub fn yes(device: &'static str) -> Act {
    Act::ask(move |request| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        let Some((base, license)) = path.split_once("/memberships/") else {
            return Act::Send(answer(200, r#"{"id":"plan_1"}"#));
        };
        let api = if base.ends_with("/v2") { Api::V2 } else { Api::Current };
        let mut shown = membership(api, license.split(['/', '?']).next().unwrap_or_default());
        shown["metadata"]["hwid"] = device.into();
        Act::Send(answer(200, &shown.to_string()))
    })
}

/// A refusal, as both APIs put it.
pub fn failure(status: u16, message: &str) -> String {
    let kind = if status == 404 { "not_found" } else { "x" };
    answer(status, &json!({"error": {"type": kind, "message": message}}).to_string())
}

/// A plan that leaves all to Whop.
pub fn plan() -> PlanRequest {
    PlanRequest::from_json("{}").unwrap()
}

/// The number that C is given of a check.
pub fn status_of(outcome: &Result<Verdict, Error>) -> i32 {
    outcome.as_ref().map_or_else(status_of_error, status_of_verdict)
}

/// The number that C is given of a verdict.
pub fn status_of_verdict(verdict: &Verdict) -> i32 {
    match verdict {
        Verdict::Allowed(_) => 0,
        Verdict::NotFound(_) => 100,
        Verdict::Inactive(_) => 101,
        Verdict::DeviceMismatch(_) => 102,
        Verdict::ProductMismatch(_) => 103,
        _ => panic!("a new verdict"),
    }
}

/// The number that C is given of an error.
pub fn status_of_error(error: &Error) -> i32 {
    match error {
        Error::InvalidArgument { .. } => 200,
        Error::Unauthorized(_) => 201,
        Error::Forbidden { .. } => 202,
        Error::Rejected { .. } => 203,
        Error::Unreachable { .. } => 300,
        Error::NoAnswer { .. } | Error::HalfReset { .. } => 301,
        Error::RateLimited { .. } => 302,
        Error::ServerError(_) => 303,
        Error::BadResponse { .. } => 304,
        Error::NoDeviceId => 305,
        Error::Untrusted { .. } => 306,
        Error::Relay { cause, .. } => status_of_error(cause),
        _ => panic!("a new error"),
    }
}
