#![doc = include_str!("../README.md")]
#![recursion_limit = "256"] // json! counts the fields of a plan.

mod api_keys;
mod buyer;
mod errors;
mod expand;
mod extract;
mod fixtures;
mod local_only;
mod memberships;
mod page;
mod plan_fields;
mod plans;
mod products;
mod rate_limit;
mod request_log;
mod routes;
mod server;
mod state;
mod store;
mod tls;
mod validate;
mod whole_body;

pub use api_keys::ApiKey;
pub use fixtures::{LICENSE_KEYS, LicenseKey};
pub use request_log::Request;
pub use server::{Options, Sandbox};
