//! Calls that are started, and then polled, waited for, or canceled.

use std::collections::VecDeque;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::check::Verdict;
use crate::error::Error;
use crate::http::{Calls, Token};
use crate::sys::{PerProcess, generation};
use crate::workers;

/// A check that was started. Dropped, it is canceled.
pub struct PendingCall {
    shared: Arc<Shared>,
}

struct Shared {
    /// The process that started it: a forked child has no thread that could end it.
    generation: u64,
    token: Arc<Token>,
    /// What is set first counts. None for a bug.
    outcome: OnceLock<Option<Result<Verdict, Error>>>,
    reports: Arc<Reports>,
}

/// The calls of one client.
#[derive(Clone, Default)]
pub(crate) struct ClientCalls {
    pub running: Arc<Calls>,
    pub reports: Arc<Reports>,
}

/// The started calls of a client that have ended, and that [`Client::wait_any`](crate::Client::wait_any) has not reported.
#[derive(Default)]
pub(crate) struct Reports {
    of_process: PerProcess<Queue>,
}

#[derive(Default)]
struct Queue {
    unreported: Mutex<VecDeque<Arc<Token>>>,
    /// Notified when a call ends.
    ended: Condvar,
}

impl PendingCall {
    /// Runs the work on a thread of its own.
    pub(crate) fn start(calls: &ClientCalls, work: impl FnOnce() -> Result<Verdict, Error> + Send + 'static) -> Self {
        let call = Self::new(calls);
        let (shared, running) = (call.shared.clone(), calls.running.begin_with(call.shared.token.clone()));
        let started = workers::run(move || {
            let outcome = panic::catch_unwind(AssertUnwindSafe(|| shared.token.run(work)));
            // Before others learn that it has ended: then all that it had is free.
            drop(running);
            shared.end(outcome.ok());
        });
        if let Err(error) = started {
            call.shared.end(Some(Err(error)));
        }
        call
    }

    /// One that has ended already.
    pub(crate) fn failed(calls: &ClientCalls, error: Error) -> Self {
        let call = Self::new(calls);
        call.shared.end(Some(Err(error)));
        call
    }

    fn new(calls: &ClientCalls) -> Self {
        let (token, outcome) = (Arc::default(), OnceLock::new());
        Self { shared: Arc::new(Shared { generation: generation(), token, outcome, reports: calls.reports.clone() }) }
    }

    /// Whether it has ended. Never blocks.
    pub fn is_done(&self) -> bool {
        self.shared.outcome.get().is_some() || self.shared.is_of_parent()
    }

    /// Waits until it has ended, at most this long. Whether it has.
    pub fn wait(&self, timeout: Duration) -> bool {
        self.is_done() || self.shared.reports.wait(timeout, |_| self.is_done())
    }

    /// How it ended; none while it runs. A refused license is a [`Verdict`].
    ///
    /// # Panics
    ///
    /// If the call did, which is a bug.
    pub fn result(&self) -> Option<Result<Verdict, Error>> {
        match self.shared.outcome.get() {
            Some(Some(outcome)) => Some(outcome.clone()),
            Some(None) => panic::resume_unwind(Box::new("a bug in the call")),
            None if self.shared.is_of_parent() => Some(Err(Error::Canceled)),
            None => None,
        }
    }

    /// Ends it at once as [`Error::Canceled`], from any thread. Its own thread leaves the work within milliseconds. Changes
    /// nothing once it has ended. If the request was sent already, a first use may have bound the device: the next check on it is allowed then.
    pub fn cancel(&self) {
        if self.is_done() {
            return;
        }
        self.shared.end(Some(Err(Error::Canceled)));
        self.shared.token.cancel();
    }
}

impl Drop for PendingCall {
    fn drop(&mut self) {
        if !self.shared.is_of_parent() && self.shared.forget() {
            self.shared.token.cancel();
        }
    }
}

impl Shared {
    fn end(&self, outcome: Option<Result<Verdict, Error>>) {
        let queue = self.reports.queue();
        // Under the lock: a call that is dropped meanwhile is not noted.
        let mut unreported = queue.lock();
        if self.outcome.set(outcome).is_ok() {
            unreported.push_back(self.token.clone());
            queue.ended.notify_all();
        }
    }

    /// Sees to it that it is not reported. True where it has not ended by itself.
    fn forget(&self) -> bool {
        let mut unreported = self.reports.queue().lock();
        let runs = self.outcome.set(Some(Err(Error::Canceled))).is_ok();
        unreported.retain(|ended| !Arc::ptr_eq(ended, &self.token));
        runs
    }

    fn is_of_parent(&self) -> bool {
        self.generation != generation()
    }
}

impl Reports {
    /// Waits until a call has ended that was not reported yet, at most this long. Whether there is one, which is reported now.
    pub fn wait_any(&self, timeout: Duration) -> bool {
        self.wait(timeout, |unreported| unreported.pop_front().is_some())
    }

    /// Waits until this is so, and looks each time that a call has ended. False: not in time.
    fn wait(&self, timeout: Duration, mut is_so: impl FnMut(&mut VecDeque<Arc<Token>>) -> bool) -> bool {
        let queue = self.queue();
        let until = Instant::now().checked_add(timeout);
        let mut unreported = queue.lock();
        loop {
            if is_so(&mut unreported) {
                return true;
            }
            let left = until.map_or(timeout, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return false;
            }
            unreported = queue.ended.wait_timeout(unreported, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn queue(&self) -> &Queue {
        self.of_process.get_or_init(Queue::default)
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Token>>> {
        self.unreported.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
