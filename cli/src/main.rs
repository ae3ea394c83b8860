//! The command line `whop-license`.

use std::process::ExitCode;

fn main() -> ExitCode {
    whop_license_cli::cli::run()
}
