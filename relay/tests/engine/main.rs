//! What is said of a license, with a Whop on this machine and a real Redis.

#![cfg(test)]

mod cache;
mod first_uses;
mod limit;
mod outage;
mod patch_day;
mod proof;
mod speed;
mod stores;
mod support;
mod verdicts;
