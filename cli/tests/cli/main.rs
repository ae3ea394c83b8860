//! The command line as people and scripts call it: against the sandbox, and a relay before it.

#![cfg(test)]

mod api_key;
mod check;
#[cfg(target_os = "linux")]
mod device;
#[cfg(target_os = "linux")]
mod docs;
mod doctor;
mod doctor_network;
mod plan_and_reset;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../../../tests/support/proxy.rs"]
mod proxy;
mod scan;
mod scan_archives;
mod support;
