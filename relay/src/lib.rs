//! The relay: a license check for programs that hold no secret.

pub mod address;
mod answer;
pub mod clock;
pub mod engine;
mod pair;
pub mod question;
mod request;
pub mod settings;
mod signer;
mod signing_key;
pub mod store;

pub use signing_key::SigningKey;
