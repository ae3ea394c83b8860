//! A plan by the current API: which route it takes, and that of one call comes one plan at the most.

#![cfg(test)]

mod at_most_once;
mod fields;
mod name;
mod route;
#[path = "../support/mod.rs"]
mod support;
