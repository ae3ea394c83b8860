//! The relay as programs and sellers meet it: real sockets, and the sandbox in Whop's place.

#![cfg(test)]

mod lease;
mod limits;
mod malformed;
mod programs;
mod proxies;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../engine/support/redis_server.rs"]
mod redis_server;
mod reload;
mod secrecy;
mod serving;
mod settings;
mod shared;
mod support;
mod wire;
