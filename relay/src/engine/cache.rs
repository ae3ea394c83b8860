//! What is kept of licenses in this process.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use moka::future::Cache as Moka;
use moka::ops::compute::{CompResult, Op};

use super::entry::{Asked, Entry};
use super::settings::EngineSettings;
use crate::clock::Clock;
use crate::store::Hash;

/// Memberships and, apart from them, license keys that there are not: who guesses drives no customer out.
pub(super) struct Cache {
    memberships: Moka<Hash, Found>,
    unknown: Moka<Hash, Asked>,
    lifetime_of_unknown: Duration,
    clock: Arc<dyn Clock>,
}

#[derive(Clone)]
enum Found {
    Entry(Arc<Entry>),
    /// Dropped at that moment: what was asked before is not kept.
    Dropped(Duration),
}

impl Cache {
    pub fn new(settings: &EngineSettings, clock: Arc<dyn Clock>) -> Self {
        // Age is judged by the own clock, with each use. This frees memory.
        let lived = |most, longest: Duration| Moka::builder().max_capacity(most).time_to_live(longest).build();
        Self {
            memberships: {
                let longest = settings.cache_allowed.max(settings.cache_others).max(LONGEST_REQUEST);
                // Twice as long as it is used: that it was found is of use after that.
                Moka::builder().max_capacity(MOST).time_to_live(longest * 2).build()
            },
            unknown: lived(MOST_UNKNOWN, settings.cache_others.max(LEAST)),
            lifetime_of_unknown: settings.cache_others,
            clock,
        }
    }

    pub async fn get(&self, license: Hash) -> Option<Arc<Entry>> {
        let (now, wall) = self.times();
        match self.memberships.get(&license).await {
            Some(Found::Entry(entry)) if !entry.left(now, wall).is_zero() => Some(entry),
            _ => None,
        }
    }

    /// Whether it was found before, as far as that is remembered: also longer ago than it may be used.
    pub fn was_found(&self, license: Hash) -> bool {
        self.memberships.contains_key(&license)
    }

    pub async fn is_unknown(&self, license: Hash) -> bool {
        let (now, wall) = self.times();
        let asked = self.unknown.get(&license).await;
        asked.is_some_and(|asked| asked.age(now, wall) < self.lifetime_of_unknown)
    }

    /// Keeps an entry, unless something newer is there.
    pub async fn put(&self, license: Hash, entry: Arc<Entry>) {
        let at = entry.asked.at;
        if self.unknown.get(&license).await.is_some_and(|newer| newer.at > at) {
            return;
        }
        if self.replace(license, at, Found::Entry(entry)).await {
            self.unknown.invalidate(&license).await;
        }
    }

    /// Keeps that there is no such license, unless something newer is there.
    pub async fn put_unknown(&self, license: Hash, asked: Asked) {
        // Leaves nothing among the memberships: there, guesses would take their places.
        let computed = self.memberships.entry(license).and_compute_with(|there| async {
            match there.map(|there| there.into_value().asked()) {
                Some(older) if older <= asked.at => Op::Remove,
                _ => Op::Nop,
            }
        });
        match computed.await {
            CompResult::Unchanged(_) => {}
            _ => self.unknown.insert(license, asked).await,
        }
    }

    /// Forgets a license, and what was asked about it until now.
    pub async fn forget(&self, license: Hash) {
        let now = self.clock.now();
        self.replace(license, now, Found::Dropped(now)).await;
        self.unknown.invalidate(&license).await;
    }

    async fn replace(&self, license: Hash, asked: Duration, found: Found) -> bool {
        let computed = self.memberships.entry(license).and_compute_with(|there| async {
            match there.map(|there| there.into_value().asked()) {
                Some(newer) if newer > asked => Op::Nop,
                _ => Op::Put(found),
            }
        });
        matches!(computed.await, CompResult::Inserted(_) | CompResult::ReplacedWith(_))
    }

    fn times(&self) -> (Duration, SystemTime) {
        (self.clock.now(), self.clock.wall())
    }
}

impl Found {
    fn asked(&self) -> Duration {
        match self {
            Self::Entry(entry) => entry.asked.at,
            Self::Dropped(at) => *at,
        }
    }
}

const MOST: u64 = 200_000;
const MOST_UNKNOWN: u64 = 50_000;
const LEAST: Duration = Duration::from_secs(1);
/// So long it matters when a license was dropped.
const LONGEST_REQUEST: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use serde_json::json;
    use whop_license::Membership;

    use super::*;
    use crate::clock::MovedClock;
    use crate::store::hash;

    /// What the process has in memory, in bytes.
    fn resident() -> usize {
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
    }

    /// As large as they are.
    fn membership() -> Membership {
        let device = "0123456789abcdef".repeat(4);
        let membership = json!({"id": "mem_0123456789abcd", "status": "active", "product_id": "prod_0123456789abc",
            "plan_id": "plan_0123456789abc", "current_period_end": "2026-12-01T00:00:00.000Z", "metadata": {"hwid": device},
            "cancel_at_period_end": false, "license_key": "KEY", "user_id": "user_1"});
        Membership::from_json(&membership.to_string()).unwrap()
    }

    fn entry(clock: &MovedClock, membership: &Membership) -> Arc<Entry> {
        let asked = Asked { at: clock.now(), wall: clock.wall(), stamp: None };
        Arc::new(Entry::new(membership, &["hwid".into()], asked, Duration::from_secs(900)))
    }

    #[tokio::test]
    async fn hundred_thousand_licenses_fit_into_far_less_than_200_megabytes() {
        let clock = Arc::new(MovedClock::default());
        let cache = Cache::new(&EngineSettings::default(), clock.clone());
        let membership = membership();
        let before = resident();
        for number in 0..100_000 {
            cache.put(hash(&number.to_string()), entry(&clock, &membership)).await;
        }
        cache.memberships.run_pending_tasks().await;
        let (count, used) = (cache.memberships.entry_count(), resident() - before);
        println!("{count} licenses take {} MB", used / 1_000_000);
        assert!(count == 100_000 && used < 150_000_000, "{count} {used}");
    }

    #[tokio::test]
    async fn older_answer_does_not_replace_a_newer_one_nor_what_was_forgotten() {
        let clock = Arc::new(MovedClock::default());
        let cache = Cache::new(&EngineSettings::default(), clock.clone());
        let (old, license) = (entry(&clock, &membership()), hash("K"));
        clock.forward(Duration::from_secs(1));
        let new = entry(&clock, &membership());
        cache.put(license, new.clone()).await;
        cache.put(license, old.clone()).await;
        assert!(Arc::ptr_eq(&cache.get(license).await.unwrap(), &new));
        cache.put_unknown(license, old.asked).await;
        assert!(!cache.is_unknown(license).await);
        clock.forward(Duration::from_secs(1));
        let asked = Asked { at: clock.now(), wall: clock.wall(), stamp: None };
        cache.put_unknown(license, asked).await;
        assert!(cache.is_unknown(license).await && cache.get(license).await.is_none());
        cache.put(license, new.clone()).await;
        assert!(cache.is_unknown(license).await && cache.get(license).await.is_none());
        clock.forward(Duration::from_secs(1));
        cache.forget(license).await;
        cache.put(license, new).await;
        assert!(cache.get(license).await.is_none());
        clock.forward(Duration::from_secs(1));
        cache.put(license, entry(&clock, &membership())).await;
        assert!(cache.get(license).await.is_some());
    }

    #[tokio::test]
    async fn guesses_drive_no_license_out() {
        let clock = Arc::new(MovedClock::default());
        let cache = Cache::new(&EngineSettings::default(), clock.clone());
        let membership = membership();
        for number in 0..1000 {
            cache.put(hash(&number.to_string()), entry(&clock, &membership)).await;
        }
        for number in 0..60_000 {
            let asked = Asked { at: clock.now(), wall: clock.wall(), stamp: None };
            cache.put_unknown(hash(&format!("guess {number}")), asked).await;
        }
        cache.unknown.run_pending_tasks().await;
        cache.memberships.run_pending_tasks().await;
        assert!(cache.unknown.entry_count() <= MOST_UNKNOWN);
        for number in 0..1000 {
            assert!(cache.get(hash(&number.to_string())).await.is_some(), "{number}");
        }
    }
}
