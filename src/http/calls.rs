//! The calls of a client that run now, so that all of them can be canceled.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::token::Token;
use crate::sys::PerProcess;

/// The calls of one client that run now.
#[derive(Default)]
pub(crate) struct Calls {
    /// A forked child has none of its parent's.
    running: PerProcess<Mutex<Vec<Arc<Token>>>>,
}

/// A call, as long as it runs.
pub(crate) struct Running {
    calls: Arc<Calls>,
    token: Arc<Token>,
    /// False where this is a part of a call that has begun already.
    is_whole: bool,
}

impl Calls {
    /// Begins a call on this thread, or a part of the one that the thread is at.
    pub fn begin(self: &Arc<Self>) -> Running {
        match Token::current() {
            Some(token) => Running { calls: self.clone(), token, is_whole: false },
            None => self.begin_with(Arc::default()),
        }
    }

    /// Begins a call that this token stops.
    pub fn begin_with(self: &Arc<Self>, token: Arc<Token>) -> Running {
        self.lock().push(token.clone());
        Running { calls: self.clone(), token, is_whole: true }
    }

    /// Cancels the calls that run now, and no later one.
    pub fn cancel_all(&self) {
        let running = self.lock().clone();
        Token::cancel_all(&running);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Token>>> {
        self.running.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    pub fn token(&self) -> &Arc<Token> {
        &self.token
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.is_whole {
            let mut running = self.calls.lock();
            if let Some(place) = running.iter().position(|token| Arc::ptr_eq(token, &self.token)) {
                running.swap_remove(place);
            }
        }
    }
}
