//! The relay: a license check for programs that hold no secret.

pub mod address;
pub mod clock;
pub mod engine;
pub mod question;
pub mod store;
