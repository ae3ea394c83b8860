//! `doctor`: one screen that explains a machine, without a secret, for a support ticket.

mod certificate;
mod device;
mod installed;
mod key;
mod lease_file;
mod network;
mod relay;
mod report;
mod settings;
mod time;
mod whop;

use std::path::PathBuf;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use self::report::Report;
use crate::api_key;
use crate::client::{Connection, Relay, Whop};
use crate::exit::{Exit, Failure};
use crate::scan;

#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// Look for API keys and private keys in the files of this folder, in place of all else
    #[arg(
        long,
        value_name = "FOLDER",
        conflicts_with_all = ["product", "device_id", "base_url", "relay", "lease_file", "ca_file"]
    )]
    scan: Option<PathBuf>,

    /// The product, prod_…
    #[arg(long, value_name = "ID")]
    product: Option<String>,

    /// The device id that the program sets itself, if it does
    #[arg(long, value_name = "ID")]
    device_id: Option<String>,

    /// Say it as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    whop: Whop,

    #[command(flatten)]
    relay: Relay,

    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let api_key = api_key::given(arguments.whop.api_key_file.as_deref());
    if let Some(folder) = &arguments.scan {
        return scan::run(folder, api_key?.as_ref(), arguments.json);
    }
    let mut report = Report::new(api_key.as_ref().ok().and_then(Option::as_ref));
    installed::look(&mut report);
    device::look(arguments, &mut report);
    let mut arguments = arguments.clone();
    settings::retain_usable(&mut arguments, &mut report);
    let api_key = usable(api_key, &mut report);
    if time::now() < 0 {
        report.fail("clock", "is before 1970: no server was asked", time::ADVICE);
    } else {
        servers(api_key.as_ref(), &arguments, &mut report);
    }
    lease_file::look(&arguments, &mut report);
    report.tell(arguments.json)?;
    Ok(if report.has_failed() { Exit::No } else { Exit::Yes })
}

/// The API key, unless it cannot be had or sent.
fn usable(api_key: Result<Option<SecretString>, Failure>, report: &mut Report) -> Option<SecretString> {
    let checked = api_key.and_then(|key| match &key {
        Some(text) => settings::check_api_key(text.expose_secret()).map(|()| key).map_err(Failure::new),
        None => Ok(None),
    });
    checked.unwrap_or_else(|fault| {
        report.fail("API key", fault.to_string(), "correct the file or the variable, or leave it out");
        None
    })
}

fn servers(api_key: Option<&SecretString>, arguments: &Arguments, report: &mut Report) {
    if let Some(url) = &arguments.relay.relay {
        relay::look(url, arguments, report);
    }
    // On a customer's machine the relay alone matters.
    if arguments.relay.relay.is_none() || api_key.is_some() {
        whop::look(api_key.map(SecretString::expose_secret), arguments, report);
    }
}

/// In the place of an API key, where what is asked needs none.
const NO_KEY: &str = "no-api-key";
/// A license key that nobody has.
const NO_LICENSE: &str = "WHOP-LICENSE-DOCTOR";
