//! What is kept of licenses in this process.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use moka::future::Cache as Moka;
use moka::ops::compute::Op;

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
                Moka::builder().max_capacity(MOST).time_to_live(longest).build()
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

    pub async fn is_unknown(&self, license: Hash) -> bool {
        let (now, wall) = self.times();
        let asked = self.unknown.get(&license).await;
        asked.is_some_and(|asked| asked.age(now, wall) < self.lifetime_of_unknown)
    }

    /// Keeps an entry, unless something newer is there.
    pub async fn put(&self, license: Hash, entry: Arc<Entry>) {
        let at = entry.asked.at;
        if self.replace(license, at, Found::Entry(entry)).await {
            self.unknown.invalidate(&license).await;
        }
    }

    /// Keeps that there is no such license, unless something newer is there.
    pub async fn put_unknown(&self, license: Hash, asked: Asked) {
        if self.replace(license, asked.at, Found::Dropped(asked.at)).await {
            self.unknown.insert(license, asked).await;
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
        use moka::ops::compute::CompResult::{Inserted, ReplacedWith};
        matches!(computed.await, Inserted(_) | ReplacedWith(_))
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
