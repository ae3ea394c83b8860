//! Ask [Whop](https://whop.com) whether this customer may run your program on this device, and create the plans that
//! you sell.
//!
//! Not affiliated with Whop. The same library is a C-ABI dynamic library (`include/whop_license.h`) with wrappers for
//! C++, Python and C#; this page is its Rust API.
//!
//! ```
//! use whop_license::{Client, Verdict};
//! # let sandbox = whop_sandbox::Sandbox::start(whop_sandbox::Options::default())?;
//! # let api_key = sandbox.api_key("full");
//!
//! let client = Client::builder(&api_key).product_id("prod_sandbox").build()?;
//!
//! match client.validate_license("SANDBOX-ACTIVE", None) {
//!     Ok(Verdict::Allowed(membership)) => println!("run, until {:?}", membership.expires_at()),
//!     Ok(denied) => println!("do not run: {denied}"),
//!     Err(error) => println!("cannot tell, so keep what was decided before: {error}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Client`]: the settings, and the two calls. Share one between threads; it keeps connections alive.
//! - [`Verdict`]: Whop's answer, *allowed* or *denied* and why. Fails closed: nothing but [`Verdict::Allowed`] is a yes.
//! - [`Error`]: why there is no answer. It neither allows nor denies: a paying customer must not be locked out
//!   because a router rebooted, nor anyone be let in.
//! - [`Membership`], [`Plan`]: what either API says, and all fields of the one that was asked ([`current`], [`v2`]); every
//!   field may be missing, and the JSON as sent stays reachable.
//! - [`PlanRequest`]: a plan to create, checked before anything is sent.
//! - [`Api`]: Whop's current API, unless API v2 is set, which Whop announced to stop.
//!
//! # The steps of a check
//!
//! The current API has no call that checks a license. [`Client::validate_license`] looks the membership up, judges it,
//! binds the device at first use, and reads again. A server that serializes first uses itself takes the steps one by
//! one: [`Client::membership`], [`Client::judge`], [`Client::bind`].
//!
//! # Where the API key may live
//!
//! Everything in a shipped program can be read by whoever has it, and an API key of the current API that can bind a
//! license can change every membership. So no key is shipped: it stays on a server, in a bot, or with a tool of yours.
//!
//! A key that is read from a file which the customer can edit can be made `sandbox_PORT_NAME`, whose sandbox says yes:
//! set a [base URL](ClientBuilder::base_url), or [refuse such keys](ClientBuilder::allow_sandbox), or do not read keys
//! from there.
//!
//! # Logs
//!
//! Nothing is logged here. The HTTP client underneath writes to the `log` facade: up to level `debug` without keys and
//! bodies, but at `trace` every byte, and so the API key, the license key and the buyer's data. Keep `ureq` and
//! `ureq_proto` above `trace` in a program that you ship.

mod answer;
mod api;
mod argument;
mod check;
mod client;
mod defaults;
mod device;
mod error;
mod ffi;
#[cfg(fuzzing)]
pub mod fuzzing;
mod http;
pub mod lease;
mod memory;
mod model;
mod pending;
mod plan;
mod redact;
mod refusal;
mod sys;
mod tree;
mod visible;
mod workers;

pub use answer::Answer;
pub use api::Api;
pub use check::{Judgement, Lookup, Membership, Verdict};
pub use client::{Client, ClientBuilder};
pub use error::Error;
pub use http::{ProxyInUse, RouteReport};
pub use model::{Expandable, JsonObject, current, v2};
pub(crate) use pending::ClientCalls;
pub use pending::PendingCall;
pub use plan::{Plan, PlanRequest};

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
