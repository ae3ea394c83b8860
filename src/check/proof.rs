//! Proof that the API key is good. Whop may answer a revoked key, or one of another company, like an unknown license.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When Whop last showed a membership to the API key.
pub(crate) struct Proof {
    began: Instant,
    /// In milliseconds since then, and one: 0 is never.
    shown: AtomicU64,
}

impl Proof {
    pub fn new() -> Self {
        Self { began: Instant::now(), shown: AtomicU64::new(0) }
    }

    /// Notes that a request of that time was answered with a membership.
    pub fn note(&self, asked: Instant) {
        self.shown.fetch_max(self.milliseconds(asked) + 1, Ordering::Relaxed);
    }

    pub fn is_recent(&self) -> bool {
        let shown = self.shown.load(Ordering::Relaxed);
        shown > 0 && self.milliseconds(Instant::now()) < shown + LIFETIME.as_millis() as u64
    }

    fn milliseconds(&self, time: Instant) -> u64 {
        time.saturating_duration_since(self.began).as_millis() as u64
    }
}

const LIFETIME: Duration = Duration::from_secs(60);
