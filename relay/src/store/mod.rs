//! What relays share: the locks of first uses, the budget of requests to Whop, and what is kept of licenses.

mod bucket;
mod memory;
mod redis;
mod sealed;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ring::digest::{SHA256, digest};

use self::memory::Memory;
use self::redis::Redis;
pub use bucket::{Class, Rate};

/// Where that is: in this process, or in Redis. Clones are the same one.
#[derive(Clone)]
pub struct Store(Kind);

#[derive(Clone)]
enum Kind {
    Memory(Arc<Memory>),
    Redis(Arc<Redis>),
}

/// Names a license or a membership without telling it.
pub type Hash = [u8; 32];

/// What of Whop's is asked. Each has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// A membership.
    Read,
    /// The newest memberships.
    List,
    /// To write a device into a membership.
    Bind,
}

/// A moment, in an order that all who share the store agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp(u64);

/// Whether Whop may be asked now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Taken {
    /// Now. Without a stamp where the shared store is away.
    Granted(Option<Stamp>),
    /// Not before that.
    Wait(Duration),
    /// Not before that, because Whop has said so.
    Cooldown(Duration),
}

/// The answer to who wants to lock a license.
#[derive(Clone, Debug)]
pub enum Locking {
    /// It is locked.
    Locked(Lock),
    /// Another has it, for so long at the most.
    Busy(Duration),
    /// The shared store is away, or was so short a time ago that a lock may have been lost with it: for so long.
    Away(Duration),
}

/// A lock that is held.
#[derive(Clone, Debug)]
pub struct Lock {
    license: Hash,
    token: String,
    /// The last moment at which somebody else may have held it: what was read later is what it left.
    pub fence: Stamp,
    /// The same by the own clock, where the store may have forgotten locks before that.
    pub not_before: Duration,
    /// When it ends by itself, by the own clock.
    pub ends: Duration,
}

/// What is kept of a license, for others to find.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// When Whop was asked.
    pub stamp: Stamp,
    /// The same, by the clock of who asked.
    pub asked: SystemTime,
    /// What is kept.
    pub json: String,
}

/// The own time, and the own settings, which the store is told with each call.
#[derive(Clone, Copy, Debug)]
pub struct Now(pub Duration);

impl Store {
    /// In this process alone.
    pub fn memory() -> Self {
        Self(Kind::Memory(Arc::default()))
    }

    /// In Redis or Valkey. It need not be there yet. Must be called within a runtime of tokio.
    ///
    /// `hmac_key` proves that an entry is of a relay of ours. It is derived from the signing key.
    ///
    /// # Errors
    ///
    /// For a URL that cannot be used.
    pub fn redis(url: &str, hmac_key: [u8; 32]) -> Result<Self, ::redis::RedisError> {
        Ok(Self(Kind::Redis(Arc::new(Redis::new(url, hmac_key)?))))
    }

    /// Whether several processes share it.
    pub fn is_shared(&self) -> bool {
        matches!(self.0, Kind::Redis(_))
    }

    /// Whether it could not be reached when it was needed last.
    pub fn is_away(&self) -> bool {
        match &self.0 {
            Kind::Memory(_) => false,
            Kind::Redis(redis) => redis.is_away(),
        }
    }

    /// Takes one request of the budget.
    pub async fn take(&self, operation: Operation, class: Class, rate: Rate, Now(now): Now) -> Taken {
        match &self.0 {
            Kind::Memory(memory) => memory.take(operation, class, rate, now),
            Kind::Redis(redis) => redis.take(operation, class, rate, now).await,
        }
    }

    /// Has nobody ask Whop for so long.
    pub async fn cool_down(&self, wait: Duration, Now(now): Now) {
        match &self.0 {
            Kind::Memory(memory) => memory.cool_down(wait, now),
            Kind::Redis(redis) => redis.cool_down(wait, now).await,
        }
    }

    /// How long Whop is not to be asked, as far as this process knows.
    pub fn cooldown(&self, now: Duration) -> Option<Duration> {
        let until = match &self.0 {
            Kind::Memory(memory) => memory.cooldown(),
            Kind::Redis(redis) => redis.cooldown(),
        };
        until.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// Locks a license for so long at the most.
    pub async fn lock(&self, license: Hash, length: Duration, Now(now): Now) -> Locking {
        match &self.0 {
            Kind::Memory(memory) => memory.lock(license, length, now),
            Kind::Redis(redis) => redis.lock(license, length, now).await,
        }
    }

    /// Ends a lock, and keeps what was written under it. False if it was not held any more: then nothing is kept, and
    /// another may have written meanwhile.
    pub async fn unlock(&self, lock: &Lock, keep: Option<(Hash, &Kept, Duration)>, Now(now): Now) -> bool {
        match &self.0 {
            Kind::Memory(memory) => memory.unlock(lock, now),
            Kind::Redis(redis) => redis.unlock(lock, keep).await,
        }
    }

    /// What is kept of a license, if another process may have kept it.
    pub async fn get(&self, license: Hash) -> Option<Kept> {
        match &self.0 {
            Kind::Memory(_) => None,
            Kind::Redis(redis) => redis.get(license).await,
        }
    }

    /// Keeps it for others, unless they have something newer.
    pub async fn put(&self, license: Hash, kept: &Kept, left: Duration) {
        match &self.0 {
            Kind::Memory(_) => {}
            Kind::Redis(redis) => redis.put(license, kept, left).await,
        }
    }

    /// Drops what is kept of a license, and what was asked about it until now, for so long as that may take to arrive.
    pub async fn forget(&self, license: Hash, longest: Duration) {
        match &self.0 {
            Kind::Memory(_) => {}
            Kind::Redis(redis) => redis.forget(license, longest).await,
        }
    }
}

/// Without what is the buyer's.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Memory(_) => "Store(memory)",
            Kind::Redis(_) => "Store(redis)",
        })
    }
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::List, Self::Bind];

    /// Its name in metrics, and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::List => "list",
            Self::Bind => "bind",
        }
    }
}

/// Names a license or a membership.
pub fn hash(text: &str) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

fn left_of_limit(operation: Operation, left: f64) {
    metrics::gauge!("whop_relay_whop_limit_left", "operation" => operation.name()).set(left);
}

/// How long the last moment of a lock is remembered. What was read longer ago is not used under one.
pub const FENCE: Duration = Duration::from_secs(60);
