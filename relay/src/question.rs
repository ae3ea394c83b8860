//! What a program asks, and what the relay says to it.

use std::fmt;
use std::sync::{Arc, OnceLock};
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
    pub has_lease: HasLease,
}

/// Whether a question came with a good lease. Found out when it is needed: to verify one takes longer than all the rest of
/// an answer from the cache.
#[derive(Clone)]
pub struct HasLease(Arc<Lazy>);

struct Lazy {
    known: OnceLock<bool>,
    find_out: Box<dyn Fn() -> bool + Send + Sync>,
}

impl HasLease {
    /// Asks this, once, when it is needed.
    pub fn when_needed(find_out: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(Lazy { known: OnceLock::new(), find_out: Box::new(find_out) }))
    }

    /// Finds out.
    pub fn get(&self) -> bool {
        *self.0.known.get_or_init(|| (self.0.find_out)())
    }

    /// What is known already.
    pub fn known(&self) -> Option<bool> {
        self.0.known.get().copied()
    }
}

impl From<bool> for HasLease {
    fn from(has_lease: bool) -> Self {
        Self(Arc::new(Lazy { known: has_lease.into(), find_out: Box::new(move || has_lease) }))
    }
}

impl fmt::Debug for HasLease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.known().fmt(f)
    }
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

impl Outcome {
    /// For figures and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Known(facts) if facts.valid => "allowed",
            Self::Known(_) => "inactive",
            Self::Denied(Reason::LicenseNotFound) => "license_not_found",
            Self::Denied(Reason::DeviceMismatch) => "device_mismatch",
            Self::Denied(Reason::ProductMismatch) => "product_mismatch",
            Self::Denied(_) => "denied",
            Self::Later(later, _) => later.name(),
        }
    }

    /// Whether it is a no.
    pub fn is_denial(&self) -> bool {
        match self {
            Self::Known(facts) => !facts.valid,
            Self::Denied(_) => true,
            Self::Later(..) => false,
        }
    }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn whether_there_is_a_lease_is_found_out_once_and_only_when_it_is_needed() {
        let count = Arc::new(AtomicU32::new(0));
        let counted = count.clone();
        let lease = HasLease::when_needed(move || counted.fetch_add(1, Ordering::Relaxed) == 0);
        assert_eq!((lease.known(), count.load(Ordering::Relaxed)), (None, 0));
        assert!(lease.clone().get() && lease.get());
        assert_eq!((lease.known(), count.load(Ordering::Relaxed)), (Some(true), 1));
        assert_eq!(HasLease::from(false).known(), Some(false));
    }
}
