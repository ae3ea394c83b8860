//! What the network does to a call: connections, addresses, proxies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod addresses;
mod connections;
mod once;
mod proxies;
mod retry_after;
#[path = "../support/mod.rs"]
mod support;
