//! The sandbox from outside, over real sockets.

#![cfg(test)]

mod both;
mod client;
mod current;
mod false_relay;
mod hostile;
mod license_keys;
mod lifecycle;
mod local_only;
mod page;
mod program;
mod purchases;
mod request_log;
mod tls;
mod v2;
