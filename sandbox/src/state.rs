//! What the handlers share.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::request_log::RequestLog;
use crate::server::Options;
use crate::store::Store;
use crate::{current, false_relay, fixtures, v2};

/// The sandbox from inside; clones are the same one.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
pub struct Inner {
    pub port: u16,
    pub tls: bool,
    pub slow: Duration,
    pub v2: v2::V2,
    pub limits: Option<Mutex<Limits>>,
    pub idempotency: Mutex<current::Idempotency>,
    pub log: RequestLog,
    pub earlier: false_relay::Earlier,
    store: Mutex<Store>,
}

/// The limits of both APIs.
#[derive(Debug)]
pub struct Limits {
    pub v2: v2::RateLimit,
    pub current: current::RateLimit,
}

impl Limits {
    fn new(v2: u32, options: &Options) -> Self {
        Self { v2: v2::RateLimit::new(v2), current: current::RateLimit::new(options.current_rate_limit) }
    }
}

impl App {
    pub fn new(port: u16, options: &Options) -> Self {
        Self(Arc::new(Inner {
            port,
            tls: options.tls,
            slow: options.slow,
            v2: options.v2,
            limits: options.rate_limit.map(|limit| Mutex::new(Limits::new(limit, options))),
            idempotency: Mutex::default(),
            log: RequestLog::default(),
            earlier: false_relay::Earlier::default(),
            store: Mutex::new(fixtures::store(now())),
        }))
    }

    pub fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    /// Certificates are for a name, so https is reached by one.
    pub fn origin(&self) -> String {
        match self.tls {
            true => format!("https://localhost:{}", self.port),
            false => format!("http://127.0.0.1:{}", self.port),
        }
    }
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// A handler that panicked must not take the sandbox with it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Unix seconds.
pub fn now() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}
