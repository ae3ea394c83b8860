//! The lease file: what is kept in it, what stands in its place, who writes it at once, and when its leases stand in.

#![cfg(test)]
#![cfg(unix)]

mod child;
mod clock;
mod contention;
mod disk;
mod home;
mod kept;
mod killed;
mod offline;
mod places;
#[path = "../support/mod.rs"]
mod support;

use home::{ANOTHER, Home, KEY};
