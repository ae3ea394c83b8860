//! Leases, good and forged: what comes of each case of `tests/leases.txt`, and of every other change to a good one.

#![cfg(test)]

mod every_byte;
mod played;
mod public_relay;
mod signatures;
#[path = "../support/mod.rs"]
mod support;
mod table;
