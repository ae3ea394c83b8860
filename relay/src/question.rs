//! What a program asks, and what the relay says to it.

use std::fmt;
use std::time::Duration;

use whop_license::lease::Reason;

use crate::address::Group;

/// A license and a device that are to be checked.
#[derive(Clone)]
pub struct Question {
    /// As it was asked: decoded, without white space around it.
    pub license_key: String,
    /// The value of the one pair of metadata.
    pub device: String,
    /// Where the question came from.
    pub from: Group,
    /// Whether it came with a good lease of ours for the same license and device, not older than 90 days.
    pub has_lease: bool,
}

/// Neither key nor device: those are the buyer's.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").field("from", &self.from).field("has_lease", &self.has_lease).finish_non_exhaustive()
    }
}

/// What is said of a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is known, of a product that is served, and this device has a place.
    Known(Facts),
    /// Of no use here, and that is proved.
    Denied(Reason),
    /// Nothing can be said now: 429 or 503, with the wait.
    Later(Later, Duration),
}

/// What is told of a license that is known: the fields that go out, and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The membership, `mem_…`.
    pub id: String,
    /// Whether it entitles, here and now.
    pub valid: bool,
    /// Where it stands, such as `active`.
    pub status: String,
    /// The product, `prod_…`.
    pub product: String,
    /// The plan that was bought, `plan_…`.
    pub plan: Option<String>,
    /// When it ends unless it is renewed, in Unix seconds.
    pub expires_at: Option<i64>,
    /// Whether it will not be renewed.
    pub cancel_at_period_end: bool,
    /// When it ends by itself, in Unix seconds: a lease must not outlast that by more than a day.
    pub ends_at: Option<i64>,
}

/// Why nothing can be said now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Later {
    /// This address asks too often, or has a question in the queue already. 429.
    AddressTooBusy,
    /// Too many wait for this license. 429.
    LicenseTooBusy,
    /// Whop's limit is near, and the queue is full. 429.
    LimitIsNear,
    /// Whop cannot be reached, is slow, or has trouble of its own. 503.
    WhopIsAway,
    /// Whop does not take the API key, or it may not do this. 503.
    ApiKeyRefused,
    /// Whop says that there is no such license, and nothing proves that the API key is good. 503.
    NotProved,
    /// The shared store is away, and this is a first use. 503.
    StoreIsAway,
    /// The own clock is not Whop's. 503.
    ClockIsWrong,
    /// What Whop says cannot be used. 503.
    Unusable,
}

impl Later {
    /// Its name in metrics and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::AddressTooBusy => "address_too_busy",
            Self::LicenseTooBusy => "license_too_busy",
            Self::LimitIsNear => "limit_is_near",
            Self::WhopIsAway => "whop_is_away",
            Self::ApiKeyRefused => "api_key_refused",
            Self::NotProved => "not_proved",
            Self::StoreIsAway => "store_is_away",
            Self::ClockIsWrong => "clock_is_wrong",
            Self::Unusable => "unusable",
        }
    }
}
