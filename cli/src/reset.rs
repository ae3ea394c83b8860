//! `reset`: frees the device of a license.

use clap::Args;
use whop_license::Lookup;

use crate::client::{Connection, Whop};
use crate::exit::{Exit, Failure};
use crate::{input, output};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The license key, or - to read it from standard input
    #[arg(value_name = "KEY")]
    license_key: String,

    /// The name in the membership's metadata under which the device is stored
    #[arg(long, value_name = "NAME", default_value = "hwid")]
    metadata_key: String,

    #[command(flatten)]
    whop: Whop,

    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let license_key = input::license_key(&arguments.license_key)?;
    let mut builder = arguments.whop.client(&arguments.connection)?;
    builder.metadata_key(&arguments.metadata_key);
    let outcome = builder.build().and_then(|client| client.reset_license(&license_key));
    match outcome.map_err(Failure::new)? {
        Lookup::Found(_) => {
            output::line("reset: the next device that is checked is bound")?;
            Ok(Exit::Yes)
        }
        Lookup::NotFound(_) => {
            output::fault("there is no such license: check the key for typing errors");
            Ok(Exit::No)
        }
    }
}
