//! How an engine behaves.

use std::time::Duration;

/// The settings of an engine. `EngineSettings::default()` lacks the products.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// What stands where `https://api.whop.com/api` would.
    pub base_url: Option<String>,
    /// A PEM file with the certificates to trust in place of the bundled ones.
    pub ca_file: Option<String>,
    /// The products that are served, `prod_…`. At least one.
    pub products: Vec<String>,
    /// How many devices a license may have, 1 to 10.
    pub devices: u8,
    /// The name of the first device in the metadata. The others are `<name>_2` and so on.
    pub device_key: String,
    /// How long a license that entitles is kept.
    pub cache_allowed: Duration,
    /// How long everything else is kept.
    pub cache_others: Duration,
    /// How many requests of each operation may go to Whop in a second.
    pub whop_limit: u32,
    /// A membership or license key of the seller that proves the API key.
    pub control: Option<String>,
    /// How long one request to Whop may take. A first use has at most two, and holds its lock for both and ten seconds
    /// more.
    pub whop_timeout: Duration,
    /// How many questions may wait for Whop's limit, in all.
    pub waiting: usize,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            base_url: None,
            ca_file: None,
            products: Vec::new(),
            devices: 1,
            device_key: "hwid".into(),
            cache_allowed: Duration::from_secs(15 * 60),
            cache_others: Duration::from_secs(60),
            whop_limit: 8,
            control: None,
            whop_timeout: Duration::from_secs(10),
            waiting: 1000,
        }
    }
}
