//! The sandbox from outside, over real sockets.

#![cfg(test)]

mod api_keys;
mod binding;
mod client;
mod expand;
mod hostile;
mod license_keys;
mod lifecycle;
mod local_only;
mod page;
mod plans;
mod program;
mod purchases;
mod request_log;
mod tls;
