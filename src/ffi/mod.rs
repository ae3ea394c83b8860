//! The C ABI. Its comments are written for C readers: they become the header.
#![allow(unsafe_code, reason = "pointers come in and go out here, and nowhere else")]

#[cfg(panic = "abort")]
compile_error!(
    "with panic = \"abort\" a bug in this library would end the host program: build it with panic = \"unwind\""
);

mod guard;
mod json_text;
mod text;

mod call;
mod client;
mod copies;
mod license;
mod plan;
mod response;
mod settings;
mod status;
mod statuses;

#[cfg(test)]
mod panics;

#[cfg(fuzzing)]
pub use response::{
    Response, whop_response_boolean, whop_response_count, whop_response_integer, whop_response_json,
    whop_response_number, whop_response_string, whop_response_text,
};
