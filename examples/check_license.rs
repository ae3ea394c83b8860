//! May this customer run this program on this device?
//!
//!     cargo run --example check_license API_KEY LICENSE_KEY [DEVICE_ID]

use std::process::ExitCode;

use whop_license::{Client, Error, Verdict};

/// Yours. Without it, a license of any other product of yours would do.
const PRODUCT_ID: &str = "prod_sandbox";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [api_key, license_key, device_id @ ..] = arguments.as_slice() else {
        eprintln!("usage: check_license API_KEY LICENSE_KEY [DEVICE_ID]");
        return ExitCode::from(2);
    };
    match check(api_key, license_key, device_id.first()) {
        Ok(Verdict::Allowed(membership)) => match membership.expires_at() {
            Some(seconds) => println!("allowed: until {seconds} (Unix seconds)"),
            None => println!("allowed: does not expire"),
        },
        Ok(denied) => {
            println!("denied: {denied}");
            return ExitCode::from(1);
        }
        Err(error) => {
            // Neither yes nor no: do not lock a paying customer out, nor let anyone in.
            println!("cannot tell: {error}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn check(api_key: &str, license_key: &str, device_id: Option<&String>) -> Result<Verdict, Error> {
    let mut settings = Client::builder(api_key);
    settings.product_id(PRODUCT_ID);
    if let Some(device_id) = device_id {
        // In place of the library's own, which is good for most.
        settings.device_id(device_id);
    }
    settings.build()?.validate_license(license_key, None)
}
