//! What time it is at Whop, and whether the own clock agrees.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::clock::Clock;

/// What Whop last said that the time is.
#[derive(Debug, Default)]
pub(super) struct WhopTime {
    said: Mutex<Option<Said>>,
    /// Whop has answered without a time that can be used, and with none before.
    is_missing: AtomicBool,
    /// What was logged last.
    is_apart: AtomicBool,
}

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
    /// Notes the time of an answer. One without keeps what was known before.
    pub fn note(&self, date: Option<SystemTime>, came: Duration) {
        let mut said = self.said();
        *said = date.map(|date| Said { date, came }).or(*said);
        let is_missing = said.is_none();
        if is_missing && !self.is_missing.swap(true, Ordering::Relaxed) {
            tracing::warn!("Whop's answer has no Date that can be used: nothing is said until one comes");
        }
        self.is_missing.store(is_missing, Ordering::Relaxed);
    }

    /// Whether Whop has answered, and never with a time.
    pub fn is_missing(&self) -> bool {
        self.is_missing.load(Ordering::Relaxed)
    }

    pub fn agreement(&self, clock: &dyn Clock) -> Agreement {
        let Some(said) = *self.said() else { return Agreement::Unknown };
        let heard = clock.now().saturating_sub(said.came);
        let (theirs, ours) = (said.date + heard, clock.wall());
        let apart = ours.duration_since(theirs).or_else(|_| theirs.duration_since(ours)).unwrap_or_default();
        let is_apart = apart > MOST_APART;
        match (self.is_apart.swap(is_apart, Ordering::Relaxed), is_apart) {
            (false, true) => {
                tracing::warn!("the clock is {} s from Whop's: nothing is said until they agree", apart.as_secs());
            }
            (true, false) => tracing::info!("the clock agrees with Whop's again"),
            _ => {}
        }
        if is_apart { Agreement::Differs { heard } } else { Agreement::Agrees }
    }

    fn said(&self) -> MutexGuard<'_, Option<Said>> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const MOST_APART: Duration = Duration::from_secs(5 * 60);

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::MovedClock;

    #[test]
    fn clock_that_is_set_wrong_later_is_noticed_without_asking_and_trusted_again_when_it_is_right() {
        let (clock, time) = (MovedClock::default(), WhopTime::default());
        assert_eq!(time.agreement(&clock), Agreement::Unknown);
        time.note(Some(clock.wall()), clock.now());
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

    /// What is logged meanwhile.
    fn logged(work: impl FnOnce()) -> String {
        let log = Arc::<Log>::default();
        let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).finish();
        tracing::subscriber::with_default(subscriber, work);
        let text = log.0.lock().unwrap().clone();
        String::from_utf8(text).unwrap()
    }

    #[derive(Default)]
    struct Log(Mutex<Vec<u8>>);

    impl std::io::Write for &Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn clock_that_differs_and_time_that_is_missing_are_logged_once_each_time_that_they_begin() {
        let (clock, time) = (MovedClock::default(), WhopTime::default());
        let log = logged(|| {
            for _ in 0..3 {
                time.note(None, clock.now());
            }
            assert!(time.is_missing());
            time.note(Some(clock.wall()), clock.now());
            time.note(None, clock.now());
            assert!(!time.is_missing());
            for _ in 0..2 {
                clock.set_wall(400);
                for _ in 0..3 {
                    assert!(matches!(time.agreement(&clock), Agreement::Differs { .. }));
                }
                clock.set_wall(-400);
                assert_eq!(time.agreement(&clock), Agreement::Agrees);
            }
        });
        let count = |of: &str| log.lines().filter(|line| line.contains("WARN") && line.contains(of)).count();
        assert_eq!((count("has no Date"), count("from Whop's")), (1, 2), "{log}");
    }
}
