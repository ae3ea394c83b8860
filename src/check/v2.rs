//! A license by API v2: one request, which Whop answers with its own verdict.

use serde_json::Value;

use super::{Binding, Judgement, Lookup, Membership, Question, Verdict, is_about, judge, metadata, reset, segment};
use crate::answer::Answer;
use crate::api::Api;
use crate::argument;
use crate::error::Error;
use crate::http::{Http, Repeat, Request};
use crate::redact;
use crate::refusal;

pub(crate) fn validate(http: &Http, question: &Question<'_>, expand: &[&'static str]) -> Result<Verdict, Error> {
    let license_key = argument::license_key(question.license_key)?;
    let metadata = metadata::object(question.metadata)?;
    let mut path = format!("/v2/memberships/{}/validate_license", segment(&license_key));
    if !expand.is_empty() {
        path = format!("{path}?expand={}", expand.join(","));
    }
    let body = format!(r#"{{"metadata":{metadata}}}"#);
    let answer = http.call()?.send(&Request::post(&path, &body, Repeat::Harmless))?;
    let is_refused = !(200..300).contains(&answer.http_status());
    let values = if is_refused { redact::values(metadata) } else { Vec::new() };
    let secrets: Vec<_> =
        [&*license_key, http.api_key()].into_iter().chain(values.iter().map(|value| &**value)).collect();
    verdict(answer, &license_key, question.product_id, &secrets)
}

/// Whether the arguments can be sent.
pub(crate) fn check(question: &Question<'_>) -> Result<(), Error> {
    argument::license_key(question.license_key)?;
    metadata::object(question.metadata).map(drop)
}

/// Frees the device under this name, and leaves the other metadata as it is.
pub(crate) fn reset(http: &Http, license_key: &str, name: &str) -> Result<Lookup, Error> {
    let license_key = argument::license_key(license_key)?;
    let secrets = [&*license_key, http.api_key()];
    let path = format!("/v2/memberships/{}", segment(&license_key));
    let mut call = http.call()?;
    let answer = call.send(&Request::get(&path))?;
    if answer.http_status() == 404 && refusal::says_not_there(&answer, &license_key) {
        return Ok(Lookup::NotFound(answer));
    }
    let before = membership(answer, &license_key, &secrets)?;
    let mut stored = redact::values_of(before.metadata()?.values());
    stored.extend(before.license_key().map(str::to_owned));
    let secrets: Vec<_> = secrets.into_iter().chain(stored.iter().map(|value| &**value)).collect();
    let after = reset::free(before, name, &mut call, |call, metadata| {
        let body = metadata::body(metadata)?;
        membership(call.send(&Request::post(&path, &body, Repeat::Harmless))?, &license_key, &secrets)
    })?;
    Ok(Lookup::Found(Box::new(after)))
}

/// What an answer to the license key `asked` means. The `secrets` are struck out of Whop's reason.
pub(crate) fn verdict(
    answer: Answer,
    asked: &str,
    product_id: Option<&str>,
    secrets: &[&str],
) -> Result<Verdict, Error> {
    match answer.http_status() {
        400 if refusal::says_other_device(&answer, asked) => {
            Ok(Verdict::DeviceMismatch(Box::new(Membership::of(Api::V2, answer))))
        }
        404 if refusal::says_not_there(&answer, asked) => Ok(Verdict::NotFound(answer)),
        _ => {
            let membership = membership(answer, asked, secrets)?;
            let fields = membership.answer().fields();
            let is_valid = fields.is_ok_and(|fields| fields.get("valid") == Some(&Value::Bool(true)));
            match judge(membership, is_valid, product_id, |_| Ok(Binding::Here))? {
                Judgement::Decided(verdict) => Ok(verdict),
                // Whop itself has bound the license, or would have refused it.
                Judgement::FirstUse(membership) => Ok(Verdict::Inactive(membership)),
            }
        }
    }
}

fn membership(answer: Answer, asked: &str, secrets: &[&str]) -> Result<Membership, Error> {
    match answer.http_status() {
        200..300 => match is_about(&answer, asked, false) {
            Ok(()) => Ok(Membership::of(Api::V2, answer)),
            Err(fault) => Err(Error::bad_response(fault, answer)),
        },
        300..400 | 404 | 410 => Err(refusal::retired(answer)),
        _ => Err(Error::refused(answer, secrets)),
    }
}
