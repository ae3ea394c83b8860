//! What the handlers share.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::errors::Error;
use crate::fixtures;
use crate::memberships::Membership;
use crate::plans::Plan;
use crate::rate_limit::RateLimit;
use crate::request_log::RequestLog;
use crate::server::Options;

/// The sandbox from inside; clones are the same one.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
pub struct Inner {
    pub port: u16,
    pub tls: bool,
    pub slow: Duration,
    pub rate_limit: Option<Mutex<RateLimit>>,
    pub log: RequestLog,
    store: Mutex<Store>,
}

impl App {
    pub fn new(port: u16, options: &Options) -> Self {
        Self(Arc::new(Inner {
            port,
            tls: options.tls,
            slow: options.slow,
            rate_limit: options.rate_limit.map(|limit| Mutex::new(RateLimit::new(limit))),
            log: RequestLog::default(),
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

/// Everything that Whop would have in its database.
#[derive(Debug)]
pub struct Store {
    pub products: Vec<Product>,
    pub plans: Vec<Plan>,
    pub memberships: Vec<Membership>,
    pub numbers: u32,
}

#[derive(Debug)]
pub struct Product {
    pub id: &'static str,
    pub name: &'static str,
    pub created_at: i64,
}

impl Product {
    /// As it stands in an answer that expands it.
    pub fn body(&self, plans: &[Plan]) -> Value {
        let plans: Vec<&str> =
            plans.iter().filter(|plan| plan.product == self.id).map(|plan| plan.id.as_str()).collect();
        json!({
            "id": self.id,
            "name": self.name,
            "visibility": "visible",
            "created_at": self.created_at,
            "experiences": [],
            "plans": plans,
        })
    }
}

impl Store {
    /// For the id of something new.
    pub fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    pub fn product(&self, id: &str) -> Result<&Product, Error> {
        self.products.iter().find(|product| product.id == id).ok_or_else(|| Error::no_such("Product", id))
    }

    pub fn plan(&self, id: &str) -> Result<&Plan, Error> {
        self.plans.iter().find(|plan| plan.id == id).ok_or_else(|| Error::no_such("Plan", id))
    }

    /// By membership id or license key.
    pub fn membership(&self, id: &str) -> Result<&Membership, Error> {
        self.memberships.iter().find(|membership| membership.is(id)).ok_or_else(|| Error::no_such("Membership", id))
    }

    /// By membership id or license key.
    pub fn membership_mut(&mut self, id: &str) -> Result<&mut Membership, Error> {
        self.memberships.iter_mut().find(|membership| membership.is(id)).ok_or_else(|| Error::no_such("Membership", id))
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
