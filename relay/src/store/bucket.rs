//! How many requests are left of Whop's limit, and for whom.

use std::time::Duration;

/// Who wants to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nobody knows whether he has a license.
    Stranger,
    /// Has a lease of ours.
    Lease,
    /// A first use that has begun, or the proof of the API key: whatever is left is theirs.
    Inner,
}

/// How many requests there may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// In a second, in the long run.
    pub per_second: f64,
    /// At once, after a pause.
    pub burst: f64,
}

/// What is left. `redis/take.lua` does the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bucket {
    leases: f64,
    strangers: f64,
    at: Duration,
}

impl Rate {
    /// So many a second, and never more than Whop allows in a minute, wherever the minute begins.
    pub fn new(per_second: u32) -> Self {
        let most = (f64::from(A_MINUTE) - BURST) / 60.0 - MARGIN;
        Self { per_second: f64::from(per_second).clamp(1.0, most), burst: BURST }
    }

    /// The same of what is not Whop, such as a sandbox, whose limit whoever set it up knows.
    pub fn not_of_whop(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second).max(1.0), burst: BURST }
    }

    /// What one process uses by itself while the shared store is away: a quarter.
    pub(super) fn alone(self) -> Self {
        Self { per_second: self.per_second / 4.0, burst: 4.0 }
    }

    pub(super) fn most_for_leases(self) -> f64 {
        self.burst * LEASES
    }

    pub(super) fn most_for_strangers(self) -> f64 {
        self.burst - self.most_for_leases()
    }
}

impl Bucket {
    /// One that is not full: what the process before used is not known.
    pub fn new(at: Duration) -> Self {
        Self { leases: 1.0, strangers: 1.0, at }
    }

    /// Takes one, or says how long to wait for it.
    pub fn take(&mut self, class: Class, rate: Rate, now: Duration) -> Result<(), Duration> {
        self.fill(rate, now);
        let missing = match class {
            Class::Lease if self.leases >= 1.0 => {
                self.leases -= 1.0;
                return Ok(());
            }
            Class::Stranger if self.strangers >= 1.0 => {
                self.strangers -= 1.0;
                return Ok(());
            }
            // First of the strangers' share, since they are who has first uses.
            Class::Inner if self.leases + self.strangers >= 1.0 => {
                let of_strangers = self.strangers.min(1.0);
                self.strangers -= of_strangers;
                self.leases -= 1.0 - of_strangers;
                return Ok(());
            }
            Class::Lease => (1.0 - self.leases) / LEASES,
            Class::Stranger if self.leases >= rate.most_for_leases() => 1.0 - self.strangers,
            Class::Stranger => (1.0 - self.strangers) / (1.0 - LEASES),
            Class::Inner => 1.0 - self.leases - self.strangers,
        };
        Err(Duration::from_secs_f64(missing / rate.per_second))
    }

    #[cfg(test)]
    pub fn of(leases: f64, strangers: f64, at: Duration) -> Self {
        Self { leases, strangers, at }
    }

    #[cfg(test)]
    pub fn parts(&self) -> (f64, f64) {
        (self.leases, self.strangers)
    }

    /// What is left for all together.
    pub fn left(&self) -> f64 {
        self.leases + self.strangers
    }

    /// What comes in goes to both by their shares, and what one has no room for to the other.
    fn fill(&mut self, rate: Rate, now: Duration) {
        let come = now.saturating_sub(self.at).as_secs_f64() * rate.per_second;
        self.at = self.at.max(now);
        let (most_l, most_s) = (rate.most_for_leases(), rate.most_for_strangers());
        let (leases, strangers) = (self.leases + come * LEASES, self.strangers + come * (1.0 - LEASES));
        self.leases = (leases + (strangers - most_s).max(0.0)).min(most_l);
        self.strangers = (strangers + (leases - most_l).max(0.0)).min(most_s);
    }
}

/// What nobody but those with leases may use.
pub(super) const LEASES: f64 = 0.75;
const BURST: f64 = 10.0;
/// Whop's limit, for each operation.
const A_MINUTE: u32 = 600;
/// A second's requests less than what would just fit: they do not arrive as evenly as they are sent.
const MARGIN: f64 = 0.33;

#[cfg(test)]
mod tests {
    use super::*;

    /// How many each got in so many seconds, asking all the time.
    fn served(classes: &[Class], per_second: u32, seconds: u64) -> Vec<u32> {
        let (rate, mut bucket) = (Rate::new(per_second), Bucket::new(Duration::ZERO));
        let mut got = vec![0; classes.len()];
        for millisecond in 0..seconds * 1000 {
            for (class, got) in classes.iter().zip(&mut got) {
                *got += u32::from(bucket.take(*class, rate, Duration::from_millis(millisecond)).is_ok());
            }
        }
        got
    }

    #[test]
    fn strangers_take_what_others_leave_and_a_quarter_in_any_case() {
        let [alone] = served(&[Class::Stranger], 8, 60)[..] else { panic!() };
        assert!((474..=490).contains(&alone), "{alone}");
        let [strangers, leases] = served(&[Class::Stranger, Class::Lease], 8, 60)[..] else { panic!() };
        assert!((119..=123).contains(&strangers) && (359..=368).contains(&leases), "{strangers} {leases}");
    }

    #[test]
    fn lease_finds_requests_left_however_many_strangers_ask() {
        let (rate, mut bucket) = (Rate::new(8), Bucket::new(Duration::ZERO));
        for millisecond in 0..60_000 {
            let _ = bucket.take(Class::Stranger, rate, Duration::from_millis(millisecond));
        }
        let at_once = (0..20).filter(|_| bucket.take(Class::Lease, rate, Duration::from_secs(60)).is_ok()).count();
        assert_eq!(at_once, 7);
    }

    #[test]
    fn no_second_and_no_minute_has_more_than_it_may() {
        for per_second in [1, 4, 8, 100] {
            let (rate, mut bucket) = (Rate::new(per_second), Bucket::new(Duration::ZERO));
            let classes = [Class::Inner, Class::Stranger, Class::Lease];
            // Long pauses among the rush, so that bursts are there to be used.
            let moments = (0..200_000u64).filter(|millisecond| millisecond / 10_000 % 3 != 1);
            let taken =
                |(class, at): (Class, u64)| bucket.take(class, rate, Duration::from_millis(at)).is_ok().then_some(at);
            let taken: Vec<_> = moments.flat_map(|at| classes.map(|class| (class, at))).filter_map(taken).collect();
            let most = |window: u64| {
                let within = |from: &u64| taken.iter().filter(|at| (*from..*from + window).contains(*at)).count();
                taken.iter().map(within).max().unwrap()
            };
            let (second, minute) = (most(1000), most(60_000));
            assert!(second as f64 <= f64::from(per_second) + 10.0, "{second} in a second of {per_second}");
            assert!(minute <= 600 && minute as f64 <= rate.per_second * 60.0 + 10.0, "{minute} in a minute");
        }
    }

    #[test]
    fn who_has_to_wait_gets_it_after_that_wait() {
        for class in [Class::Inner, Class::Stranger, Class::Lease] {
            let (rate, mut bucket) = (Rate::new(8), Bucket::new(Duration::ZERO));
            let mut now = Duration::from_secs(10);
            while bucket.take(class, rate, now).is_ok() {}
            for _ in 0..50 {
                let wait = bucket.take(class, rate, now).unwrap_err();
                assert!(wait <= Duration::from_millis(501), "{wait:?}");
                now += wait + Duration::from_micros(1);
                assert_eq!(bucket.take(class, rate, now), Ok(()), "{class:?}");
            }
        }
    }
}
