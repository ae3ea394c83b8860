//! Equal questions in flight are asked once.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::entry::Entry;
use super::trouble::{SOON, Trouble};
use crate::question::Later;
use crate::store::Hash;

/// What a flight comes back with.
pub(super) type Landed = Result<Arc<Entry>, Trouble>;

/// The questions that are being asked.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<Hash, watch::Receiver<Option<Landed>>>>>);

/// Forgets a flight that has ended, also one that has panicked.
struct Ends(Flights, Hash);

impl Flights {
    /// What the flight for this license comes back with: the one that is there, or a new one, which goes on when its caller
    /// goes away. The second says whether it was there already.
    pub async fn join<F: Future<Output = Landed> + Send + 'static>(
        &self,
        license: Hash,
        fly: impl FnOnce() -> F,
    ) -> (Landed, bool) {
        let (mut landed, was_there) = {
            let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match flights.get(&license) {
                Some(flight) => (flight.clone(), true),
                None => {
                    let (sender, receiver) = watch::channel(None);
                    flights.insert(license, receiver.clone());
                    let (ends, flight) = (Ends(self.clone(), license), fly());
                    tokio::spawn(async move {
                        let landed = flight.await;
                        // Before it is told, so that who asks after that starts anew.
                        drop(ends);
                        sender.send_replace(Some(landed));
                    });
                    (receiver, false)
                }
            }
        };
        let landed = match landed.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone(),
            Err(_) => None,
        };
        (landed.unwrap_or(Err(Trouble::Later(Later::Unusable, SOON))), was_there)
    }
}

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}
