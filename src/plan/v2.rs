//! A plan by API v2, which has no way to tell a repeat from a second plan.

use super::{Plan, PlanRequest, check};
use crate::api::Api;
use crate::error::Error;
use crate::http::{Http, Repeat, Request};
use crate::model::v2::PLAN_REQUEST;
use crate::refusal;

pub(crate) fn create(
    http: &Http,
    request: &PlanRequest,
    allow_unknown: bool,
    expand: &[&'static str],
) -> Result<Plan, Error> {
    let body = body(request, allow_unknown)?;
    let path = if expand.contains(&"product") { "/v2/plans?expand=product" } else { "/v2/plans" };
    let answer = http.call()?.send(&Request::post(path, &body, Repeat::WhileNothingWasSent))?;
    match answer.http_status() {
        200..300 => Plan::of(Api::V2, answer),
        300..400 => Err(refusal::retired(answer)),
        _ if refusal::says_route_is_gone(&answer) => Err(refusal::retired(answer)),
        _ => Err(Error::refused(answer, &[http.api_key()])),
    }
}

pub(crate) fn body(request: &PlanRequest, allow_unknown: bool) -> Result<String, Error> {
    request.body(&check::Terms { fields: PLAN_REQUEST, renamed: &[], gone: &[] }, allow_unknown)
}
