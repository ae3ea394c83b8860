//! The relay as a program.

use std::process::ExitCode;

fn main() -> ExitCode {
    whop_relay::cli::run()
}
