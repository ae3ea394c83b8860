//! The connections that are open, of which there is a limit: when it is reached, who does nothing gives way.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use indexmap::IndexMap;
use tokio_util::sync::CancellationToken;

/// The connections that are open.
#[derive(Clone)]
pub(crate) struct Connections(Arc<Shared>);

struct Shared {
    most: usize,
    began: Instant,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    by_number: IndexMap<u64, Arc<State>>,
}

struct State {
    /// Milliseconds since the beginning; `BUSY` while a question is under way.
    idle_since: AtomicU64,
    give_way: CancellationToken,
}

/// One connection. It leaves the table when dropped.
pub(crate) struct Connection {
    all: Connections,
    number: u64,
    state: Arc<State>,
}

/// Keeps a connection from giving way.
pub(crate) struct Busy<'a>(&'a Connection);

impl Connections {
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Shared { most, began: Instant::now(), open: Mutex::default() }))
    }

    /// Lets a connection in, in place of one that has done nothing for long if all places are taken. None if everybody
    /// is busy.
    pub fn admit(&self) -> Option<Connection> {
        let mut open = self.open();
        if open.by_number.len() >= self.0.most {
            let longest_idle = open.longest_idle()?;
            let state = open.by_number.swap_remove(&longest_idle)?;
            state.give_way.cancel();
        }
        let number = open.next;
        open.next += 1;
        let state = State { idle_since: AtomicU64::new(self.now()), give_way: CancellationToken::new() };
        let state = Arc::new(state);
        open.by_number.insert(number, Arc::clone(&state));
        Some(Connection { all: self.clone(), number, state })
    }

    pub fn count(&self) -> usize {
        self.open().by_number.len()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        self.0.began.elapsed().as_millis().try_into().unwrap_or(BUSY - 1)
    }
}

impl Open {
    /// The one that is idle for longest, of some that are picked at random: to look at all would cost too much.
    fn longest_idle(&self) -> Option<u64> {
        let picked = (0..PICKED).filter_map(|_| self.by_number.get_index(fastrand::usize(..self.by_number.len())));
        let idle = picked.map(|(number, state)| (state.idle_since.load(Relaxed), *number));
        idle.filter(|(since, _)| *since != BUSY).min().map(|(_, number)| number)
    }
}

impl Connection {
    /// Keeps it from giving way while this is held.
    pub fn busy(&self) -> Busy<'_> {
        self.state.idle_since.store(BUSY, Relaxed);
        Busy(self)
    }

    /// Ends when it has to give way.
    pub async fn gives_way(&self) {
        self.state.give_way.cancelled().await;
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.state.idle_since.store(self.0.all.now(), Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open().by_number.swap_remove(&self.number);
    }
}

const BUSY: u64 = u64::MAX;
const PICKED: usize = 32;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn who_does_nothing_gives_way_and_who_is_served_does_not() {
        let connections = Connections::new(3);
        let [first, second, third] = [(); 3].map(|()| connections.admit().unwrap());
        let first_busy = first.busy();
        std::thread::sleep(Duration::from_millis(2));
        drop(third.busy());
        // The second is idle for longest now.
        let fourth = connections.admit().unwrap();
        assert!(second.state.give_way.is_cancelled());
        assert!(!first.state.give_way.is_cancelled() && !third.state.give_way.is_cancelled());
        assert_eq!(connections.count(), 3);

        let busy = [third.busy(), fourth.busy()];
        assert!(connections.admit().is_none(), "all are busy");
        drop((busy, first_busy));
        drop(second);
        assert_eq!(connections.count(), 3, "it had left already");
        drop(first);
        assert_eq!(connections.count(), 2);
        assert!(connections.admit().is_some());
    }
}
