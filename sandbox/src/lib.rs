#![doc = include_str!("../README.md")]
#![recursion_limit = "256"] // json! counts the fields of a plan.

mod api;
mod api_keys;
pub mod cli;
mod current;
mod edge;
mod facts;
mod false_relay;
mod fixtures;
mod instant;
mod local_only;
mod membership;
mod page;
mod people;
mod plan;
mod product;
mod redact;
mod request_log;
mod routes;
mod server;
mod state;
mod store;
mod tls;
mod v2;
mod whole_body;

pub use api::Api;
pub use api_keys::ApiKey;
pub use fixtures::{LICENSE_KEYS, LicenseKey};
pub use request_log::Request;
pub use server::{Options, Sandbox};
pub use v2::{Retired, V2};
