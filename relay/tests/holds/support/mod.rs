//! What the proof runs with: a Whop, relays, a shared store, a proxy before them, and customers by the thousand.

mod customer;
mod figures;
mod gate;
mod keys;
mod limit;
mod program;
mod proxy;
mod redis;
mod relay;
mod whop;
mod wire;

pub use customer::Customer;
pub use figures::{figure, percentile};
pub use gate::{Gate, Held, Operation, Passed, Side, Way};
pub use keys::Keys;
pub use limit::most_in;
pub use program::{Program, tool};
pub use proxy::Proxy;
pub use redis::Redis;
pub use relay::Relay;
pub use whop::{PRODUCT, Whop};
pub use wire::{Answer, Connection, Said, ask, ask_patiently};

/// Lets this process and its children have as many open files as they may.
pub fn raise_open_files() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
