//! A plan by the current API, which calls plans variants, and takes each creation once.

use super::{Plan, PlanRequest, check};
use crate::answer::Answer;
use crate::api::Api;
use crate::error::Error;
use crate::http::{Http, Repeat, Request};
use crate::model::current::{PLAN_REQUEST, RENAMED};
use crate::model::v2;
use crate::refusal;
use crate::sys::random;

pub(crate) fn create(
    http: &Http,
    request: &PlanRequest,
    allow_unknown: bool,
    version_date: &str,
) -> Result<Plan, Error> {
    let body = body(request, allow_unknown)?;
    let mut call = http.call()?;
    let mut path = VARIANTS;
    let mut key = idempotency_key()?;
    loop {
        let may_exist = call.may_have_worked();
        let request = Request::post(path, &body, Repeat::AlsoAfterConflict);
        let request = request.version_date(version_date).idempotency_key(&key);
        let outcome = call.send_once(&request);
        // A route that has a creation on it is never left: on the other one it would be a second creation.
        let is_gone = outcome.as_ref().is_ok_and(refusal::says_route_is_gone);
        if is_gone && path == VARIANTS && !may_exist {
            path = PLANS;
            key = idempotency_key()?;
            call.settle();
            continue;
        }
        if !call.wait_to_repeat(&request, &outcome)? {
            return outcome.and_then(|answer| created(answer, http.api_key())).map_err(|error| match error {
                error @ (Error::NoAnswer { .. } | Error::Canceled) => error,
                error if may_exist => {
                    Error::NoAnswer { cause: format!("an earlier try may have created the plan, and then: {error}") }
                }
                error => error,
            });
        }
    }
}

pub(crate) fn body(request: &PlanRequest, allow_unknown: bool) -> Result<String, Error> {
    request.body(&check::Terms { fields: PLAN_REQUEST, renamed: RENAMED, gone: v2::PLAN_REQUEST }, allow_unknown)
}

fn created(answer: Answer, api_key: &str) -> Result<Plan, Error> {
    match answer.http_status() {
        200..300 => Plan::of(Api::Current, answer),
        409 => Err(Error::NoAnswer { cause: "Whop is still at it, or does not know how it ended (409)".into() }),
        _ => Err(Error::refused(answer, &[api_key]).lacks("plan:create")),
    }
}

/// A name for one creation that no other has, in any process.
fn idempotency_key() -> Result<String, Error> {
    let bytes: [u8; 16] = random().ok_or(Error::Unreachable { cause: "the system gives no random numbers".into() })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

const VARIANTS: &str = "/v1/variants";
/// The same by its older name.
const PLANS: &str = "/v1/plans";
