//! The relay: whether it is reached, and signs with a key that is trusted.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;
use whop_license::{Client, Error, Verdict};

use super::report::Report;
use super::{Arguments, NO_KEY, NO_LICENSE, network, time};

pub(super) fn look(url: &str, arguments: &Arguments, report: &mut Report) {
    let has_ca_file = arguments.connection.ca_file.is_some();
    let client = match client(url, arguments) {
        Ok(client) => client,
        Err((fault, advice)) => {
            report.fail("relay", fault, advice);
            // The way to it can be looked at without the keys.
            let mut builder = Client::builder(NO_KEY);
            arguments.connection.set(builder.base_url(url));
            if let Ok(client) = builder.build() {
                network::look(&client, ", the relay", has_ca_file, report);
            }
            return report.note("relay", "what it answers was not looked at");
        }
    };
    if !network::look(&client, ", the relay", has_ca_file, report) {
        return report.note("relay", "not looked at, because it is not reached");
    }
    // A license that nobody has: the answer is a signed no, which is kept nowhere.
    match client.validate_license(NO_LICENSE, r#"{"hwid":"doctor"}"#) {
        Ok(verdict) => signed(&verdict, report),
        Err(error) => unsigned(&error, report),
    }
}

fn client(url: &str, arguments: &Arguments) -> Result<Client, (String, &'static str)> {
    let keys = arguments.relay.public_keys.as_ref();
    let keys = keys.ok_or(("--public-keys is not given".into(), "give the keys that the program is shipped with"))?;
    let mut builder = Client::relay(url, keys);
    builder.product_id(arguments.product.as_deref().unwrap_or(ANY_PRODUCT));
    arguments.connection.set(&mut builder);
    builder.build().map_err(|error| (error.to_string(), "correct the option"))
}

fn signed(verdict: &Verdict, report: &mut Report) {
    let claims = verdict.answer().value().unwrap_or_default();
    report.ok("relay", "answers, and signs with one of the public keys");
    if claims.get("sandbox").and_then(Value::as_bool) == Some(true) {
        report.warn("relay", "it asks the sandbox, and not Whop", "take it for tests alone");
    }
    let signed_at = claims.get("iat").and_then(Value::as_u64).map(Duration::from_secs);
    if let Some(signed_at) = signed_at.and_then(|since| UNIX_EPOCH.checked_add(since)) {
        time::compare("the relay", signed_at, report);
    }
}

fn unsigned(error: &Error, report: &mut Report) {
    let cause = match error {
        Error::Relay { cause, .. } => cause,
        other => other,
    };
    let advice = match cause {
        Error::Untrusted { .. } => {
            "compare the address with the relay's, and the public keys with what `whop-relay check` prints there"
        }
        Error::ServerError(_) => {
            "on the server, look at the relay's log and run `whop-relay check`: Whop or the API key may be the cause"
        }
        Error::RateLimited { .. } => "wait that long: many unknown license keys came from this address",
        _ => "try again later",
    };
    report.fail("relay", error.to_string(), advice);
}

const ANY_PRODUCT: &str = "prod_doctor";
