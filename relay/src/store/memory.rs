//! The store of one process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::bucket::{Bucket, Class, Rate};
use super::{FENCE, Hash, Lock, Locking, Operation, Stamp, Taken, left_of_limit};

#[derive(Default)]
pub(super) struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    last: u64,
    buckets: HashMap<Operation, Bucket>,
    cooldown: Duration,
    locks: HashMap<Hash, Held>,
}

struct Held {
    token: u64,
    /// When it ends or has ended.
    ends: Duration,
    is_held: bool,
    fence: Stamp,
}

impl Memory {
    pub fn take(&self, operation: Operation, class: Class, rate: Rate, now: Duration) -> Taken {
        let mut state = self.state();
        if now < state.cooldown {
            return Taken::Cooldown(state.cooldown - now);
        }
        let bucket = state.buckets.entry(operation).or_insert_with(|| Bucket::new(now));
        match bucket.take(class, rate, now) {
            Ok(()) => {
                left_of_limit(operation, bucket.left());
                Taken::Granted(Some(state.stamp(now)))
            }
            Err(wait) => Taken::Wait(wait),
        }
    }

    pub fn cool_down(&self, wait: Duration, now: Duration) {
        let mut state = self.state();
        state.cooldown = state.cooldown.max(now + wait);
    }

    pub fn cooldown(&self) -> Duration {
        self.state().cooldown
    }

    pub fn lock(&self, license: Hash, length: Duration, now: Duration) -> Locking {
        let mut state = self.state();
        state.locks.retain(|_, held| now < held.ends + FENCE);
        if let Some(held) = state.locks.get(&license).filter(|held| held.is_held && now < held.ends) {
            return Locking::Busy(held.ends - now);
        }
        let (ends, Stamp(token)) = (now + length, state.stamp(now));
        let fence = Stamp(micros(ends).max(token));
        let before = state.locks.insert(license, Held { token, ends, is_held: true, fence });
        let fence = before.map_or(Stamp(0), |before| before.fence);
        Locking::Locked(Lock { license, token: token.to_string(), fence, not_before: Duration::ZERO, ends })
    }

    pub fn unlock(&self, lock: &Lock, now: Duration) -> bool {
        let mut state = self.state();
        let stamp = state.stamp(now);
        match state.locks.get_mut(&lock.license) {
            Some(held) if held.is_held && held.token.to_string() == lock.token && now < held.ends => {
                (held.is_held, held.ends, held.fence) = (false, now, stamp);
                true
            }
            _ => false,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Another one each time.
    fn stamp(&mut self, now: Duration) -> Stamp {
        self.last = micros(now).max(self.last + 1);
        Stamp(self.last)
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
