//! A license by the current API: looked up, judged here, and bound by writing into its metadata.

use std::time::Instant;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Binding, Judgement, Lookup, MEMBERSHIP, Membership, Proof, Question, Verdict, is_about, metadata, reset, segment,
};
use crate::answer::Answer;
use crate::api::Api;
use crate::argument;
use crate::error::Error;
use crate::http::{Call, Http, Request};
use crate::model::{JsonObject, is_id};
use crate::redact;
use crate::refusal;

/// Licenses by the current API.
pub(crate) struct Licenses<'a> {
    pub http: &'a Http,
    pub version_date: &'a str,
    pub allow_past_due: bool,
    pub proof: &'a Proof,
}

impl Licenses<'_> {
    pub fn validate(&self, question: &Question<'_>) -> Result<Verdict, Error> {
        let device = metadata::pairs(question.metadata)?;
        let mut license = License::new(question.license_key, &device)?;
        let mut call = self.http.call()?;
        let mut was_there = false;
        let mut is_written = false;
        loop {
            let membership = match self.look_up(&mut call, &mut license)? {
                Lookup::Found(membership) => *membership,
                Lookup::NotFound(answer) if was_there => return Err(Error::bad_response(WAS_THERE, answer)),
                Lookup::NotFound(answer) => return Ok(Verdict::NotFound(answer)),
            };
            was_there = true;
            match self.judge(membership, &device, question.product_id)? {
                Judgement::Decided(verdict) => return Ok(verdict),
                Judgement::FirstUse(membership) if is_written => return Err(not_stored(&membership)),
                Judgement::FirstUse(_) => {}
            }
            // Whether it was written or not, another device may have been meanwhile: only what is read counts.
            let body = metadata::body(&device)?;
            let request = self.patch(&license, &body);
            let outcome = call.send_once(&request);
            is_written = !call.wait_to_repeat(&request, &outcome)?;
            if is_written {
                self.updated(outcome?, &license)?;
            }
        }
    }

    pub fn membership(&self, license_key: &str) -> Result<Lookup, Error> {
        self.look_up(&mut self.http.call()?, &mut License::new(license_key, &JsonObject::new())?)
    }

    /// With one request, and without a proof that the API key is good.
    pub fn membership_unproved(&self, license_key: &str) -> Result<Lookup, Error> {
        self.ask(&mut self.http.call()?, &mut License::new(license_key, &JsonObject::new())?)
    }

    pub fn judge_json(
        &self,
        membership: Membership,
        metadata_json: &str,
        product_id: Option<&str>,
    ) -> Result<Judgement, Error> {
        self.judge(membership, &metadata::pairs(metadata_json)?, product_id)
    }

    /// Writes the device, and not a second time once that may have arrived. What Whop answers is judged.
    pub fn bind(&self, question: &Question<'_>) -> Result<Verdict, Error> {
        let device = metadata::pairs(question.metadata)?;
        if device.is_empty() {
            // An empty object would clear all that is stored.
            return Err(metadata::fault("names no device to bind"));
        }
        let license = License::new(question.license_key, &device)?;
        let body = metadata::body(&device)?;
        let request = self.patch(&license, &body).at_most_once();
        let membership = self.updated(self.http.call()?.send(&request)?, &license)?;
        match self.judge(membership, &device, question.product_id)? {
            Judgement::Decided(verdict) => Ok(verdict),
            Judgement::FirstUse(membership) => Err(not_stored(&membership)),
        }
    }

    /// Writes that the device is released, and not a second time once that may have arrived.
    pub fn release(&self, question: &Question<'_>) -> Result<Membership, Error> {
        let device = metadata::pairs(question.metadata)?;
        if device.is_empty() {
            return Err(metadata::fault("names no device to release"));
        }
        let license = License::new(question.license_key, &device)?;
        let body = metadata::body(&metadata::released(device))?;
        self.updated(self.http.call()?.send(&self.patch(&license, &body).at_most_once())?, &license)
    }

    /// The newest memberships of the company.
    pub fn list(&self, most: u8) -> Result<Vec<Membership>, Error> {
        #[derive(Deserialize)]
        struct Sent {
            data: Vec<Value>,
        }
        let path = format!("/v1/memberships?first={}", most.clamp(1, MOST_IN_A_LIST));
        let answer = self.http.call()?.send(&self.get(&path))?;
        match answer.http_status() {
            200..300 => {
                let Sent { data } = answer.object().map_err(|fault| Error::bad_response(fault, answer.clone()))?;
                let one = |shown: Value| Answer::new(answer.http_status(), None, shown.to_string().into_bytes());
                let one = |shown| Membership::of(Api::Current, one(shown).dated(answer.date()));
                Ok(data.into_iter().map(one).collect())
            }
            status => {
                if matches!(status, 401 | 403) {
                    self.proof.end();
                }
                Err(Error::refused(answer, &[self.http.api_key()]).lacks("member:basic:read"))
            }
        }
    }

    /// Which of these permissions the API key has.
    pub fn permissions(&self, resource_id: &str, names: &[&str]) -> Result<Vec<(String, bool)>, Error> {
        #[derive(Deserialize)]
        struct Sent {
            data: Vec<Permission>,
        }
        #[derive(Deserialize)]
        struct Permission {
            action: String,
            granted: bool,
        }
        let path =
            format!("/v1/permissions?resource_id={}&actions={}", segment(resource_id), segment(&names.join(",")));
        let answer = self.http.call()?.send(&self.get(&path))?;
        match answer.http_status() {
            200..300 => {
                let Sent { data } = answer.object().map_err(|fault| Error::bad_response(fault, answer.clone()))?;
                Ok(data.into_iter().map(|permission| (permission.action, permission.granted)).collect())
            }
            _ => Err(Error::refused(answer, &[self.http.api_key()])),
        }
    }

    /// Frees the device under this name.
    pub fn reset(&self, license_key: &str, name: &str) -> Result<Lookup, Error> {
        let mut license = License::new(license_key, &JsonObject::new())?;
        let mut call = self.http.call()?;
        let before = match self.look_up(&mut call, &mut license)? {
            Lookup::Found(before) => *before,
            not_found => return Ok(not_found),
        };
        let after = reset::free(before, name, &mut call, |call, metadata| {
            let body = metadata::body(metadata)?;
            self.updated(call.send(&self.patch(&license, &body))?, &license)
        })?;
        Ok(Lookup::Found(Box::new(after)))
    }

    fn look_up(&self, call: &mut Call<'_>, license: &mut License) -> Result<Lookup, Error> {
        let found = self.ask(call, license)?;
        match &found {
            Lookup::NotFound(answer) if !self.proof.is_recent() => self.prove(call, answer, license)?,
            _ => {}
        }
        Ok(found)
    }

    fn ask(&self, call: &mut Call<'_>, license: &mut License) -> Result<Lookup, Error> {
        let asked = Instant::now();
        let answer = call.send(&self.get(&license.path))?;
        match answer.http_status() {
            200..300 => {
                let membership = about(answer, &license.key)?;
                license.hide_stored(&membership);
                self.proof.note(asked);
                Ok(Lookup::Found(Box::new(membership)))
            }
            404 if refusal::says_not_there(&answer, &license.key) => Ok(Lookup::NotFound(answer)),
            404 if !answer.is_html() => {
                Err(Error::bad_response("a 404 that does not say that there is no such license", answer))
            }
            status => {
                if matches!(status, 401 | 403) {
                    self.proof.end();
                }
                Err(self.refused(answer, license).lacks("member:basic:read"))
            }
        }
    }

    /// Has Whop show any membership to the API key. Only the trouble of the key and of Whop itself is told as such.
    fn prove(&self, call: &mut Call<'_>, not_found: &Answer, license: &License) -> Result<(), Error> {
        let asked = Instant::now();
        let answer = call.send(&self.get("/v1/memberships?first=1"))?;
        match answer.http_status() {
            200..300 if shows_another(&answer, license) => {
                self.proof.note(asked);
                Ok(())
            }
            401 | 403 | 429 | 500.. => Err(Error::refused(answer, &[self.http.api_key()]).lacks("member:basic:read")),
            _ => Err(Error::bad_response(CANNOT_TELL, not_found.clone())),
        }
    }

    fn judge(&self, membership: Membership, device: &JsonObject, product_id: Option<&str>) -> Result<Judgement, Error> {
        let is_known =
            matches!(membership.status(), Some("active" | "trialing" | "completed" | "canceling" | "past_due"));
        let is_entitled = is_known && super::may_entitle(membership.status(), self.allow_past_due);
        super::judge(membership, is_entitled, product_id, |membership| match device.is_empty() {
            true => Ok(Binding::Here),
            false => membership.metadata().map(|stored| metadata::binding(&stored, device)),
        })
    }

    /// What became of a PATCH.
    fn updated(&self, answer: Answer, license: &License) -> Result<Membership, Error> {
        match answer.http_status() {
            200..300 => about(answer, &license.key),
            404 => Err(Error::bad_response(WAS_THERE, answer)),
            409 => Err(Error::NoAnswer { cause: "Whop is still at another update of the license (409)".into() }),
            status => {
                if status == 401 {
                    self.proof.end();
                }
                Err(self.refused(answer, license).lacks("member:manage"))
            }
        }
    }

    fn refused(&self, answer: Answer, license: &License) -> Error {
        let hidden = license.hidden.iter().map(|value| &**value);
        let secrets: Vec<_> = [&*license.key, self.http.api_key()].into_iter().chain(hidden).collect();
        Error::refused(answer, &secrets)
    }

    fn get<'a>(&'a self, path: &'a str) -> Request<'a> {
        Request::get(path).version_date(self.version_date)
    }

    fn patch<'a>(&'a self, license: &'a License, body: &'a str) -> Request<'a> {
        Request::patch(&license.path, body).version_date(self.version_date)
    }
}

/// The membership in an answer of 2xx, if it is of this license.
pub(crate) fn about(answer: Answer, license_key: &str) -> Result<Membership, Error> {
    match is_about(&answer, license_key, true) {
        Ok(()) => Ok(Membership::of(Api::Current, answer)),
        Err(fault) => Err(Error::bad_response(fault, answer)),
    }
}

/// Whether the arguments can be sent.
pub(crate) fn check(question: &Question<'_>) -> Result<(), Error> {
    metadata::pairs(question.metadata)?;
    argument::license_key(question.license_key).map(drop)
}

/// The license that is asked about.
struct License {
    key: String,
    path: String,
    /// Values of metadata, which no message may show: the caller's own, and what is stored once it was read.
    hidden: Vec<String>,
}

impl License {
    fn new(license_key: &str, device: &JsonObject) -> Result<Self, Error> {
        let key = argument::license_key(license_key)?;
        Ok(Self { path: format!("/v1/memberships/{}", segment(&key)), key, hidden: redact::values_of(device.values()) })
    }

    fn hide_stored(&mut self, membership: &Membership) {
        self.hidden.extend(redact::values_of(membership.metadata().unwrap_or_default().values()));
        // It was perhaps asked for by its id.
        self.hidden.extend(membership.license_key().map(str::to_owned));
    }
}

fn not_stored(membership: &Membership) -> Error {
    let fault = "the device was written into the membership, which does not hold it";
    Error::bad_response(fault, membership.answer().clone())
}

/// Whether a list of memberships has one in it, and not the one that is said not to be there.
fn shows_another(answer: &Answer, license: &License) -> bool {
    #[derive(Deserialize)]
    struct Sent {
        data: Vec<Value>,
    }
    let Ok(Sent { data }) = answer.object() else { return false };
    let of_first = |name: &str| data.first().and_then(|first| first.get(name)?.as_str()).unwrap_or_default();
    let (id, key) = (of_first("id"), of_first("license_key"));
    let is_same = id == license.key || key.eq_ignore_ascii_case(&license.key);
    is_id(id, MEMBERSHIP) && !is_same && !answer.is_failure()
}

const WAS_THERE: &str = "a 404 to a license that was there a moment ago";
/// The most memberships that Whop shows at once.
const MOST_IN_A_LIST: u8 = 100;
/// Said of a 404 that may be the API key's fault.
const CANNOT_TELL: &str = "cannot tell whether the API key is good, since Whop shows it no membership at all: a revoked key, \
    one of another company, or a shop that has not sold anything yet";
