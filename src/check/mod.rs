//! A license: what an answer says of it, and the one place that says yes.
//!
//! The APIs do not know each other. Each turns an answer into the same few facts, and [`judge`] makes a verdict of
//! them.

pub(crate) mod current;
mod membership;
mod metadata;
mod proof;
pub(crate) mod relay;
mod reset;
pub(crate) mod v2;
mod verdict;

pub use membership::Membership;
#[cfg(fuzzing)]
pub(crate) use metadata::object as metadata_object;
pub(crate) use metadata::{LONGEST_NAME, LONGEST_VALUE, RELEASED, limit, limit_at_relay};
pub(crate) use proof::Proof;
pub use verdict::{Judgement, Lookup, Verdict};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::answer::Answer;
use crate::error::Error;
use crate::model::is_id;

/// What to validate.
pub(crate) struct Question<'a> {
    pub license_key: &'a str,
    pub metadata: &'a str,
    pub product_id: Option<&'a str>,
}

/// What a license is bound to, seen from this device.
enum Binding {
    Here,
    Elsewhere,
    /// To no device: this is the first use.
    Free,
}

/// The one place that says yes.
fn judge(
    membership: Membership,
    is_entitled: bool,
    product_id: Option<&str>,
    binding: impl FnOnce(&Membership) -> Result<Binding, Error>,
) -> Result<Judgement, Error> {
    let membership = Box::new(membership);
    if !is_entitled {
        return Ok(Judgement::Decided(Verdict::Inactive(membership)));
    }
    if let Some(wanted) = product_id {
        match membership.product_id() {
            Some(product) if product == wanted => {}
            Some(product) if is_id(product, PRODUCT) => {
                return Ok(Judgement::Decided(Verdict::ProductMismatch(membership)));
            }
            // Were Whop to rename the field, a no would lock everybody out.
            _ => {
                return Err(Error::bad_response("the answer does not name the product", membership.answer().clone()));
            }
        }
    }
    Ok(match binding(&membership)? {
        Binding::Here => Judgement::Decided(Verdict::Allowed(membership)),
        Binding::Elsewhere => Judgement::Decided(Verdict::DeviceMismatch(membership)),
        Binding::Free => Judgement::FirstUse(membership),
    })
}

/// Whether nothing that the status is known to mean speaks against it.
fn may_entitle(status: Option<&str>, allow_past_due: bool) -> bool {
    match status {
        Some("past_due") => allow_past_due,
        Some("canceled" | "expired" | "unresolved" | "drafted") | None => false,
        Some(_) => true,
    }
}

/// Whether an answer of 2xx is a membership, and the one that was asked for: else it says neither yes nor no.
fn is_about(answer: &Answer, asked: &str, must_name_key: bool) -> Result<(), String> {
    let sent = answer.fields()?;
    let id = sent.get("id").and_then(Value::as_str).unwrap_or_default();
    if !is_id(id, MEMBERSHIP) || answer.is_failure() {
        return Err("not a membership".into());
    }
    let is_asked = match sent.get("license_key").filter(|key| !key.is_null()) {
        _ if asked.starts_with(MEMBERSHIP) => id == asked,
        Some(key) => key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(asked)),
        None if must_name_key => {
            return Err("the answer names no license key: does the product come with Whop's software licensing?".into());
        }
        None => true,
    };
    if is_asked { Ok(()) } else { Err("the answer is about another license".into()) }
}

/// A license key as one segment of the path, whatever is in it.
pub(crate) fn segment(license_key: &str) -> String {
    utf8_percent_encode(license_key, &NOT_UNRESERVED).to_string()
}

const NOT_UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What the id of every membership begins with.
const MEMBERSHIP: &str = "mem_";
/// What the id of every product begins with.
const PRODUCT: &str = "prod_";
