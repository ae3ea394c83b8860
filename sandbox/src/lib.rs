//! A Whop on your own machine: the license and plan endpoints, in memory, for demos, tests and development without an
//! account. It listens on loopback only and forgets everything when it stops.
//!
//! ```
//! let sandbox = whop_sandbox::Sandbox::start(whop_sandbox::Options::default())?;
//!
//! let api_key = sandbox.api_key("full"); // "sandbox_41234_full"
//! let url = format!("{}/v2/memberships/SANDBOX-ACTIVE/validate_license", sandbox.base_url());
//! // … call it, then see what arrived:
//! assert!(sandbox.requests().is_empty());
//! # let _ = (api_key, url);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What each license key does is written once, in [`LICENSE_KEYS`].

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
mod rate_limit;
mod request_log;
mod routes;
mod server;
mod state;
mod tls;
mod validate;

pub use fixtures::{LICENSE_KEYS, LicenseKey};
pub use request_log::Request;
pub use server::{Options, Sandbox};
