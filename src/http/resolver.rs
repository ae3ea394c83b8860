//! Name lookup: on a few threads of their own, which may outlive the call that asked, so that its deadline holds also where
//! the system's lookup hangs.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::panic;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::deadline::Deadline;
use super::place::is_localhost;
use super::token::{self, WaitsFor};
use crate::sys::{PerProcess, forget_name_servers, keep_loaded, without_signals};

/// For ureq, which would look a name up also where a connection is open already.
#[derive(Debug)]
pub(super) struct NoLookup;

impl Resolver for NoLookup {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// The addresses of a host: a name, or an address without brackets.
pub(super) fn look_up(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, Error> {
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![address],
        Err(_) if is_localhost(host) => vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        Err(_) => LOOKUPS.get_or_init(Lookups::default).addresses(host, deadline)?,
    };
    Ok(addresses.into_iter().map(|address| (address, port).into()).collect())
}

/// Lets go of a late answer that led nowhere.
pub(super) fn forget(host: &str) {
    LOOKUPS.get_or_init(Lookups::default).lock().late.remove(host);
}

/// Has every call that waits for a name see whether it is canceled.
fn wake() {
    let lookups = LOOKUPS.get_or_init(Lookups::default);
    drop(lookups.lock());
    lookups.ended.notify_all();
}

/// The lookups of all clients of this process.
#[derive(Default)]
struct Lookups {
    state: Mutex<State>,
    /// Notified when a lookup has ended, or a call is canceled.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    /// Each on a thread of its own, by host.
    running: HashMap<String, Arc<Lookup>>,
    /// What came when nobody waited for it any more, and when that was.
    late: HashMap<String, (Vec<IpAddr>, Instant)>,
}

/// A lookup, which has an outcome once it has ended.
type Lookup = OnceLock<Outcome>;
type Outcome = Result<Vec<IpAddr>, String>;

impl Lookups {
    fn addresses(&'static self, host: &str, deadline: Deadline) -> Result<Vec<IpAddr>, Error> {
        let mut state = self.lock();
        let lookup = loop {
            if let Some(addresses) = state.came_late(host) {
                return Ok(addresses);
            }
            if let Some(lookup) = state.running.get(host) {
                break lookup.clone();
            }
            if state.running.len() < MAX_THREADS {
                break self.start(&mut state, host)?;
            }
            state = self.wait(state, deadline)?;
        };
        loop {
            match lookup.get() {
                Some(Ok(addresses)) => return Ok(addresses.clone()),
                Some(Err(fault)) => return Err(io::Error::other(fault.as_str()).into()),
                None => state = self.wait(state, deadline)?,
            }
        }
    }

    fn start(&'static self, state: &mut State, host: &str) -> io::Result<Arc<Lookup>> {
        let lookup = Arc::new(Lookup::new());
        let (name, of_thread) = (host.to_owned(), lookup.clone());
        keep_loaded()?;
        // Not the size that RUST_MIN_STACK gives, with which every lookup could fail; nor the name of the thread that starts it.
        let thread = thread::Builder::new().name(NAME.into()).stack_size(STACK);
        without_signals(|| thread.spawn(move || self.run(&name, &of_thread)))?;
        state.running.insert(host.to_owned(), lookup.clone());
        Ok(lookup)
    }

    fn run(&self, host: &str, lookup: &Arc<Lookup>) {
        let outcome = panic::catch_unwind(|| system_lookup(host)).unwrap_or_else(|_| Err("a bug in the lookup".into()));
        let mut state = self.lock();
        state.running.remove(host);
        // Whoever waits holds it too.
        if let (Ok(addresses), 1) = (&outcome, Arc::strong_count(lookup)) {
            state.late.insert(host.to_owned(), (addresses.clone(), Instant::now()));
        }
        lookup.set(outcome).ok();
        self.ended.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, deadline: Deadline) -> Result<MutexGuard<'a, State>, Error> {
        let left = deadline.left().map_err(|_| Error::Timeout(Timeout::Resolve))?;
        let wait = || self.ended.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        Ok(token::waiting(WaitsFor::Woken(wake), wait)?)
    }
}

impl State {
    fn came_late(&mut self, host: &str) -> Option<Vec<IpAddr>> {
        self.late.retain(|_, (_, came)| came.elapsed() < KEPT);
        self.late.get(host).map(|(addresses, _)| addresses.clone())
    }
}

fn system_lookup(host: &str) -> Outcome {
    forget_name_servers();
    let addresses: Vec<_> = match (host, 0).to_socket_addrs() {
        Ok(found) => found.map(|address| address.ip()).take(MAX_ADDRESSES).collect(),
        Err(error) => return Err(error.to_string()),
    };
    if addresses.is_empty() { Err("the name has no address".into()) } else { Ok(addresses) }
}

static LOOKUPS: PerProcess<Lookups> = PerProcess::new();
const MAX_THREADS: usize = 4;
const MAX_ADDRESSES: usize = 16;
/// How long a late answer is used.
const KEPT: Duration = Duration::from_secs(60);
const STACK: usize = 1 << 20;
const NAME: &str = "whop-lookup";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_answer_is_used_for_a_minute() {
        let mut state = State::default();
        let mut came_late = |age: Duration| {
            let came = Instant::now().checked_sub(age).unwrap();
            state.late.insert("whop.test".into(), (vec![Ipv4Addr::LOCALHOST.into()], came));
            state.came_late("whop.test").is_some()
        };
        assert!(came_late(Duration::ZERO) && came_late(KEPT - Duration::from_secs(5)));
        assert!(!came_late(KEPT));
    }
}
