//! Why there is no answer.

use std::time::Duration;

use crate::answer::{Answer, BASE_URL};
use crate::visible::one_line;

/// Why the question has no answer. It neither allows nor denies.
///
/// The text is one sentence for a person. It holds no API key and no license key; of the buyer at most what Whop's own
/// reason says in [`Error::Rejected`], without e-mail addresses and what the metadata says.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument or a setting cannot be used. Nothing was sent.
    #[error("{argument}: {fault}")]
    InvalidArgument {
        /// Which one, by the name it has in C.
        argument: &'static str,
        /// What is wrong with it.
        fault: String,
    },
    /// 401: Whop does not know the API key.
    #[error("Whop does not accept the API key (401): check that it was copied whole and has not been revoked")]
    Unauthorized(Answer),
    /// 403: the API key lacks the right.
    #[error("the API key lacks {} (403): give it that in Whop's developer settings", right(*.permission))]
    Forbidden {
        /// The permission by its name in the current API, such as `member:manage`.
        permission: Option<&'static str>,
        /// The whole answer.
        answer: Answer,
    },
    /// 400, 422 and other 4xx: Whop refused the request.
    #[error("Whop refused the request ({}): {reason}", .answer.http_status())]
    Rejected {
        /// Whop's reason, without the keys and the values of the metadata, or a remark that it is withheld.
        reason: String,
        /// The whole answer.
        answer: Answer,
    },
    /// No name, no connection, no trust: nothing was sent, and to repeat the call is safe.
    #[error("Whop could not be reached, nothing was sent: {cause}")]
    Unreachable {
        /// What the network said.
        cause: String,
    },
    /// The request went out, and no whole answer came back. A validation may be repeated; a plan may have been created.
    #[error("the request was sent, but no whole answer came back: {cause}; whether it took effect is not known")]
    NoAnswer {
        /// What the network said.
        cause: String,
    },
    /// 429: too many requests.
    #[error("too many requests (429): wait {} s", .retry_after.as_millis().div_ceil(1000))]
    RateLimited {
        /// How long to wait.
        retry_after: Duration,
        /// The whole answer.
        answer: Answer,
    },
    /// 5xx: Whop has trouble of its own.
    #[error("Whop has trouble of its own ({}): try again later", .0.http_status())]
    ServerError(Answer),
    /// An answer that is not Whop's, or about another license: a page of a proxy or hotel network, a redirect, broken or
    /// oversized JSON, a 404 of a gateway.
    #[error("the answer cannot be used: {fault}")]
    BadResponse {
        /// What is wrong with it.
        fault: String,
        /// The answer, where one could be read.
        answer: Option<Answer>,
    },
    /// An answer that claims to be the relay's and is not signed by one of the public keys, for this call: of a network's
    /// login page, a wrong address, or somebody who would like to answer in its place.
    #[error("the answer is not the relay's: {fault}")]
    Untrusted {
        /// What is wrong with it.
        fault: String,
        /// The HTTP status of the answer, where one could be read. What it says is not given: it has no authority.
        answer: Option<Answer>,
    },
    /// The relay gave no answer that counts, and no stored lease stands in for it.
    #[error("{}{}", of_relay(cause), lease.as_deref().map(|fault| format!("; {fault}")).unwrap_or_default())]
    Relay {
        /// Why there is no answer.
        #[source]
        cause: Box<Error>,
        /// Why the lease file does not help, where one is set.
        lease: Option<String>,
    },
    /// The device of a license is free or may be, but the other metadata is gone from Whop, where one name cannot be deleted
    /// by itself: write it back, from what the membership was before.
    #[error(
        "the device is freed or may be, but the other metadata of the membership was cleared with it and could not be \
         written back ({cause}): the JSON of this answer is the membership as it was before"
    )]
    HalfReset {
        /// Why it could not be written back.
        #[source]
        cause: Box<Error>,
        /// The membership as it was before.
        before: Answer,
    },
    /// Somebody canceled the call. It neither allows nor denies.
    #[error("the call was canceled: if it was sent already, whether it took effect is not known")]
    Canceled,
    /// This machine has no identity of its own, as in a container, or does not let this user read it. Nothing was sent.
    #[error(
        "this machine cannot be told from others (a container, a copied image, a machine-id that cannot be read): set \
         a device id, such as a random one that you store, or pass metadata"
    )]
    NoDeviceId,
}

impl Error {
    /// What came back, if anything did.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Unauthorized(answer) | Self::ServerError(answer) => Some(answer),
            Self::Forbidden { answer, .. } | Self::Rejected { answer, .. } | Self::RateLimited { answer, .. } => {
                Some(answer)
            }
            Self::HalfReset { before, .. } => Some(before),
            Self::BadResponse { answer, .. } | Self::Untrusted { answer, .. } => answer.as_ref(),
            Self::Relay { cause, .. } => cause.answer(),
            Self::InvalidArgument { .. }
            | Self::Unreachable { .. }
            | Self::NoAnswer { .. }
            | Self::Canceled
            | Self::NoDeviceId => None,
        }
    }

    /// How long Whop asks to wait before the next call, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            Self::Relay { cause, .. } => cause.retry_after(),
            _ => self.answer()?.retry_after(),
        }
    }

    pub(crate) fn argument(argument: &'static str, fault: impl Into<String>) -> Self {
        Self::InvalidArgument { argument, fault: one_line(&fault.into()) }
    }

    pub(crate) fn bad_response(fault: impl Into<String>, answer: Answer) -> Self {
        Self::BadResponse { fault: fault.into(), answer: Some(answer) }
    }

    pub(crate) fn untrusted(fault: impl Into<String>, answer: Answer) -> Self {
        Self::Untrusted { fault: fault.into(), answer: Some(answer) }
    }

    pub(crate) fn relay(cause: Self, lease: Option<String>) -> Self {
        Self::Relay { cause: Box::new(cause), lease }
    }

    /// What an answer that is no success means for either call. The `secrets` are struck out of Whop's reason.
    pub(crate) fn refused(answer: Answer, secrets: &[&str]) -> Self {
        match answer.http_status() {
            500..=599 => Self::ServerError(answer),
            429 => Self::RateLimited { retry_after: answer.asked_wait().unwrap_or(COOLDOWN), answer },
            ..=399 | 600.. => {
                Self::bad_response(format!("status {}, which Whop does not send", answer.http_status()), answer)
            }
            _ if answer.is_html() => Self::bad_response(answer.page(BASE_URL), answer),
            401 => Self::Unauthorized(answer),
            403 => Self::Forbidden { permission: None, answer },
            404 if answer.message().is_none() => Self::bad_response("a 404 without a reason", answer),
            _ => Self::Rejected { reason: answer.reason(secrets), answer },
        }
    }

    /// The same, with the permission that is missing if the API key lacks one.
    pub(crate) fn lacks(self, permission: &'static str) -> Self {
        match self {
            Self::Forbidden { answer, .. } => Self::Forbidden { permission: Some(permission), answer },
            other => other,
        }
    }
}

/// What went wrong, where a relay was asked and not Whop.
fn of_relay(cause: &Error) -> String {
    match cause {
        Error::Unreachable { cause } => {
            format!("the relay could not be reached, nothing was sent: {}", in_words(cause))
        }
        Error::NoAnswer { cause } => {
            format!("the relay was asked, but no whole answer came back: {}", in_words(cause))
        }
        Error::Unauthorized(_) => "something before the relay wants a password (401): a relay asks for none".into(),
        Error::Forbidden { .. } => "something before the relay refuses this machine (403)".into(),
        Error::ServerError(answer) => {
            format!("the relay cannot answer now ({}): try again later", answer.http_status())
        }
        other => other.to_string(),
    }
}

/// Without the number of the system at its end, which tells a customer nothing.
pub(crate) fn in_words(cause: &str) -> &str {
    cause.split_once(" (os error").map_or(cause, |(words, _)| words)
}

fn right(permission: Option<&str>) -> String {
    permission.map_or("the right for this call".into(), |name| format!("the permission {name}"))
}

/// Whop's cooldown after too many requests, for an answer that does not say.
const COOLDOWN: Duration = Duration::from_secs(60);
