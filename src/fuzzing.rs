//! What `fuzz/` needs and nobody else: the decisions, without a network. In no normal build.

use crate::answer::Answer;
use crate::api::Api;
use crate::argument;
use crate::check::{self, Membership, Verdict};
use crate::error::Error;
use crate::http::BaseUrl;
use crate::lease::{Lease, Stored, Subject};
use crate::plan::{self, PlanRequest};

pub use crate::ffi::{
    Response, whop_response_boolean, whop_response_count, whop_response_integer, whop_response_json,
    whop_response_number, whop_response_string, whop_response_text,
};

/// What API v2's answer to the validation of a license key means.
pub fn verdict(
    http_status: u16,
    body: &[u8],
    license_key: &str,
    product_id: Option<&str>,
    secrets: &[&str],
) -> Result<Verdict, Error> {
    check::v2::verdict(Answer::new(http_status, None, body.to_vec()), license_key, product_id, secrets)
}

/// The membership in the current API's answer to a look up, which [`Client::judge`](crate::Client::judge) judges.
pub fn looked_up(body: &[u8], license_key: &str) -> Result<Membership, Error> {
    check::current::about(Answer::new(200, None, body.to_vec()), license_key)
}

/// A license key as one segment of the path.
pub fn segment(license_key: &str) -> Result<String, Error> {
    Ok(check::segment(&argument::license_key(license_key)?))
}

/// The metadata as it is sent.
pub fn metadata(metadata_json: &str) -> Result<&str, Error> {
    check::metadata_object(metadata_json)
}

/// The body that creates a plan.
pub fn plan(api: Api, plan_json: &str, allow_unknown: bool) -> Result<String, Error> {
    let request = PlanRequest::from_json(plan_json)?;
    match api {
        Api::Current => plan::current::body(&request, allow_unknown),
        Api::V2 => plan::v2::body(&request, allow_unknown),
    }
}

/// The lease that a lease file of this content has for a license, and the content after another one was kept for it, of a
/// call that began and ended at these times. None for a file of something else.
pub fn lease_file(
    bytes: &[u8],
    lease: &Lease,
    is_allowed: bool,
    [asked, now]: [i64; 2],
) -> Option<(Option<String>, String)> {
    let mut stored = Stored::parse(bytes)?;
    let claims = lease.claims();
    let (product, key_sha256, device_sha256) = ("prod_1", &*claims.key_sha256, &*claims.device_sha256);
    let of = Subject { product, key_sha256, device_sha256 };
    let before = stored.lease(&of).map(str::to_owned);
    stored.keep(&of, lease, is_allowed, asked, now);
    Some((before, serde_json::to_string(&stored).unwrap_or_default()))
}

/// A base URL as it is put before a path.
pub fn base_url(text: &str) -> Result<String, Error> {
    Ok(BaseUrl::parse("base_url", text)?.to_string())
}

/// An answer as C sees it.
pub fn response(body: &[u8]) -> Response {
    let answer = Answer::new(201, None, body.to_vec());
    Response::from(Error::bad_response("", answer))
}
