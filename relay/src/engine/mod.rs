//! What is said of a license: asked from Whop, one first use at a time, and kept for a while.

mod health;
mod settings;

pub use health::Health;
pub use settings::EngineSettings;

use std::sync::Arc;

use whop_license::Error;

use crate::clock::Clock;
use crate::question::{Outcome, Question};
use crate::store::Store;

/// Answers questions about licenses. Clones are the same one.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner;

impl Engine {
    /// Makes an engine. Nothing is asked yet. Must be called within a runtime of tokio.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for an API key or a setting that cannot be used.
    pub fn new(settings: EngineSettings, api_key: &str, store: Store, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let _ = (settings, api_key, store, clock);
        Ok(Self(Arc::new(Inner)))
    }

    /// Says what is to be said of a license on a device. The front has refused what is no license key and no device:
    /// membership ids, control characters, more than 256 bytes, values that begin with `released:`.
    ///
    /// A caller that goes away ends nothing: a first use is finished, and an answer of Whop's is kept.
    pub async fn check(&self, question: &Question) -> Outcome {
        let (_, _) = (&self.0, question);
        Outcome::Later(crate::question::Later::WhopIsAway, std::time::Duration::from_secs(1))
    }

    /// Takes another API key, at once. What was proved with the one before proves nothing for this one.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a key that cannot be used: the one before stays.
    pub fn set_api_key(&self, api_key: &str) -> Result<(), Error> {
        let _ = api_key;
        Ok(())
    }

    /// Forgets what is kept of a license, in the shared store as well: what was asked before is not kept any more.
    pub async fn forget(&self, license_key: &str) {
        let _ = license_key;
    }

    /// How the engine is, for `/readyz`.
    pub fn health(&self) -> Health {
        Health::default()
    }
}
