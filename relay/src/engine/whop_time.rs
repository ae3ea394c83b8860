//! What time it is at Whop, and whether the own clock agrees.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::clock::Clock;

/// What Whop last said that the time is.
#[derive(Debug, Default)]
pub(super) struct WhopTime(Mutex<Option<Said>>);

#[derive(Clone, Copy, Debug)]
struct Said {
    date: SystemTime,
    /// When that came, by the own clock.
    came: Duration,
}

/// Whether the own clock may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Whop has not been heard yet.
    Unknown,
    Agrees,
    Differs {
        /// How long ago Whop was heard.
        heard: Duration,
    },
}

impl WhopTime {
    pub fn note(&self, date: SystemTime, came: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Said { date, came });
    }

    pub fn agreement(&self, clock: &dyn Clock) -> Agreement {
        let Some(said) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) else { return Agreement::Unknown };
        let heard = clock.now().saturating_sub(said.came);
        let (theirs, ours) = (said.date + heard, clock.wall());
        let apart = ours.duration_since(theirs).or_else(|_| theirs.duration_since(ours)).unwrap_or_default();
        if apart > MOST_APART { Agreement::Differs { heard } } else { Agreement::Agrees }
    }
}

const MOST_APART: Duration = Duration::from_secs(5 * 60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MovedClock;

    #[test]
    fn clock_that_is_set_wrong_later_is_noticed_without_asking_and_trusted_again_when_it_is_right() {
        let (clock, time) = (MovedClock::default(), WhopTime::default());
        assert_eq!(time.agreement(&clock), Agreement::Unknown);
        time.note(clock.wall(), clock.now());
        clock.forward(Duration::from_secs(24 * 60 * 60));
        assert_eq!(time.agreement(&clock), Agreement::Agrees);
        for seconds in [290, -290] {
            clock.set_wall(seconds);
            assert_eq!(time.agreement(&clock), Agreement::Agrees, "{seconds}");
            clock.set_wall(seconds / 29);
            clock.set_wall(seconds / 29);
            assert!(matches!(time.agreement(&clock), Agreement::Differs { .. }), "{seconds}");
            clock.set_wall(-seconds - 2 * (seconds / 29));
        }
        assert_eq!(time.agreement(&clock), Agreement::Agrees);
    }
}
