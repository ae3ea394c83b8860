//! Requests to Whop: each one is counted, limited, and sent once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use whop_license::{Answer, Client, ClientBuilder, Error};

use super::entry::Asked;
use super::proof::Proof;
use super::queue::Permit;
use super::settings::EngineSettings;
use super::trouble::{IN_A_MINUTE, LEAST, SOON, Trouble};
use super::whop_time::WhopTime;
use crate::clock::Clock;
use crate::question::Later;
use crate::store::{Class, Now, Operation, Rate, Store, Taken};

/// The way to Whop.
pub(super) struct Whop {
    key: RwLock<Arc<ApiKey>>,
    settings: EngineSettings,
    pub rate: Rate,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub time: WhopTime,
    /// For what has begun already, so that it does not stop half way.
    slots: Arc<Semaphore>,
}

/// An API key, and what is known of it.
pub(super) struct ApiKey {
    client: Client,
    pub proof: Proof,
    /// For which operations Whop has refused it, and not taken it since.
    refused: [(Operation, AtomicBool); 3],
}

/// What Whop said, and when it was asked with which key.
pub(super) struct Heard<T> {
    pub said: T,
    pub asked: Asked,
    pub key: Arc<ApiKey>,
}

/// Why there is nothing that can be used.
pub(super) struct Unheard {
    pub trouble: Trouble,
    /// Whether the request may have taken effect all the same.
    pub may_have_worked: bool,
}

impl Whop {
    pub fn new(settings: &EngineSettings, api_key: &str, store: Store, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        Ok(Self {
            key: RwLock::new(Arc::new(ApiKey::new(settings, api_key)?)),
            settings: settings.clone(),
            rate: match settings.base_url {
                None => Rate::new(settings.whop_limit),
                Some(_) => Rate::not_of_whop(settings.whop_limit),
            },
            store,
            clock,
            time: WhopTime::default(),
            slots: Arc::new(Semaphore::new(SLOTS)),
        })
    }

    pub fn set_api_key(&self, api_key: &str) -> Result<(), Error> {
        let key = Arc::new(ApiKey::new(&self.settings, api_key)?);
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = key;
        Ok(())
    }

    pub fn key(&self) -> Arc<ApiKey> {
        self.key.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn control(&self) -> Option<&str> {
        self.settings.control.as_deref()
    }

    /// Leave for what has begun already, until a moment of the own clock.
    pub async fn permit(&self, operation: Operation, until: Duration) -> Result<Permit, Trouble> {
        let near = |wait: Duration| Trouble::Later(Later::LimitIsNear, wait.max(LEAST));
        let left = until.saturating_sub(self.clock.now());
        let Ok(Ok(slot)) = timeout(left, self.slots.clone().acquire_owned()).await else { return Err(near(SOON)) };
        loop {
            let now = self.clock.now();
            match self.store.take(operation, Class::Inner, self.rate, Now(now)).await {
                Taken::Granted(stamp) => return Ok(Permit::new(slot, stamp)),
                Taken::Wait(wait) if now + wait < until => sleep(wait.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)).await,
                Taken::Wait(wait) | Taken::Cooldown(wait) => return Err(near(wait)),
            }
        }
    }

    /// Sends one request, which goes on when its caller goes away.
    pub async fn send<T: Send + 'static>(
        &self,
        operation: Operation,
        permit: Permit,
        request: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
        answer: impl FnOnce(&T) -> Option<&Answer>,
    ) -> Result<Heard<T>, Unheard> {
        let key = self.key();
        let asked = Asked { at: self.clock.now(), wall: self.clock.wall(), stamp: permit.stamp };
        let (began, client) = (Instant::now(), key.clone());
        let sent = spawn_blocking(move || {
            let said = request(&client.client);
            drop(permit);
            said
        });
        let said = sent.await.unwrap_or_else(|_| Err(Error::NoAnswer { cause: "the request was not finished".into() }));
        metrics::histogram!("whop_relay_whop_seconds", "operation" => operation.name()).record(began.elapsed());
        let result = said.as_ref().map_or_else(name_of, |_| "ok");
        metrics::counter!("whop_relay_whop_requests_total", "operation" => operation.name(), "result" => result)
            .increment(1);
        match said {
            Ok(said) => {
                if let Some(answer) = answer(&said) {
                    self.time.note(answer.date(), self.clock.now());
                }
                Ok(Heard { said, asked, key })
            }
            Err(error) => Err(self.unheard(operation, error, &key).await),
        }
    }

    async fn unheard(&self, operation: Operation, error: Error, key: &ApiKey) -> Unheard {
        let may_have_worked = matches!(
            error,
            Error::NoAnswer { .. } | Error::ServerError(_) | Error::BadResponse { .. } | Error::HalfReset { .. }
        );
        let (later, wait) = match &error {
            Error::Unauthorized(_) | Error::Forbidden { .. } => {
                key.proof.end(self.clock.now());
                if !key.set_refused(operation, true) {
                    tracing::error!("Whop refuses the API key: {error}");
                }
                (Later::ApiKeyRefused, IN_A_MINUTE)
            }
            Error::RateLimited { retry_after, .. } => {
                tracing::warn!("Whop asks for a pause of {} s (429)", retry_after.as_secs());
                let wait = (*retry_after).min(LONGEST_COOLDOWN);
                self.store.cool_down(wait, Now(self.clock.now())).await;
                (Later::LimitIsNear, wait.max(LEAST))
            }
            Error::Unreachable { .. } | Error::NoAnswer { .. } | Error::ServerError(_) => {
                (Later::WhopIsAway, error.retry_after().unwrap_or(SOON).clamp(LEAST, LONGEST_COOLDOWN))
            }
            _ => (Later::Unusable, SOON),
        };
        Unheard { trouble: Trouble::Later(later, wait), may_have_worked }
    }
}

impl ApiKey {
    fn new(settings: &EngineSettings, api_key: &str) -> Result<Self, Error> {
        let client = builder(settings, api_key).build()?;
        Ok(Self { client, proof: Proof::default(), refused: Operation::ALL.map(|of| (of, AtomicBool::new(false))) })
    }

    /// Notes that Whop has shown a membership of the seller to this key.
    pub fn was_shown(&self, operation: Operation, asked: Asked, id: Option<&str>) {
        self.set_refused(operation, false);
        // To list takes the same permission as to read, and is seldom needed.
        if operation == Operation::Read {
            self.set_refused(Operation::List, false);
        }
        self.proof.note(asked.at, id);
    }

    /// Whether Whop refuses it for anything that is needed.
    pub fn is_refused(&self) -> bool {
        self.refused.iter().any(|(_, is_refused)| is_refused.load(Ordering::Relaxed))
    }

    /// Gives what it was before.
    fn set_refused(&self, operation: Operation, to: bool) -> bool {
        let of = self.refused.iter().find(|(of, _)| *of == operation);
        of.is_some_and(|(_, is_refused)| is_refused.swap(to, Ordering::Relaxed))
    }
}

/// A client of the library as the relay uses it.
pub(super) fn builder(settings: &EngineSettings, api_key: &str) -> ClientBuilder {
    let mut builder = Client::builder(api_key);
    // Each request is one that the limit has counted: what is to be asked again goes through it again.
    builder.max_retries(0).timeout(settings.whop_timeout).api_version_date(VERSION);
    if let Some(base_url) = &settings.base_url {
        builder.base_url(base_url);
    }
    if let Some(ca_file) = &settings.ca_file {
        builder.ca_file(ca_file);
    }
    builder
}

/// What came of a request, for metrics.
fn name_of(error: &Error) -> &'static str {
    match error {
        Error::Unauthorized(_) => "unauthorized",
        Error::Forbidden { .. } => "forbidden",
        Error::Rejected { .. } => "rejected",
        Error::Unreachable { .. } => "unreachable",
        Error::NoAnswer { .. } => "no_answer",
        Error::RateLimited { .. } => "rate_limited",
        Error::ServerError(_) => "server_error",
        Error::BadResponse { .. } => "unusable",
        _ => "not_sent",
    }
}

/// The first version that tells access for a fixed time from a period that renews.
const VERSION: &str = "2026-10-13-1";
const SLOTS: usize = 16;
/// Whop's limit is of a minute. One 429 that asks for more, perhaps from a gateway, must not stop the relay for longer:
/// who asks after it is told again if it is still so.
const LONGEST_COOLDOWN: Duration = Duration::from_secs(5 * 60);
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
