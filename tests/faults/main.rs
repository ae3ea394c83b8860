//! Every fault of a server, through the Rust API and through the C ABI: the right status, by the deadline, no second create.

#![cfg(test)]

mod from_c;
mod from_rust;
mod in_one_request;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::time::Duration;

/// Long enough for an answer on a busy machine, short beside the minute that some faults would last.
const TIMEOUT: Duration = Duration::from_millis(1500);
