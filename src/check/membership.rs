//! Membership: what a license key stands for, whichever API tells of it.

use std::borrow::Cow;
use std::fmt;
use std::time::UNIX_EPOCH;

use serde_json::Value;

use crate::answer::Answer;
use crate::api::Api;
use crate::error::Error;
use crate::lease::Claims;
use crate::model::{JsonObject, current, id, product_id, v2};

/// A membership, which is what a license key stands for. Its `Debug` shows nothing about the buyer.
#[derive(Clone, Default)]
pub struct Membership {
    /// None for a relay.
    api: Option<Api>,
    id: Option<String>,
    status: Option<String>,
    product_id: Option<String>,
    plan_id: Option<String>,
    expires_at: Option<i64>,
    answer: Answer,
}

impl Membership {
    /// What an answer says of a membership: nothing if it is no success.
    pub(super) fn of(api: Api, answer: Answer) -> Self {
        let none = JsonObject::new();
        let fields = match answer.http_status() {
            200..300 => answer.fields().unwrap_or(&none),
            _ => &none,
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let (product_id, plan_id, expires_at) = match api {
            Api::Current => {
                let end = text("expires_at").or_else(|| text("current_period_end"));
                (text("product_id"), text("plan_id"), end.as_deref().and_then(unix_seconds))
            }
            Api::V2 => {
                let time = |name| fields.get(name).and_then(Value::as_i64);
                let end = time("expires_at").or_else(|| time("renewal_period_end"));
                (product_id(fields), id(fields.get("plan")), end)
            }
        };
        let (id, status) = (text("id"), text("status"));
        Self { api: Some(api), id, status, product_id, plan_id, expires_at, answer }
    }

    /// What a relay has signed.
    pub(super) fn of_claims(claims: &Claims, answer: Answer) -> Self {
        Self {
            api: None,
            id: claims.id.clone(),
            status: claims.status.clone(),
            product_id: claims.product.clone(),
            plan_id: claims.plan.clone(),
            expires_at: claims.expires_at,
            answer,
        }
    }

    /// A membership of the current API from JSON that was kept: for a server that asks Whop less often than it is asked
    /// itself. [`Client::judge`](crate::Client::judge) needs of it `status`, `product_id` and, of `metadata`, the device's
    /// names.
    ///
    /// # Errors
    ///
    /// [`Error::BadResponse`] for what is no JSON object, or gives a name twice.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let answer = Answer::new(200, None, json.into());
        match answer.fields() {
            Ok(_) => Ok(Self::of(Api::Current, answer)),
            Err(fault) => Err(Error::bad_response(fault, answer)),
        }
    }

    /// The membership's id, `mem_…`.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Where it stands, such as `active`.
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// The product it is a license of, `prod_…`.
    pub fn product_id(&self) -> Option<&str> {
        self.product_id.as_deref()
    }

    /// The plan that was bought, `plan_…`.
    pub fn plan_id(&self) -> Option<&str> {
        self.plan_id.as_deref()
    }

    /// When it ends unless it is renewed, in Unix seconds; none if it does not.
    pub fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// All fields, if the current API told of it. Read anew with each call.
    pub fn current(&self) -> Option<current::Membership> {
        if self.api == Some(Api::Current) { self.answer.object().ok() } else { None }
    }

    /// All fields, if API v2 told of it. Read anew with each call.
    pub fn v2(&self) -> Option<v2::Membership> {
        if self.api == Some(Api::V2) { self.answer.object().ok() } else { None }
    }

    /// The answer it came in, with the JSON as Whop sent it.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    pub(super) fn answer_mut(&mut self) -> &mut Answer {
        &mut self.answer
    }

    pub(super) fn license_key(&self) -> Option<&str> {
        self.answer.fields().ok()?.get("license_key")?.as_str()
    }

    /// What Whop stores with it, a device's binding among it.
    pub(super) fn metadata(&self) -> Result<Cow<'_, JsonObject>, Error> {
        match self.answer.fields().ok().and_then(|fields| fields.get("metadata")) {
            Some(Value::Object(metadata)) => Ok(Cow::Borrowed(metadata)),
            Some(Value::Null) => Ok(Cow::default()),
            _ => Err(Error::bad_response("the answer holds no metadata", self.answer.clone())),
        }
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Of a time such as `2026-09-16T00:04:36.958Z`.
fn unix_seconds(text: &str) -> Option<i64> {
    let time = humantime::parse_rfc3339(text).ok()?;
    time.duration_since(UNIX_EPOCH).ok()?.as_secs().try_into().ok()
}
