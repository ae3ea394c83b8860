//! The table of leases that every language's tests read, and the sandbox that plays them.

use whop_license::{Client, ClientBuilder};
use whop_sandbox::{Options, Sandbox};

use crate::support::workshop::root;

pub const LICENSE_KEY: &str = "SANDBOX-ACTIVE";
pub const DEVICE: &str = r#"{"hwid":"this-device"}"#;
pub const PRODUCT: &str = "prod_sandbox";

#[derive(Debug)]
pub struct Case {
    pub name: String,
    /// The status of a check.
    pub online: i32,
    /// Whether the same lease helps where the relay is away. None if it is not about a lease.
    pub offline: Option<bool>,
}

fn rows() -> Vec<Vec<String>> {
    let table = std::fs::read_to_string(root().join("tests/leases.txt")).unwrap();
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

pub fn cases() -> Vec<Case> {
    let mut rows = rows();
    rows.retain(|row| row[0] != "key");
    let cases: Vec<_> = rows.into_iter().map(|row| case(&row)).collect();
    assert!(cases.len() > 250, "{}", cases.len());
    cases
}

fn case(row: &[String]) -> Case {
    let offline = match &*row[2] {
        "yes" => Some(true),
        "no" => Some(false),
        "-" => None,
        other => panic!("{other}: {row:?}"),
    };
    Case { name: row[0].clone(), online: row[1].parse().unwrap(), offline }
}

/// The private half and the public half of a key.
pub fn key(name: &str) -> (String, String) {
    let row = rows().into_iter().find(|row| row[0] == "key" && row[1] == name).unwrap();
    (row[2].clone(), row[3].clone())
}

/// What a program is given.
pub fn public_keys() -> String {
    format!("{},{}", key("trusted").1, key("spare").1)
}

pub fn sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, ..Options::default() }).unwrap()
}

pub fn client_of(relay_url: &str) -> ClientBuilder {
    let mut settings = Client::relay(relay_url, &public_keys());
    settings.product_id(PRODUCT).max_retries(0);
    settings
}

pub fn relay_url(sandbox: &Sandbox, case: &str) -> String {
    format!("{}/false-relay/{case}", sandbox.origin())
}

/// A lease file that has kept the lease of this case.
pub fn lease_file(sandbox: &Sandbox, case: &str) -> String {
    let url = format!("{}/lease-file?key={LICENSE_KEY}&device=this-device", relay_url(sandbox, case));
    let answer = ureq::get(url).config().proxy(None).build().call().unwrap();
    answer.into_body().with_config().limit(4 << 20).read_to_string().unwrap()
}

/// The lease in such a file.
pub fn lease(sandbox: &Sandbox, case: &str) -> String {
    let file: serde_json::Value = serde_json::from_str(&lease_file(sandbox, case)).unwrap();
    file["leases"][0]["lease"].as_str().unwrap().to_owned()
}
