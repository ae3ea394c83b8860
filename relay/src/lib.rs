//! The relay: a license check for programs that hold no secret.

pub mod address;
mod admin;
mod answer;
mod check;
pub mod cli;
pub mod clock;
mod commands;
mod connections;
pub mod engine;
mod forwarded;
mod limits;
mod log;
mod pair;
mod places;
pub mod question;
mod relay;
mod reload;
mod report;
mod request;
mod secrets;
mod server;
pub mod settings;
mod signer;
mod signing_key;
pub mod store;
mod tls;

pub use relay::Relay;
pub use signing_key::SigningKey;
