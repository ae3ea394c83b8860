//! Whom the library speaks to over TLS: good servers, and nobody else.

#![cfg(test)]

mod ca_file;
mod servers;
#[path = "../support/mod.rs"]
mod support;
mod surplus;
