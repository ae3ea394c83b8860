//! Create: the request, and the plan that came of it.

mod check;
pub(crate) mod current;
mod request;
pub(crate) mod v2;

pub use request::PlanRequest;

use std::fmt;

use serde_json::Value;

use crate::answer::Answer;
use crate::api::Api;
use crate::error::Error;
use crate::model::{self, is_id, product_id};

/// A plan that was created: the terms on which a product is sold.
#[derive(Clone, Default)]
pub struct Plan {
    api: Api,
    id: String,
    product_id: Option<String>,
    answer: Answer,
}

impl Plan {
    /// The plan in an answer of 2xx.
    fn of(api: Api, answer: Answer) -> Result<Self, Error> {
        let fields = match answer.fields() {
            Ok(fields) => fields,
            Err(fault) => return Err(Error::bad_response(fault, answer)),
        };
        let id = fields.get("id").and_then(Value::as_str).filter(|id| is_id(id, PLAN));
        let (Some(id), false) = (id, answer.is_failure()) else {
            return Err(Error::bad_response("not a plan", answer));
        };
        Ok(Self { api, id: id.to_owned(), product_id: product_id(fields), answer })
    }

    /// The plan's id, `plan_…`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The product that is sold, `prod_…`.
    pub fn product_id(&self) -> Option<&str> {
        self.product_id.as_deref()
    }

    /// All fields, if the current API created it. Read anew with each call.
    pub fn current(&self) -> Option<model::current::Plan> {
        if self.api == Api::Current { self.answer.object().ok() } else { None }
    }

    /// All fields, if API v2 created it. Read anew with each call.
    pub fn v2(&self) -> Option<model::v2::Plan> {
        if self.api == Api::V2 { self.answer.object().ok() } else { None }
    }

    /// The answer it came in, with the JSON as Whop sent it.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What the id of every plan begins with.
const PLAN: &str = "plan_";
