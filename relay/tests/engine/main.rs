//! What is said of a license, with a Whop on this machine and a real Redis.

#![cfg(test)]

mod first_uses;
mod support;
mod verdicts;
