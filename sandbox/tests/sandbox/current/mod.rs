//! The current API.

mod api_keys;
mod dates;
mod fields;
mod idempotency;
mod license_keys;
mod list;
mod memberships;
mod metadata;
mod permissions;
mod plans;
mod rate_limit;
