//! A license by the current API: looked up, judged here, bound at first use and read back, step by step.

#![cfg(test)]

mod api_key;
mod binding;
mod cut_off;
mod metadata;
mod races;
mod reset;
mod steps;
#[path = "../support/mod.rs"]
mod support;
