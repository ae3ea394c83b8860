//! Whom the library speaks to over TLS: good servers, and nobody else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod ca_file;
mod servers;
#[path = "../support/mod.rs"]
mod support;
