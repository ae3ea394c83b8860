//! What the network does to a call: connections, addresses, proxies.

#![cfg(test)]

mod addresses;
mod connections;
mod lookups;
mod once;
mod proxies;
mod retry_after;
#[path = "../support/mod.rs"]
mod support;
