//! A peer on this machine that does what it is told, and remembers every byte that it was sent.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part of it")]

mod act;
pub mod authority;
mod connection;
mod peer;
mod proxy;
mod refusing_port;
mod shape;
pub mod signer;
mod stored;
pub mod workshop;

pub use act::{Act, Reads, Script, Then, answer};
pub use peer::{Peer, Received};
pub use proxy::Proxy;
pub use refusing_port::RefusingPort;
pub use shape::{
    BOTH, DEVICE, entitled, failure, membership, plan, status_of, status_of_error, status_of_verdict, yes,
};
pub use signer::Signer;
pub use stored::Stored;
