//! The plan that is asked for.

use serde::Serialize;
use serde_json::Value;

use super::check::{self, Terms, fault};
use crate::argument;
use crate::error::Error;
use crate::model::{JsonObject, current, v2};

/// A plan to create: the fields of the API that is asked. A field that is not given, or null, is left to Whop.
///
/// Made from [`current::PlanRequest`], from [`v2::PlanRequest`], or from JSON. Prices are in major units of the
/// currency: 10.43 is $10.43.
///
/// ```
/// use whop_license::{Client, current};
///
/// # let sandbox = whop_sandbox::Sandbox::start(whop_sandbox::Options::default())?;
/// # let api_key = sandbox.api_key("full");
/// let client = Client::builder(&api_key).build()?;
/// let plan = client.create_plan(current::PlanRequest {
///     product_id: Some("prod_sandbox".into()),
///     initial_price: Some(19.99),
///     currency: Some("eur".into()),
///     ..Default::default()
/// })?;
/// assert!(plan.id().starts_with("plan_"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlanRequest {
    fields: Result<JsonObject, Error>,
}

impl PlanRequest {
    /// Reads a JSON object. Its fields are checked when the plan is created.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for what is no JSON object, or gives a field twice.
    pub fn from_json(plan_json: &str) -> Result<Self, Error> {
        let fields = argument::json_object("plan_json", plan_json, r#"{"product_id":"prod_…"}"#)?;
        Ok(Self { fields: Ok(fields) })
    }

    /// The body to send.
    pub(crate) fn body(&self, terms: &Terms<'_>, allow_unknown: bool) -> Result<String, Error> {
        let mut fields = self.fields.clone()?;
        check::fields(&fields, terms, allow_unknown)?;
        fields.retain(|name, value| !value.is_null() || !terms.fields.iter().any(|known| known.name == name));
        let body = Value::Object(fields).to_string();
        argument::json("plan_json", &body)?;
        Ok(body)
    }

    fn typed(request: &impl Serialize) -> Self {
        let fields = match serde_json::to_value(request) {
            Ok(Value::Object(fields)) => fields,
            _ => return Self { fields: Err(fault("cannot be written as JSON")) },
        };
        // A field that is not given is left out, so this was one: JSON has no numbers that are not finite.
        match fields.iter().find(|(_, value)| value.is_null()) {
            Some((name, _)) => Self { fields: Err(fault(format!("{name}: not a finite number"))) },
            None => Self { fields: Ok(fields) },
        }
    }
}

impl From<&PlanRequest> for PlanRequest {
    fn from(request: &PlanRequest) -> Self {
        request.clone()
    }
}

impl From<current::PlanRequest> for PlanRequest {
    fn from(request: current::PlanRequest) -> Self {
        Self::typed(&request)
    }
}

impl From<v2::PlanRequest> for PlanRequest {
    fn from(request: v2::PlanRequest) -> Self {
        Self::typed(&request)
    }
}
