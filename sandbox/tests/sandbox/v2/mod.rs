//! The API that Whop has retired.

mod api_keys;
mod binding;
mod expand;
mod farewell;
mod fields;
mod license_keys;
mod plans;
