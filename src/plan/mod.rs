//! Create: the request, and the plan that came of it.

mod complaint;
mod request;

pub use request::{CustomField, CustomFieldInput, PlanRequest};

use crate::answer::Answer;
use crate::error::Error;
use crate::http::{Http, Repeat};
use crate::object::{Plan, is_id};

pub(crate) fn create(http: &Http, request: &PlanRequest, allow_unknown: bool, expand: bool) -> Result<Plan, Error> {
    let body = request.body(allow_unknown)?;
    let path = if expand { "/v2/plans?expand=product" } else { "/v2/plans" };
    let answer = http.post(path, &body, Repeat::WhileNothingWasSent)?;
    match answer.http_status() {
        200..300 => created(answer),
        _ => Err(Error::refused(answer, &[http.api_key()])),
    }
}

fn created(answer: Answer) -> Result<Plan, Error> {
    let plan = Plan::from_answer(answer)?;
    if !plan.id.as_deref().is_some_and(|id| is_id(id, PLAN)) || plan.answer().is_failure() {
        return Err(Error::bad_response("not a plan", plan.answer().clone()));
    }
    Ok(plan)
}

/// What the id of every plan begins with.
const PLAN: &str = "plan_";
