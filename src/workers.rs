//! The threads that started calls run on: one for each call, and those that become idle are used again for a second.

use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::error::Error;
use crate::sys::{PerProcess, keep_loaded, without_signals};

/// Does the work on a thread of its own.
///
/// # Errors
///
/// [`Error::Unreachable`] where there are too many threads, or the system gives no other.
pub(crate) fn run(work: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    WORKERS.get_or_init(Workers::default).run(Box::new(work))
}

type Work = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Workers {
    state: Mutex<State>,
    /// Notified when there is work for an idle thread.
    given: Condvar,
}

#[derive(Default)]
struct State {
    threads: usize,
    idle: usize,
    /// Not more than there are idle threads.
    given: VecDeque<Work>,
}

impl Workers {
    fn run(&'static self, work: Work) -> Result<(), Error> {
        let mut state = self.lock();
        if state.given.len() < state.idle {
            state.given.push_back(work);
            drop(state);
            self.given.notify_one();
            return Ok(());
        }
        if state.threads >= MOST {
            return Err(Error::Unreachable {
                cause: format!(
                    "{MOST} calls are pending already, which is the most, or hang in the file system after they were canceled"
                ),
            });
        }
        state.threads += 1;
        drop(state);
        self.start(work).map_err(|error| {
            self.lock().threads -= 1;
            Error::Unreachable { cause: format!("no thread could be started for the call: {error}") }
        })
    }

    fn start(&'static self, work: Work) -> io::Result<()> {
        keep_loaded()?;
        let thread = thread::Builder::new().name(NAME.into()).stack_size(STACK);
        without_signals(|| thread.spawn(move || self.serve(work))).map(drop)
    }

    /// What one thread does.
    fn serve(&self, mut work: Work) {
        loop {
            work();
            let mut state = self.lock();
            state.idle += 1;
            (state, _) = self
                .given
                .wait_timeout_while(state, LONGEST_IDLE, |state| state.given.is_empty())
                .unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
            let Some(next) = state.given.pop_front() else {
                state.threads -= 1;
                return;
            };
            work = next;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

static WORKERS: PerProcess<Workers> = PerProcess::new();
const MOST: usize = 1024;
const LONGEST_IDLE: Duration = Duration::from_secs(1);
/// What every call needs at the most.
const STACK: usize = 256 * 1024;
const NAME: &str = "whop-call";
