//! A check by a relay: its statuses, faults, connections, limits and messages, from a real socket.

#![cfg(test)]

mod connections;
mod faults;
mod keys;
mod messages;
mod programs;
mod refused;
mod statuses;
#[path = "../support/mod.rs"]
mod support;
#[path = "../faults/table.rs"]
#[allow(dead_code, reason = "the other ways meet all at once")]
mod table;
