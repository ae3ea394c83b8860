//! Stops a call from another thread, in whatever it waits for: a connection, an answer, a name, a pause.

use std::cell::RefCell;
use std::io;
use std::net::Shutdown::Both;
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::sys::{self, Readiness};

/// The right of one call to go on, until somebody cancels it.
#[derive(Debug, Default)]
pub(crate) struct Token {
    state: Mutex<State>,
    canceled: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_canceled: bool,
    waits_for: Option<WaitsFor>,
}

/// What a call waits for, and so what ends the wait.
#[derive(Clone, Debug)]
pub(super) enum WaitsFor {
    /// To shut it down ends the wait.
    Socket(Arc<TcpStream>),
    /// To call this ends the wait, and has all others that wait so look again.
    Woken(fn()),
}

/// The call was canceled.
#[derive(Debug)]
pub(super) struct Canceled;

thread_local! {
    /// That of the call which this thread is at.
    static CURRENT: RefCell<Option<Arc<Token>>> = const { RefCell::new(None) };
}

impl Token {
    /// That of the call which this thread is at.
    pub fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
    }

    /// Does work that this token stops.
    pub fn run<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        struct Restore(Option<Arc<Token>>);
        impl Drop for Restore {
            fn drop(&mut self) {
                set_current(self.0.take());
            }
        }
        let _restore = Restore(set_current(Some(self.clone())));
        work()
    }

    /// Ends the call's waits, now and later. Its thread goes on within milliseconds.
    pub fn cancel(&self) {
        if let Some(wake) = self.mark() {
            wake();
        }
    }

    /// Does so for all of them, and wakes those that wait for names once: a thousand times for a thousand would take seconds.
    pub fn cancel_all(tokens: &[Arc<Self>]) {
        if let Some(wake) = tokens.iter().fold(None, |wake, token| token.mark().or(wake)) {
            wake();
        }
    }

    /// Notes that it is canceled, and ends the wait unless that takes what is returned.
    fn mark(&self) -> Option<fn()> {
        let mut state = self.lock();
        state.is_canceled = true;
        let wake = match state.waits_for.take() {
            Some(WaitsFor::Woken(wake)) => Some(wake),
            Some(WaitsFor::Socket(socket)) => {
                // While the lock is held: later, the socket may serve another call. A socket that is closed already waits for nothing.
                socket.shutdown(Both).ok();
                None
            }
            None => None,
        };
        drop(state);
        self.canceled.notify_all();
        wake
    }

    pub fn is_canceled(&self) -> bool {
        self.lock().is_canceled
    }

    /// Waits this long, unless it is canceled.
    pub(super) fn pause(&self, duration: Duration) -> Result<(), Canceled> {
        let (state, _) = self
            .canceled
            .wait_timeout_while(self.lock(), duration, |state| !state.is_canceled)
            .unwrap_or_else(PoisonError::into_inner);
        if state.is_canceled { Err(Canceled) } else { Ok(()) }
    }

    fn wait_for(&self, what: Option<WaitsFor>) -> Result<(), Canceled> {
        let mut state = self.lock();
        // Kept here, the socket of a canceled call would stay open as long as the call is not freed.
        state.waits_for = what.filter(|_| !state.is_canceled);
        if state.is_canceled { Err(Canceled) } else { Ok(()) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set_current(token: Option<Arc<Token>>) -> Option<Arc<Token>> {
    CURRENT.try_with(|current| current.replace(token)).ok().flatten()
}

/// Ends with an error if the call which this thread is at was canceled.
pub(super) fn check() -> Result<(), Canceled> {
    let is_canceled = CURRENT.try_with(|current| current.borrow().as_ref().is_some_and(|token| token.is_canceled()));
    if is_canceled.unwrap_or(false) { Err(Canceled) } else { Ok(()) }
}

/// Waits, unless the call which this thread is at is canceled.
pub(super) fn waiting<T>(what: WaitsFor, wait: impl FnOnce() -> T) -> Result<T, Canceled> {
    let Some(token) = Token::current() else { return Ok(wait()) };
    token.wait_for(Some(what))?;
    let outcome = wait();
    token.wait_for(None)?;
    Ok(outcome)
}

/// Waits for a socket until then, unless the call is canceled. False: not ready yet.
pub(super) fn wait(socket: &Arc<TcpStream>, readiness: Readiness, until: Instant) -> io::Result<bool> {
    loop {
        let part = if sys::shutdown_ends_wait(readiness) { until } else { until.min(Instant::now() + SLICE) };
        let outcome = waiting(WaitsFor::Socket(socket.clone()), || sys::wait(socket, readiness, part))?;
        if part == until || !matches!(outcome, Ok(false)) {
            return outcome;
        }
    }
}

impl From<Canceled> for io::Error {
    fn from(_: Canceled) -> Self {
        io::Error::other("the call was canceled")
    }
}

impl From<Canceled> for ureq::Error {
    fn from(canceled: Canceled) -> Self {
        io::Error::from(canceled).into()
    }
}

/// How soon a wait that a shutdown does not end notices that it is canceled.
const SLICE: Duration = Duration::from_millis(10);
