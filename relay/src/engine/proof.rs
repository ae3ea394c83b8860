//! Proof that the API key is good. Whop may answer a revoked key, or one of another company, like an unknown license.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;

/// What is known of one API key. Times are the own clock's.
#[derive(Default)]
pub(super) struct Proof {
    seen: Mutex<Seen>,
    /// One membership at a time is read to prove it.
    pub last: AsyncMutex<Last>,
    is_failing: AtomicBool,
}

#[derive(Default)]
struct Seen {
    /// When the newest request was sent that was answered with a membership of the seller.
    shown: Option<Duration>,
    /// When Whop refused the key.
    refused: Option<Duration>,
    /// A membership that was shown.
    id: Option<String>,
}

#[derive(Default)]
pub(super) struct Last {
    pub began: Option<Duration>,
    pub failed: Option<Duration>,
}

impl Proof {
    /// Notes that a request of that time was answered with a membership of the seller.
    pub fn note(&self, asked: Duration, id: Option<&str>) {
        let mut seen = self.seen();
        seen.shown = seen.shown.max(Some(asked));
        if let Some(id) = id.filter(|id| seen.id.as_deref() != Some(id)) {
            seen.id = Some(id.to_owned());
        }
    }

    /// Notes that Whop refused the key: what it showed before is no proof any more.
    pub fn end(&self, now: Duration) {
        let mut seen = self.seen();
        seen.refused = seen.refused.max(Some(now));
    }

    /// Whether no membership could be read when one was needed.
    pub fn is_failing(&self) -> bool {
        self.is_failing.load(Ordering::Relaxed)
    }

    /// Notes whether a membership could be read when one was needed.
    pub fn set_failing(&self, is_failing: bool) {
        self.is_failing.store(is_failing, Ordering::Relaxed);
    }

    /// A membership that was shown.
    pub fn id(&self) -> Option<String> {
        self.seen().id.clone()
    }

    /// Whether a membership was shown to the key after a moment, and not long ago. What was shown before that moment would
    /// be a weaker proof: the key may have been revoked between.
    pub fn holds_after(&self, moment: Duration, now: Duration) -> bool {
        let seen = self.seen();
        seen.shown.is_some_and(|shown| shown > moment && now <= shown + LIFETIME) && seen.shown > seen.refused
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long a membership that was shown proves the key.
const LIFETIME: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_was_shown_later_proves_an_answer_for_a_minute_and_what_was_shown_before_does_not() {
        let proof = Proof::default();
        assert!(!proof.holds_after(seconds(0), seconds(1)), "nothing was shown");
        proof.note(seconds(10), None);
        assert!(proof.holds_after(seconds(9), seconds(11)));
        assert!(!proof.holds_after(seconds(10), seconds(11)) && !proof.holds_after(seconds(20), seconds(21)));
        assert!(proof.holds_after(seconds(9), seconds(70)) && !proof.holds_after(seconds(9), seconds(71)));
    }

    #[test]
    fn refused_key_proves_nothing_until_something_is_shown_that_was_asked_later() {
        let proof = Proof::default();
        proof.note(seconds(10), None);
        proof.end(seconds(12));
        assert!(!proof.holds_after(seconds(9), seconds(13)));
        proof.note(seconds(11), None);
        assert!(!proof.holds_after(seconds(9), seconds(13)));
        proof.note(seconds(14), None);
        assert!(proof.holds_after(seconds(9), seconds(15)));
    }
}
