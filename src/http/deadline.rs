//! When something must be over.

use std::time::{Duration, Instant};

use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
    reason: Timeout,
}

impl Deadline {
    pub(super) fn of(timeout: NextTimeout) -> Self {
        Self { at: Instant::now() + *timeout.after, reason: timeout.reason }
    }

    pub(super) fn at(at: Instant) -> Self {
        Self { at, reason: Timeout::Global }
    }

    /// One that leaves only a part of the time: a third, a half.
    pub(super) fn part(self, divisor: u32) -> Self {
        let now = Instant::now();
        Self { at: now + self.at.saturating_duration_since(now) / divisor, ..self }
    }

    pub(super) fn instant(self) -> Instant {
        self.at
    }

    /// An error when it has passed.
    pub(super) fn left(self) -> Result<Duration, Error> {
        let left = self.at.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.passed()) } else { Ok(left) }
    }

    pub(super) fn passed(self) -> Error {
        Error::Timeout(self.reason)
    }
}
