//! The store that several processes share, in Redis or Valkey.

#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncTypedCommands, Client, FromRedisValue, RedisError, Script, ScriptInvocation};
use ring::rand::{SecureRandom, SystemRandom};

use super::bucket::{Bucket, Class, LEASES, Rate};
use super::sealed::{Seal, hex};
use super::{FENCE, Hash, Kept, Lock, Locking, Operation, Stamp, Taken, left_of_limit};

pub(super) struct Redis {
    connection: ConnectionManager,
    seal: Seal,
    random: SystemRandom,
    scripts: Scripts,
    began: Instant,
    /// In milliseconds since then, and one: it was away, and is not asked before. 0 is here.
    away_until: AtomicU64,
    alone: Mutex<Alone>,
}

struct Scripts {
    take: Script,
    cool_down: Script,
    lock: Script,
    unlock: Script,
    put: Script,
}

/// What this process knows by itself.
#[derive(Default)]
struct Alone {
    buckets: Vec<(Operation, Bucket)>,
    cooldown: Duration,
    /// The server that gave the last lock.
    server: String,
    /// A server that has begun just now has forgotten locks that were held, until this moment.
    settled: Duration,
}

impl Redis {
    pub fn new(url: &str, hmac_key: [u8; 32]) -> Result<Self, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(LONGEST))
            .set_response_timeout(Some(LONGEST))
            .set_min_delay(Duration::from_millis(10))
            .set_number_of_retries(1);
        Ok(Self {
            connection: ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?,
            seal: Seal::new(hmac_key),
            random: SystemRandom::new(),
            scripts: Scripts {
                take: Script::new(include_str!("redis/take.lua")),
                cool_down: Script::new(include_str!("redis/cool_down.lua")),
                lock: Script::new(include_str!("redis/lock.lua")),
                unlock: Script::new(include_str!("redis/unlock.lua")),
                put: Script::new(include_str!("redis/put.lua")),
            },
            began: Instant::now(),
            away_until: AtomicU64::new(0),
            alone: Mutex::default(),
        })
    }

    pub fn is_away(&self) -> bool {
        self.away_until.load(Ordering::Relaxed) > 0
    }

    pub async fn take(&self, operation: Operation, class: Class, rate: Rate, now: Duration) -> Taken {
        if let Some(wait) = self.alone().cooldown.checked_sub(now).filter(|wait| !wait.is_zero()) {
            return Taken::Cooldown(wait);
        }
        let mut call = self.scripts.take.key(format!("whop-relay:limit:{}", operation.name()));
        call.key(COOLDOWN).arg(name(class)).arg(rate.per_second);
        call.arg(rate.most_for_leases()).arg(rate.most_for_strangers()).arg(LEASES);
        match self.run::<(String, u64, f64)>(&call).await {
            Some((said, micros, left)) if said == "granted" => {
                left_of_limit(operation, left);
                Taken::Granted(Some(Stamp(micros)))
            }
            Some((said, micros, _)) if said == "cooldown" => {
                let wait = Duration::from_micros(micros);
                // Also for the time when the store is away.
                self.alone().cool_down(wait, now);
                Taken::Cooldown(wait)
            }
            Some((_, micros, _)) => Taken::Wait(Duration::from_micros(micros)),
            None => self.alone().take(operation, class, rate.alone(), now),
        }
    }

    pub async fn cool_down(&self, wait: Duration, now: Duration) {
        self.alone().cool_down(wait, now);
        self.run::<()>(self.scripts.cool_down.key(COOLDOWN).arg(milliseconds(wait))).await;
    }

    pub fn cooldown(&self) -> Duration {
        self.alone().cooldown
    }

    pub async fn lock(&self, license: Hash, length: Duration, now: Duration) -> Locking {
        let mut random = [0; 16];
        if self.random.fill(&mut random).is_err() {
            return Locking::Away(AGAIN);
        }
        let token = hex(&random);
        let mut call = self.scripts.lock.key(lock_name(license));
        call.key(fence_name(license)).arg(&token).arg(milliseconds(length)).arg(milliseconds(FENCE));
        let Some((said, number, server, uptime)) = self.run::<(String, String, String, String)>(&call).await else {
            return Locking::Away(AGAIN);
        };
        if said != "locked" {
            return Locking::Busy(Duration::from_millis(number.parse().unwrap_or(1000)));
        }
        let uptime = Duration::from_secs(uptime.parse().unwrap_or_default());
        let settled = self.alone().settled(server, uptime, length, now);
        let fence = Stamp(number.parse().unwrap_or(u64::MAX));
        let lock = Lock { license, token, fence, not_before: settled, ends: now + length };
        match settled.checked_sub(now).filter(|wait| !wait.is_zero()) {
            None => Locking::Locked(lock),
            Some(wait) => {
                self.unlock(&lock, None).await;
                Locking::Away(wait)
            }
        }
    }

    pub async fn unlock(&self, lock: &Lock, keep: Option<(Hash, &Kept, Duration)>) -> bool {
        let mut call = self.scripts.unlock.key(lock_name(lock.license));
        call.key(fence_name(lock.license));
        match keep {
            None => call.key("").arg(&lock.token).arg(milliseconds(FENCE)).arg("").arg(1),
            Some((license, kept, left)) => {
                let name = self.seal.name(license);
                let sealed = self.seal.seal(&name, kept);
                call.key(name).arg(&lock.token).arg(milliseconds(FENCE)).arg(sealed).arg(milliseconds(left))
            }
        };
        self.run::<u8>(&call).await == Some(1)
    }

    pub async fn get(&self, license: Hash) -> Option<Kept> {
        let name = self.seal.name(license);
        let get = |mut connection: ConnectionManager| {
            let name = &name;
            async move { connection.get(name).await }
        };
        self.seal.open(&name, &self.again(get).await??)
    }

    pub async fn put(&self, license: Hash, kept: &Kept, left: Duration) {
        let name = self.seal.name(license);
        let sealed = self.seal.seal(&name, kept);
        self.run::<u8>(self.scripts.put.key(name).arg(sealed).arg(milliseconds(left))).await;
    }

    pub async fn forget(&self, license: Hash, longest: Duration) {
        let name = self.seal.name(license);
        self.run::<u8>(self.scripts.put.key(name).arg("").arg(milliseconds(longest))).await;
    }

    async fn run<T: FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Option<T> {
        self.again(|mut connection| async move { call.invoke_async(&mut connection).await }).await
    }

    /// Asks, and once more where the connection was gone, which says nothing of the server.
    async fn again<T, F>(&self, ask: impl Fn(ConnectionManager) -> F) -> Option<T>
    where
        F: Future<Output = Result<T, RedisError>>,
    {
        let said = ask(self.connection()?).await;
        let was_gone = said.as_ref().is_err_and(|error| error.is_connection_dropped() && !error.is_timeout());
        self.noted(if was_gone { ask(self.connection.clone()).await } else { said })
    }

    /// None for a moment after it was away, so that nobody waits for it in vain.
    fn connection(&self) -> Option<ConnectionManager> {
        (self.away_until.load(Ordering::Relaxed) <= self.milliseconds()).then(|| self.connection.clone())
    }

    fn noted<T>(&self, said: Result<T, RedisError>) -> Option<T> {
        let away_until = if said.is_ok() { 0 } else { self.milliseconds() + milliseconds(PAUSE) };
        if self.away_until.swap(away_until, Ordering::Relaxed) == 0 && away_until > 0 {
            // Its message may quote what was sent.
            tracing::warn!("the shared store is away: first uses wait until it is back");
        }
        metrics::gauge!("whop_relay_store_up").set(if said.is_ok() { 1.0 } else { 0.0 });
        said.ok()
    }

    fn milliseconds(&self) -> u64 {
        milliseconds(self.began.elapsed()) + 1
    }

    fn alone(&self) -> MutexGuard<'_, Alone> {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Alone {
    fn cool_down(&mut self, wait: Duration, now: Duration) {
        self.cooldown = self.cooldown.max(now + wait);
    }

    fn take(&mut self, operation: Operation, class: Class, rate: Rate, now: Duration) -> Taken {
        let place = self.buckets.iter().position(|(of, _)| *of == operation);
        if place.is_none() {
            self.buckets.push((operation, Bucket::new(now)));
        }
        let bucket = self.buckets.iter_mut().find(|(of, _)| *of == operation);
        match bucket.map(|(_, bucket)| bucket.take(class, rate, now)) {
            Some(Ok(())) => Taken::Granted(None),
            Some(Err(wait)) => Taken::Wait(wait),
            None => Taken::Wait(AGAIN),
        }
    }

    /// From when on no lock of before can be held that this server does not know.
    fn settled(&mut self, server: String, uptime: Duration, length: Duration, now: Duration) -> Duration {
        if self.server != server {
            // One that took over has not begun just now, and may lack locks all the same.
            let has_changed = !self.server.is_empty();
            self.settled = if has_changed { now + length } else { (now + length).saturating_sub(uptime) };
            self.server = server;
        }
        self.settled
    }
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Stranger => "stranger",
        Class::Lease => "lease",
        Class::Inner => "inner",
    }
}

fn lock_name(license: Hash) -> String {
    format!("whop-relay:lock:{}", hex(&license))
}

fn fence_name(license: Hash) -> String {
    format!("whop-relay:fence:{}", hex(&license))
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}

const COOLDOWN: &str = "whop-relay:cooldown";
/// For one answer of it.
const LONGEST: Duration = Duration::from_secs(1);
/// How long it is not asked after it was away.
const PAUSE: Duration = Duration::from_millis(250);
/// When to come back while it is away.
const AGAIN: Duration = Duration::from_secs(5);
