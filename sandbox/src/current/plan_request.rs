//! What a request that creates a plan may hold.

use serde_json::{Map, Value};

use crate::current::Error;
use crate::current::metadata;
use crate::current::version::Version;
use crate::facts::CURRENT;
use crate::membership::COMPANY;

/// These have a least price of their own, or none.
const NOT_FIAT: [&str; 6] = ["eth", "ape", "btc", "usdt", "whop_usd", "xau"];

/// The product that is sold, and the other fields.
pub fn checked(mut request: Map<String, Value>, version: Version) -> Result<(String, Map<String, Value>), Error> {
    seller(&mut request, version)?;
    // Whop drops an unknown name in silence on some routes, and refuses it on others.
    if let Some(name) = request.keys().find(|name| CURRENT.plan_request.field(name).is_none()) {
        return Err(Error::invalid(name, format!("Unknown parameter: {name}.")));
    }
    if let Some(name) = CURRENT.misfit(&request).or_else(|| too_little(&request)) {
        return Err(Error::invalid(name, format!("Invalid parameter: {name}.")));
    }
    if let Some(Value::Object(metadata)) = request.get("metadata") {
        metadata::check(metadata)?;
    }
    match request.remove("product_id") {
        Some(Value::String(product)) => Ok((product, request)),
        _ => Err(Error::invalid("product_id", "Missing parameter: product_id.")),
    }
}

/// An account's API key stands for its own account. Without a date the request must name it, as a company.
fn seller(request: &mut Map<String, Value>, version: Version) -> Result<(), Error> {
    let name = if version.is_undated() { "company_id" } else { "account_id" };
    match request.remove(name) {
        Some(Value::String(id)) if id == COMPANY => Ok(()),
        Some(Value::String(_)) => Err(Error::not_found(if version.is_undated() { "Company" } else { "Account" })),
        Some(_) => Err(Error::invalid(name, format!("Invalid parameter: {name}."))),
        None if version.is_undated() => Err(Error::invalid(name, format!("Missing parameter: {name}."))),
        None => Ok(()),
    }
}

/// A price that is neither nothing nor a whole unit, or a payment that is split into one.
fn too_little(request: &Map<String, Value>) -> Option<&'static str> {
    let number = |name: &str| request.get(name).and_then(Value::as_f64);
    let fiat = request.get("currency").and_then(Value::as_str).is_none_or(|currency| !NOT_FIAT.contains(&currency));
    let low = |name: &&str| number(name).is_some_and(|price| price > 0.0 && price < 1.0);
    let split = number("split_pay_required_payments").is_some_and(|payments| payments <= 1.0);
    let price = ["initial_price", "renewal_price"].into_iter().find(low).filter(|_| fiat);
    price.or(split.then_some("split_pay_required_payments"))
}
