//! The command line `whop-license`.

use std::panic::catch_unwind;
use std::process::ExitCode;

fn main() -> ExitCode {
    // A fault of this program is no verdict either: rustls has one where the clock is before 1970.
    catch_unwind(whop_license_cli::cli::run).unwrap_or(ExitCode::from(2))
}
