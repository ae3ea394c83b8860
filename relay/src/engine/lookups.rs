//! Equal questions that are being asked are asked once.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::entry::Entry;
use super::trouble::{SOON, Trouble};
use crate::question::Later;
use crate::store::Hash;

/// What a lookup comes to.
pub(super) type LookedUp = Result<Arc<Entry>, Trouble>;

/// The licenses that are being looked up.
#[derive(Clone, Default)]
pub(super) struct Lookups(Arc<Mutex<HashMap<Hash, watch::Receiver<Option<LookedUp>>>>>);

/// Forgets a lookup that has ended, also one that has panicked.
struct Ends(Lookups, Hash);

impl Lookups {
    /// What the lookup of this license comes to: the one that is under way, or a new one, which goes on when its caller goes
    /// away. The second says whether it was under way already.
    pub async fn join<F: Future<Output = LookedUp> + Send + 'static>(
        &self,
        license: Hash,
        look_up: impl FnOnce() -> F,
    ) -> (LookedUp, bool) {
        let (mut outcome, was_there) = {
            let mut lookups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match lookups.get(&license) {
                Some(lookup) => (lookup.clone(), true),
                None => {
                    let (sender, receiver) = watch::channel(None);
                    lookups.insert(license, receiver.clone());
                    let (ends, lookup) = (Ends(self.clone(), license), look_up());
                    tokio::spawn(async move {
                        let outcome = lookup.await;
                        // Before it is told, so that who asks after that starts anew.
                        drop(ends);
                        sender.send_replace(Some(outcome));
                    });
                    (receiver, false)
                }
            }
        };
        let outcome = match outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone(),
            Err(_) => None,
        };
        (outcome.unwrap_or(Err(Trouble::Later(Later::Unusable, SOON))), was_there)
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}
