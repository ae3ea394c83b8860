//! The sandbox that a program talks to.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use whop_sandbox::{Options, Sandbox};

use crate::support::workshop::root;

/// `WHOP_API_CURRENT` and `WHOP_API_V2`, as arguments.
pub const CURRENT: &str = "1";
pub const V2: &str = "2";

pub fn sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, ..Options::default() }).unwrap()
}

/// One whose `SANDBOX-SLOW` does not take long.
pub fn swift_sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, slow: Duration::from_millis(50), ..Options::default() }).unwrap()
}

pub fn tls_sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, tls: true, ..Options::default() }).unwrap()
}

/// The relay of a sandbox that plays this case of `tests/leases.txt`.
pub fn relay_url(sandbox: &Sandbox, case: &str) -> String {
    format!("{}/false-relay/{case}", sandbox.origin())
}

/// The public keys of `tests/leases.txt` that a program is given.
pub fn public_keys() -> String {
    let table = fs::read_to_string(root().join("tests/leases.txt")).unwrap();
    let keys = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let trusted = keys.filter_map(|row| match row[..] {
        ["key", "trusted" | "spare", _, public] => Some(public.to_owned()),
        _ => None,
    });
    trusted.collect::<Vec<_>>().join(",")
}

/// Posts JSON to a sandbox, with every right, and hands over the JSON of its answer.
pub fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Value {
    let answer = ureq::post(format!("{}{path}", sandbox.origin()))
        .config()
        .proxy(None)
        .build()
        .header("Authorization", format!("Bearer {}", sandbox.api_key("full")))
        .content_type("application/json")
        .send(body.to_string());
    let text = answer.unwrap().into_body().read_to_string().unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Buys the sandbox's plan: a new license key, bound to no device.
pub fn purchase(sandbox: &Sandbox) -> String {
    let bought = post(sandbox, "/sandbox/purchases", &json!({"plan": "plan_sandbox"}));
    bought["license_key"].as_str().unwrap().to_owned()
}
