//! Validate: the request, and the verdict that its answer means.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::answer::Answer;
use crate::argument;
use crate::error::Error;
use crate::http::{Http, Repeat};
use crate::object::{Expandable, JsonObject, Membership, is_id};
use crate::redact;
use crate::refusal;

/// Whop's answer about a license. Nothing but [`Verdict::Allowed`] is a yes.
///
/// The text is one sentence for the customer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// The license entitles here, now.
    Allowed(Box<Membership>),
    /// There is no such license.
    NotFound(Answer),
    /// The license does not entitle: expired, canceled, unpaid. Its `status` says which.
    Inactive(Box<Membership>),
    /// The license is bound to another device, until the buyer resets it.
    DeviceMismatch(Answer),
    /// The license is of another product of the company. If it was free, this check has bound it to this product's
    /// device id.
    ProductMismatch(Box<Membership>),
}

impl Verdict {
    /// Whether the customer may run the program.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// The membership, where Whop showed it.
    pub fn membership(&self) -> Option<&Membership> {
        match self {
            Self::Allowed(membership) | Self::Inactive(membership) | Self::ProductMismatch(membership) => {
                Some(membership)
            }
            Self::NotFound(_) | Self::DeviceMismatch(_) => None,
        }
    }

    /// What came back.
    pub fn answer(&self) -> &Answer {
        match self {
            Self::Allowed(membership) | Self::Inactive(membership) | Self::ProductMismatch(membership) => {
                membership.answer()
            }
            Self::NotFound(answer) | Self::DeviceMismatch(answer) => answer,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed(_) => "The license is valid here.",
            Self::NotFound(_) => "There is no such license: check the key for typing errors.",
            Self::Inactive(_) => "The license is not active: it has expired, was canceled or is unpaid.",
            Self::DeviceMismatch(_) => {
                "The license is in use on another device: reset the key in your Whop dashboard, then try again."
            }
            Self::ProductMismatch(_) => "The license is for another product.",
        })
    }
}

/// What to validate.
pub(crate) struct Question<'a> {
    pub license_key: &'a str,
    pub metadata: &'a str,
    pub product_id: Option<&'a str>,
    pub expand: &'a [&'static str],
}

pub(crate) fn validate(http: &Http, question: &Question<'_>) -> Result<Verdict, Error> {
    let license_key = argument::license_key(question.license_key)?;
    let segment = segment(&license_key);
    let metadata = object(question.metadata)?;
    let mut path = format!("/v2/memberships/{segment}/validate_license");
    if !question.expand.is_empty() {
        path = format!("{path}?expand={}", question.expand.join(","));
    }
    let answer = http.post(&path, &format!(r#"{{"metadata":{metadata}}}"#), Repeat::Harmless)?;
    let is_refused = !(200..300).contains(&answer.http_status());
    let values = if is_refused { redact::values(metadata) } else { Vec::new() };
    let secrets: Vec<_> =
        [&*license_key, http.api_key()].into_iter().chain(values.iter().map(|value| &**value)).collect();
    verdict(answer, &license_key, question.product_id, &secrets)
}

/// What an answer to the license key `asked` means. The `secrets` are struck out of Whop's reason.
pub(crate) fn verdict(
    answer: Answer,
    asked: &str,
    product_id: Option<&str>,
    secrets: &[&str],
) -> Result<Verdict, Error> {
    match answer.http_status() {
        200..300 => judge(answer, asked, product_id),
        400 if refusal::says_other_device(&answer, asked) => Ok(Verdict::DeviceMismatch(answer)),
        404 if refusal::says_not_there(&answer, asked) => Ok(Verdict::NotFound(answer)),
        404 if !answer.is_html() => {
            Err(Error::bad_response("a 404 that does not say that there is no such license", answer))
        }
        _ => Err(Error::refused(answer, secrets)),
    }
}

/// The one place that says yes.
fn judge(answer: Answer, asked: &str, product_id: Option<&str>) -> Result<Verdict, Error> {
    if let Err(fault) = check(&answer, asked) {
        return Err(Error::bad_response(fault, answer));
    }
    let membership = Box::new(Membership::from_answer(answer)?);
    if membership.valid != Some(true) {
        return Ok(Verdict::Inactive(membership));
    }
    match product_id {
        None => Ok(Verdict::Allowed(membership)),
        Some(wanted) => match product_of(&membership) {
            Some(product) if product == wanted => Ok(Verdict::Allowed(membership)),
            Some(product) if is_id(product, PRODUCT) => Ok(Verdict::ProductMismatch(membership)),
            // Were Whop to rename the field, a no would lock everybody out.
            _ => Err(Error::bad_response("the answer does not name the product", membership.answer().clone())),
        },
    }
}

/// Whether an answer of 2xx is a membership, and the one that was asked for: else it says neither yes nor no.
fn check(answer: &Answer, asked: &str) -> Result<(), String> {
    #[derive(Deserialize)]
    struct Sent {
        id: Option<Value>,
        license_key: Option<Value>,
    }
    let sent: Sent = answer.object()?;
    let id = sent.id.as_ref().and_then(Value::as_str).unwrap_or_default();
    if !is_id(id, MEMBERSHIP) || answer.is_failure() {
        return Err("not a membership".into());
    }
    let is_asked = match sent.license_key {
        _ if asked.starts_with(MEMBERSHIP) => id == asked,
        Some(key) => key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(asked)),
        None => true,
    };
    if is_asked { Ok(()) } else { Err("the answer is about another license".into()) }
}

/// `access_pass` counts only where there is no `product` at all, not where it is of a shape that is not understood.
fn product_of(membership: &Membership) -> Option<&str> {
    #[derive(Deserialize)]
    struct Sent {
        product: Option<IgnoredAny>,
    }
    let no_product = membership.answer().object::<Sent>().ok()?.product.is_none();
    match if no_product { &membership.access_pass } else { &membership.product }.as_ref()? {
        Expandable::Id(id) => Some(id),
        Expandable::Object(product) => product.id.as_deref(),
    }
}

/// A license key as one segment of the path, whatever is in it.
pub(crate) fn segment(license_key: &str) -> String {
    utf8_percent_encode(license_key, &NOT_UNRESERVED).to_string()
}

/// The caller's own bytes, once they are known to be an object: a repeat must be the same bytes.
pub(crate) fn object(metadata: &str) -> Result<&str, Error> {
    let metadata = argument::json("metadata_json", metadata)?;
    match serde_json::from_str::<JsonObject>(metadata) {
        Ok(_) => Ok(metadata),
        Err(error) if error.is_data() => {
            Err(Error::argument("metadata_json", r#"expected a JSON object, such as {"hwid":"…"}"#))
        }
        Err(error) => Err(Error::argument("metadata_json", format!("not JSON: {error}"))),
    }
}

const NOT_UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What the id of every membership begins with.
const MEMBERSHIP: &str = "mem_";
/// What the id of every product begins with.
const PRODUCT: &str = "prod_";
