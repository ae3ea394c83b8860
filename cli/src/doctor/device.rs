//! The id of this device, and what it is made of.

use whop_license::Client;

use super::Arguments;
use super::report::Report;
use crate::device_id;

pub(super) fn look(arguments: &Arguments, report: &mut Report) {
    if arguments.device_id.is_some() {
        return report.ok("device id", "the one that is given, not this machine's");
    }
    let product = arguments.product.as_deref();
    match (device_id::of_product(product), Client::machine_identity_source()) {
        (Ok(id), Ok(source)) => {
            let product = product.map_or("no product".to_owned(), |product| product.to_owned());
            report.ok("device id", format!("{id} for {product}, made of {source}"));
        }
        (Err(failure), Ok(_)) => report.fail("device id", failure.to_string(), "give the id of the product, prod_…"),
        (_, Err(error)) => report.fail(
            "device id",
            error.to_string(),
            "in a container, give the program an id of its own that is stored; else look at /etc/machine-id",
        ),
    }
}
