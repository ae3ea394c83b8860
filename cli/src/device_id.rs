//! `device-id`: the id of this machine, as a check sends it.

use clap::Args;
use whop_license::Client;

use crate::exit::{Exit, Failure};
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The product that the id is for, prod_…: each product has another id of the same machine
    #[arg(long, value_name = "ID")]
    product: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    output::line(of_product(arguments.product.as_deref())?)?;
    Ok(Exit::Yes)
}

/// The id of this machine for a product.
pub(crate) fn of_product(product_id: Option<&str>) -> Result<String, Failure> {
    // Nobody is asked anything, so that any API key will do.
    let mut builder = Client::builder("unused");
    if let Some(id) = product_id {
        builder.product_id(id);
    }
    let client = builder.build().map_err(Failure::new)?;
    client.device_id().map(str::to_owned).map_err(Failure::new)
}
