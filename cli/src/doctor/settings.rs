//! Settings that cannot be used: each is told, and the rest is looked at without it.

use whop_license::{Client, ClientBuilder, Error};

use super::report::Report;
use super::{Arguments, NO_KEY};
use crate::client::DEFAULT_TIMEOUT;

/// Takes away what cannot be used. Addresses stay: nobody else is asked in their place.
pub(super) fn retain_usable(arguments: &mut Arguments, report: &mut Report) {
    if let Some(path) = arguments.connection.ca_file.clone()
        && let Err(error) = built(|builder| builder.ca_file(&path))
    {
        report.fail("settings", format!("{error}; looked at with the authorities in the library"), ADVICE);
        arguments.connection.ca_file = None;
    }
    let timeout = arguments.connection.timeout;
    if let Err(error) = built(|builder| builder.timeout(timeout)) {
        report.fail("settings", format!("{error}; looked at with {} s", DEFAULT_TIMEOUT.as_secs()), ADVICE);
        arguments.connection.timeout = DEFAULT_TIMEOUT;
    }
    if let Some(product) = arguments.product.clone()
        && let Err(error) = built(|builder| builder.product_id(&product))
    {
        report.fail("settings", format!("{error}; looked at for no product"), ADVICE);
        arguments.product = None;
    }
}

/// Whether an API key could be sent at all.
pub(super) fn check_api_key(key: &str) -> Result<(), Error> {
    Client::builder(key).build().map(drop)
}

fn built(set: impl FnOnce(&mut ClientBuilder) -> &mut ClientBuilder) -> Result<(), Error> {
    set(&mut Client::builder(NO_KEY)).build().map(drop)
}

const ADVICE: &str = "correct the option";
