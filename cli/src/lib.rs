//! The command line `whop-license`: checks licenses, creates plans, and explains a machine on which a check does not
//! work.

mod api_key;
mod check;
pub mod cli;
mod client;
mod device_id;
mod doctor;
mod exit;
mod input;
mod masking;
mod output;
mod plan;
mod prompt;
mod reset;
mod scan;
