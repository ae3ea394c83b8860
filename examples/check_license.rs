//! May this customer run this program on this device? For what customers have: it holds nothing secret.
//!
//!     cargo run --example check_license RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]

use std::process::ExitCode;

use whop_license::{Client, Error, Verdict};

/// Yours: a license of any other product of yours does not do.
const PRODUCT_ID: &str = "prod_sandbox";
/// Where the relay's answers are kept for the days without network. Yours is in the user's own folder for such files.
const LEASE_FILE: &str = "license.lease";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [relay_url, public_keys, license_key, device_id @ ..] = arguments.as_slice() else {
        eprintln!("usage: check_license RELAY_URL PUBLIC_KEYS LICENSE_KEY [DEVICE_ID]");
        return ExitCode::from(2);
    };
    match check(relay_url, public_keys, license_key, device_id.first()) {
        // Run as well: the relay allowed it some days ago, and cannot be asked now.
        Ok(allowed) if allowed.is_offline() => println!("allowed offline: {allowed}"),
        Ok(Verdict::Allowed(membership)) => match membership.expires_at() {
            Some(seconds) => println!("allowed: until {seconds} (Unix seconds)"),
            None => println!("allowed: does not expire"),
        },
        Ok(denied) => {
            println!("denied: {denied}");
            return ExitCode::from(1);
        }
        Err(error) => {
            // Neither yes nor no: no network, and no answer that is kept, as at the first start. Show why, and offer
            // to try again; let what is running go on.
            println!("cannot tell: {error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// The first two are constants in your program.
fn check(relay_url: &str, public_keys: &str, license_key: &str, device_id: Option<&String>) -> Result<Verdict, Error> {
    let mut settings = Client::relay(relay_url, public_keys);
    settings.product_id(PRODUCT_ID).lease_file(LEASE_FILE);
    if let Some(device_id) = device_id {
        // In place of the library's own, which is good for most.
        settings.device_id(device_id);
    }
    settings.build()?.validate_license(license_key, None)
}
