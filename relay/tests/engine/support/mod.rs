//! A relay's engine in front of a Whop on this machine, and what may go wrong between them.

mod peer;
mod redis_server;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use peer::{Act, Gate, Peer};
pub use redis_server::RedisServer;
use tokio::task::JoinHandle;
use whop_license::{Client, Lookup};
use whop_relay::clock::MovedClock;
use whop_relay::engine::{Engine, EngineSettings};
use whop_relay::question::{Facts, Later, Outcome, Question};
use whop_relay::store::Store;
use whop_sandbox::{Options, Sandbox};

pub const ACTIVE: &str = "SANDBOX-ACTIVE";

/// A Whop, a clock, and the engines that share them.
pub struct Setup {
    pub sandbox: Sandbox,
    pub peer: Peer,
    pub clock: Arc<MovedClock>,
}

impl Setup {
    pub fn new() -> Self {
        Self::with(Options { rate_limit: None, slow: Duration::from_millis(300), ..Options::default() })
    }

    pub fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).unwrap();
        let clock = Arc::<MovedClock>::default();
        Self { peer: Peer::start(sandbox.port(), clock.clone()), clock, sandbox }
    }

    pub fn settings(&self) -> EngineSettings {
        EngineSettings {
            base_url: Some(self.peer.base_url()),
            products: vec!["prod_sandbox".into()],
            whop_timeout: Duration::from_secs(2),
            ..EngineSettings::default()
        }
    }

    pub fn engine(&self) -> Engine {
        self.engine_with(self.settings(), Store::memory())
    }

    pub fn engine_with(&self, settings: EngineSettings, store: Store) -> Engine {
        self.engine_of("full", settings, store)
    }

    pub fn engine_of(&self, api_key: &str, settings: EngineSettings, store: Store) -> Engine {
        Engine::new(settings, &self.sandbox.api_key(api_key), store, self.clock.clone()).unwrap()
    }

    /// A license that somebody buys, of the product that is served.
    pub fn buy(&self) -> String {
        let made = ureq::post(format!("{}/sandbox/purchases", self.sandbox.origin()))
            .send_json(HashMap::from([("plan", "plan_sandbox")]))
            .unwrap();
        let made: HashMap<String, String> = made.into_body().read_json().unwrap();
        made["license_key"].clone()
    }

    /// The button of a customer's page that frees his device.
    pub fn reset(&self, license_key: &str) {
        let answer = ureq::post(format!("{}/sandbox/memberships/{license_key}/reset", self.sandbox.origin()))
            .config()
            .max_redirects(0)
            .build()
            .send_empty();
        assert_eq!(answer.unwrap().status(), 303);
    }

    /// Has the engines meet a Redis that has begun just now, and lets the time pass in which they give no locks.
    pub async fn settle(&self, engines: &[Engine]) {
        for engine in engines {
            let outcome = engine.check(&question(&self.buy(), "first")).await;
            assert_eq!(later(&outcome), Some(Later::StoreIsAway), "{outcome:?}");
        }
        self.clock.forward(Duration::from_secs(30));
    }

    /// Has an engine meet a Redis that has come back, and says that it gives no locks yet.
    pub async fn meet(&self, engine: &Engine, license_key: &str, device: &str) {
        let began = Instant::now();
        loop {
            let outcome = engine.check(&question(license_key, device)).await;
            let Outcome::Later(Later::StoreIsAway, wait) = outcome else { panic!("{outcome:?}") };
            // Shorter where it is not reached, which it is not asked for a moment after it was away.
            if wait > Duration::from_secs(6) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What Whop has stored of a license.
    pub fn metadata(&self, license_key: &str) -> serde_json::Value {
        let client = Client::builder(&self.sandbox.api_key("full")).build().unwrap();
        let Ok(Lookup::Found(membership)) = client.membership(license_key) else { panic!("{license_key}") };
        membership.answer().value().unwrap()["metadata"].clone()
    }

    /// What the engines asked of Whop, as `GET ACTIVE`, without what the tests asked themselves.
    pub fn asked(&self) -> Vec<String> {
        self.peer.seen()
    }
}

impl RedisServer {
    pub fn store(&self) -> Store {
        Store::redis(&self.url(), [7; 32]).unwrap()
    }
}

pub fn question(license_key: &str, device: &str) -> Question {
    question_from(license_key, device, [127, 0, 0, 1])
}

pub fn question_from(license_key: &str, device: &str, address: [u8; 4]) -> Question {
    Question {
        license_key: license_key.into(),
        device: device.into(),
        from: IpAddr::V4(Ipv4Addr::from(address)).into(),
        has_lease: false.into(),
    }
}

/// Each from an address of its own.
pub fn numbered(license_key: &str, number: usize) -> Question {
    let [.., a, b] = (number as u32).to_be_bytes();
    question_from(license_key, &format!("device-{number}"), [10, 1, a, b])
}

pub fn with_lease(question: Question) -> Question {
    Question { has_lease: true.into(), ..question }
}

pub fn is_valid(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Known(Facts { valid: true, .. }))
}

pub fn later(outcome: &Outcome) -> Option<Later> {
    match outcome {
        Outcome::Later(later, wait) => {
            assert!(!wait.is_zero());
            Some(*later)
        }
        _ => None,
    }
}

/// A check that goes on beside the test.
pub fn begin(engine: &Engine, question: Question) -> JoinHandle<Outcome> {
    let engine = engine.clone();
    tokio::spawn(async move { engine.check(&question).await })
}
