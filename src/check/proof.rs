//! Proof that the API key is good. Whop may answer a revoked key, or one of another company, like an unknown license.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When Whop last showed a membership to the API key.
pub(crate) struct Proof {
    began: Instant,
    /// In milliseconds since then, and one: 0 is never.
    shown: AtomicU64,
    /// When Whop last refused the API key, likewise.
    refused: AtomicU64,
}

impl Proof {
    pub fn new() -> Self {
        Self { began: Instant::now(), shown: AtomicU64::new(0), refused: AtomicU64::new(0) }
    }

    /// Notes that a request of that time was answered with a membership.
    pub fn note(&self, asked: Instant) {
        self.shown.fetch_max(self.milliseconds(asked) + 1, Ordering::Relaxed);
    }

    /// Notes that Whop has just refused the API key: what it showed before is no proof any more.
    pub fn end(&self) {
        self.refused.fetch_max(self.milliseconds(Instant::now()) + 1, Ordering::Relaxed);
    }

    pub fn is_recent(&self) -> bool {
        let shown = self.shown.load(Ordering::Relaxed);
        shown > self.refused.load(Ordering::Relaxed)
            && self.milliseconds(Instant::now()) < shown + LIFETIME.as_millis() as u64
    }

    fn milliseconds(&self, time: Instant) -> u64 {
        time.saturating_duration_since(self.began).as_millis() as u64
    }
}

const LIFETIME: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a membership that was shown so many seconds ago is still a proof.
    fn is_proof_after(seconds: f64) -> bool {
        let age = Duration::from_secs_f64(seconds);
        // Of a client that is two minutes old.
        let proof = Proof {
            began: Instant::now() - Duration::from_secs(120),
            shown: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        };
        proof.note(Instant::now() - age);
        proof.is_recent()
    }

    #[test]
    fn membership_that_was_shown_is_proof_for_a_minute() {
        assert!(!Proof::new().is_recent(), "nothing was shown");
        for seconds in [0.0, 1.0, 59.0] {
            assert!(is_proof_after(seconds), "{seconds}");
        }
        for seconds in [60.1, 61.0, 119.0, 1000.0] {
            assert!(!is_proof_after(seconds), "{seconds}");
        }
    }

    #[test]
    fn older_proof_does_not_outdo_a_newer_one() {
        let proof = Proof {
            began: Instant::now() - Duration::from_secs(120),
            shown: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        };
        proof.note(Instant::now());
        proof.note(Instant::now() - Duration::from_secs(100));
        assert!(proof.is_recent());
    }
}
