//! One first use of a license at a time in this process, and few that wait.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::store::Hash;

/// Whose turn it is, for each license.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<Hash, Arc<Line>>>);

#[derive(Default)]
struct Line {
    turn: Arc<AsyncMutex<()>>,
    /// Who waits, and who has the turn.
    there: AtomicUsize,
}

/// The turn of a license; it ends when this is dropped.
pub(super) struct Turn<'a> {
    _guard: OwnedMutexGuard<()>,
    _place: Place<'a>,
}

/// A place in the line.
struct Place<'a> {
    turns: &'a Turns,
    license: Hash,
    line: Arc<Line>,
}

impl Turns {
    /// Waits for the turn. None where too many wait already, or it takes too long.
    pub async fn wait(&self, license: Hash, longest: Duration) -> Option<Turn<'_>> {
        let place = self.place(license)?;
        let guard = tokio::time::timeout(longest, place.line.turn.clone().lock_owned()).await.ok()?;
        Some(Turn { _guard: guard, _place: place })
    }

    fn place(&self, license: Hash) -> Option<Place<'_>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = lines.entry(license).or_default();
        if line.there.load(Ordering::Relaxed) > MOST_WAITING {
            return None;
        }
        line.there.fetch_add(1, Ordering::Relaxed);
        Some(Place { turns: self, license, line: line.clone() })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut lines = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if self.line.there.fetch_sub(1, Ordering::Relaxed) == 1 {
            lines.remove(&self.license);
        }
    }
}

/// Beside the one whose turn it is.
const MOST_WAITING: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn eight_wait_and_the_ninth_does_not_and_nothing_is_left_behind() {
        let turns = Turns::default();
        let long = Duration::from_secs(60);
        let first = turns.wait([1; 32], long).await.unwrap();
        let mut waiting: Vec<_> = (0..8).map(|_| Box::pin(turns.wait([1; 32], long))).collect();
        for wait in &mut waiting {
            assert!(futures_poll(wait).await.is_none());
        }
        assert!(turns.wait([1; 32], long).await.is_none());
        assert!(turns.wait([2; 32], long).await.is_some());
        drop(first);
        assert!(waiting.remove(0).await.is_some());
        drop(waiting);
        assert!(turns.0.lock().unwrap().is_empty());
    }

    /// Polls once.
    async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        std::future::poll_fn(|context| match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
            std::task::Poll::Pending => std::task::Poll::Ready(None),
        })
        .await
    }
}
