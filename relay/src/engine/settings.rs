//! How an engine behaves.

use std::fmt;
use std::time::Duration;

use whop_license::Error;

/// The settings of an engine. `EngineSettings::default()` lacks the products.
#[derive(Clone)]
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

/// Without the control, which may be a license key.
impl fmt::Debug for EngineSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineSettings")
            .field("products", &self.products)
            .field("devices", &self.devices)
            .field("device_key", &self.device_key)
            .field("whop_limit", &self.whop_limit)
            .finish_non_exhaustive()
    }
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
            whop_timeout: Duration::from_secs(5),
            waiting: 1000,
        }
    }
}

impl EngineSettings {
    /// The names under which the devices of a license are stored.
    pub fn device_names(&self) -> Vec<String> {
        let name = |number: u8| match number {
            1 => self.device_key.clone(),
            number => format!("{}_{number}", self.device_key),
        };
        (1..=self.devices).map(name).collect()
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let fault = |argument, fault: &str| Err(Error::InvalidArgument { argument, fault: fault.into() });
        match self {
            Self { products, .. } if products.is_empty() => fault("product", "at least one is needed"),
            Self { devices, .. } if !(1..=MOST_DEVICES).contains(devices) => fault("devices", "expected 1 to 10"),
            Self { device_key, .. } if !(1..=LONGEST_NAME).contains(&device_key.chars().count()) => {
                fault("device_key", "expected 1 to 90 characters")
            }
            Self { whop_limit: 0, .. } => fault("whop_limit", "expected 1 or more"),
            Self { waiting: 0, .. } => fault("waiting", "expected 1 or more"),
            _ => Ok(()),
        }
    }

    /// How long a first use locks a license: for a reading and a writing of Whop, the pause that the writing needs before
    /// its end, and as much again for what comes between.
    pub(super) fn lock(&self) -> Duration {
        self.whop_timeout * 2 + BEFORE_THE_END * 2
    }
}

const MOST_DEVICES: u8 = 10;
/// Whop stores names of 100 characters, and a number is added.
const LONGEST_NAME: usize = 90;
/// When the writing of a device must be over, before the lock that it is done under.
pub(super) const BEFORE_THE_END: Duration = Duration::from_secs(5);
