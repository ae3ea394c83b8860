//! A license by a relay, whose signed answer is judged here, and kept for the time without network.

mod offline;
mod unsigned;

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{Binding, Judgement, MEMBERSHIP, Membership, Question, Verdict, judge, may_entitle, metadata, segment};
use crate::answer::Answer;
use crate::argument;
use crate::error::Error;
use crate::http::{Http, Repeat, Request};
use crate::lease::{self, Claims, Lease, LeaseFile, PublicKeys, Reason, Subject};
use crate::sys::random;

/// A relay, and what is believed of it.
pub(crate) struct Relay<'a> {
    pub http: &'a Http,
    pub public_keys: &'a PublicKeys,
    pub lease_file: Option<&'a LeaseFile>,
    /// Whether the relay may ask something else than Whop.
    pub allow_sandbox: bool,
    pub allow_past_due: bool,
}

/// What one call asks.
struct Asked<'a> {
    license_key: String,
    product_id: &'a str,
    key_sha256: String,
    device_sha256: String,
    nonce: String,
    /// When the call began, in Unix milliseconds by the clock of this machine.
    began: i64,
    /// When it ends.
    deadline: Instant,
}

impl Asked<'_> {
    fn subject(&self) -> Subject<'_> {
        Subject { product: self.product_id, key_sha256: &self.key_sha256, device_sha256: &self.device_sha256 }
    }
}

/// The arguments, as they are sent.
struct Arguments<'a> {
    license_key: String,
    product_id: &'a str,
    name: String,
    device: String,
}

impl Relay<'_> {
    pub fn validate(&self, question: &Question<'_>) -> Result<Verdict, Error> {
        let (began, deadline) = (lease::now_in_milliseconds(), self.http.deadline());
        let Arguments { license_key, product_id, name, device } = arguments(question)?;
        let Some(nonce) = random::<16>() else {
            return Err(Error::Unreachable { cause: "the system gives no random numbers".into() });
        };
        let asked = Asked {
            key_sha256: lease::license_key_sha256(&license_key)?,
            device_sha256: lease::device_sha256(&name, &device),
            nonce: lease::encoded(&nonce),
            license_key,
            product_id,
            began,
            deadline,
        };
        // The work with the lease file is a part of the call, and ends with it.
        self.http.as_one_call(|| {
            match self.ask(&asked, question.metadata).and_then(|signed| self.verdict(signed, &asked)) {
                Ok((mut verdict, lease)) => {
                    self.keep(&mut verdict, &lease, &asked);
                    Ok(verdict)
                }
                Err(error @ (Error::InvalidArgument { .. } | Error::Canceled)) => Err(error),
                Err(error) => self.offline(error, &asked),
            }
        })
    }

    /// The signed answer to this call, and its HTTP status.
    fn ask(&self, asked: &Asked<'_>, metadata: &str) -> Result<(Lease, Answer), Error> {
        let path = format!("/v2/memberships/{}/validate_license", segment(&asked.license_key));
        let body = format!(r#"{{"metadata":{metadata}}}"#);
        let (keys, held) = (self.public_keys.ids(), self.held(asked));
        // Who has a lease does not wait for a relay that says it is busy.
        let is_good = held.as_ref().is_some_and(|held| held.is_good);
        let repeat = if is_good { Repeat::WithoutAnswer } else { Repeat::Harmless };
        let mut request = Request::post(&path, &body, repeat)
            .header("whop-license-nonce", &asked.nonce)
            .header("whop-license-keys", &keys);
        if let Some(held) = &held {
            request = request.header("whop-license-lease", held.lease.token());
        }
        let answer = self.http.call_until(self.end_of_asking(asked))?.send(&request).map_err(|error| match error {
            Error::BadResponse { fault, answer } => Error::Untrusted { fault, answer },
            other => other,
        })?;
        match answer.http_status() {
            401 => Err(Error::Unauthorized(answer.status_alone())),
            403 => Err(Error::Forbidden { permission: None, answer: answer.status_alone() }),
            429 | 500..=599 => Err(Error::refused(answer.without_body(), &[])),
            _ => match self.signed(&answer, asked) {
                Ok(lease) => Ok((lease, answer)),
                Err(fault) => Err(Error::untrusted(fault, answer.status_alone())),
            },
        }
    }

    /// When the network has had its time: a part of the call's is left for the lease file, where there is one.
    fn end_of_asking(&self, asked: &Asked<'_>) -> Instant {
        let left = asked.deadline.saturating_duration_since(Instant::now());
        let for_file = self.lease_file.map_or(Duration::ZERO, |_| (left / 10).min(LONGEST_FOR_FILE));
        asked.deadline.checked_sub(for_file).unwrap_or(asked.deadline)
    }

    /// The lease in an answer, if it is one to this call.
    fn signed(&self, answer: &Answer, asked: &Asked<'_>) -> Result<Lease, String> {
        #[derive(Deserialize)]
        struct Sent {
            lease: String,
        }
        let sent: Result<Sent, _> = answer.object();
        let Sent { lease } = sent.map_err(|_| unsigned::in_words(answer))?;
        let lease = Lease::verify(&lease, self.public_keys)?;
        match lease.claims().nonce == asked.nonce {
            true => self.is_about(lease, asked),
            false => Err("it was signed for another call".into()),
        }
    }

    /// Whether a lease is about what is asked, and from a relay that counts.
    fn is_about(&self, lease: Lease, asked: &Asked<'_>) -> Result<Lease, String> {
        let claims = lease.claims();
        if claims.key_sha256 != asked.key_sha256 {
            return Err("it is about another license".into());
        }
        if claims.device_sha256 != asked.device_sha256 {
            return Err("it is about another device".into());
        }
        if claims.sandbox && !self.allow_sandbox {
            return Err("the relay that signed it does not ask Whop itself: it is for tests on one machine".into());
        }
        Ok(lease)
    }

    fn verdict(&self, (lease, answer): (Lease, Answer), asked: &Asked<'_>) -> Result<(Verdict, Lease), Error> {
        let said = Answer::signed(answer.http_status(), lease.said());
        Ok((self.judge(lease.claims(), said, asked)?, lease))
    }

    fn judge(&self, claims: &Claims, answer: Answer, asked: &Asked<'_>) -> Result<Verdict, Error> {
        let membership = Membership::of_claims(claims, answer);
        match claims.reason {
            Some(Reason::LicenseNotFound) => return Ok(Verdict::NotFound(membership.answer().clone())),
            Some(Reason::DeviceMismatch) => return Ok(Verdict::DeviceMismatch(Box::new(membership))),
            Some(Reason::ProductMismatch) => return Ok(Verdict::ProductMismatch(Box::new(membership))),
            None => {}
        }
        let is_entitled = claims.valid == Some(true) && may_entitle(membership.status(), self.allow_past_due);
        match judge(membership, is_entitled, Some(asked.product_id), |_| Ok(Binding::Here))? {
            Judgement::Decided(verdict) => Ok(verdict),
            Judgement::FirstUse(membership) => Ok(Verdict::Inactive(membership)),
        }
    }
}

/// Whether the arguments can be sent.
pub(crate) fn check(question: &Question<'_>) -> Result<(), Error> {
    arguments(question).map(drop)
}

fn arguments<'a>(question: &Question<'a>) -> Result<Arguments<'a>, Error> {
    let license_key = argument::license_key(question.license_key)?;
    if license_key.starts_with(MEMBERSHIP) {
        return Err(Error::argument("license_key", "the id of a membership, which a relay does not take for its key"));
    }
    let product_id = question.product_id.ok_or_else(|| Error::argument("product_id", NO_PRODUCT))?;
    let (name, device) = metadata::one_pair(question.metadata)?;
    Ok(Arguments { license_key, product_id, name, device })
}

const NO_PRODUCT: &str =
    "not set: a relay client takes licenses of one product, or a free one would open the paid program";
const LONGEST_FOR_FILE: Duration = Duration::from_millis(100);
