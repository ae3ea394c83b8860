//! System calls that no crate makes for us.
#![allow(unsafe_code, reason = "system calls are made here, and what they need is checked beside them")]

mod files;
#[cfg(unix)]
mod fork;
mod library;
mod name_servers;
mod per_process;
mod random;
mod signals;
mod wait;

pub(crate) use files::{Lock, Turn, is_own};
#[cfg(unix)]
pub(crate) use fork::generation;
pub(crate) use library::keep_loaded;
pub(crate) use name_servers::forget_name_servers;
pub(crate) use per_process::PerProcess;
pub(crate) use random::random;
pub(crate) use signals::without_signals;
pub(crate) use wait::{Readiness, is_being_made, shutdown_ends_wait, wait};

/// Nothing forks here.
#[cfg(not(unix))]
pub(crate) fn generation() -> u64 {
    0
}
