//! May this customer run the program on their device? For a server, bot or tool of yours: the API key is never shipped.
//!
//!     cargo run --example check_on_server API_KEY LICENSE_KEY DEVICE_ID

use std::process::ExitCode;

use whop_license::{Client, Error, Verdict};

/// Yours. Without it, a license of any other product of yours would do.
const PRODUCT_ID: &str = "prod_sandbox";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [api_key, license_key, device_id] = arguments.as_slice() else {
        eprintln!("usage: check_on_server API_KEY LICENSE_KEY DEVICE_ID");
        return ExitCode::from(2);
    };
    match check(api_key, license_key, device_id) {
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

/// A server makes one client, and passes the device as metadata instead.
fn check(api_key: &str, license_key: &str, device_id: &str) -> Result<Verdict, Error> {
    let mut settings = Client::builder(api_key);
    settings.product_id(PRODUCT_ID);
    // What the customer's program has sent: without it, the license is bound to the server.
    settings.device_id(device_id);
    settings.build()?.validate_license(license_key, None)
}
