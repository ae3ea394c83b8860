//! The relay: a license check for programs that hold no secret.

mod address;
mod question;
