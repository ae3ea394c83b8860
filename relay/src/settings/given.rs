//! The settings as they are given: texts of flags, variables and a file.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use clap::Args;
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

/// Each setting as a text, or not at all. A file has the names of the flags.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Given {
    /// Where programs ask; port 0 takes a free one [default: 127.0.0.1:8443]
    #[arg(long, env = "WHOP_RELAY_LISTEN", value_name = "ADDR")]
    pub(super) listen: Option<Text>,

    /// Where /readyz and /metrics are told, to nobody unless set
    #[arg(long, env = "WHOP_RELAY_ADMIN_LISTEN", value_name = "ADDR")]
    pub(super) admin_listen: Option<Text>,

    /// The file with Whop's API key; or the key itself in WHOP_RELAY_API_KEY
    #[arg(long, env = "WHOP_RELAY_API_KEY_FILE", value_name = "FILE")]
    pub(super) api_key_file: Option<Text>,

    /// A file that keygen wrote, up to four times: the first that a program trusts signs; or PEM in WHOP_RELAY_SIGNING_KEY
    #[arg(long, env = "WHOP_RELAY_SIGNING_KEY_FILE", value_name = "FILE", value_delimiter = ',')]
    #[serde(deserialize_with = "one_or_more")]
    pub(super) signing_key_file: Vec<Text>,

    /// A product that is served, prod_…; repeat it for more
    #[arg(long, env = "WHOP_RELAY_PRODUCT", value_name = "ID", value_delimiter = ',')]
    #[serde(deserialize_with = "one_or_more")]
    pub(super) product: Vec<Text>,

    /// Asks this in place of Whop, as the sandbox; leases then say so
    #[arg(long, env = "WHOP_RELAY_BASE_URL", value_name = "URL")]
    pub(super) base_url: Option<Text>,

    /// Trusts the certificates in this PEM file on the way to Whop, in place of the bundled ones
    #[arg(long, env = "WHOP_RELAY_CA_FILE", value_name = "FILE")]
    pub(super) ca_file: Option<Text>,

    /// Redis or Valkey, which several processes must share
    #[arg(long, env = "WHOP_RELAY_REDIS", value_name = "URL", hide_env_values = true)]
    pub(super) redis: Option<Text>,

    /// Serves https with this certificate chain, PEM
    #[arg(long, env = "WHOP_RELAY_TLS_CERT", value_name = "FILE")]
    pub(super) tls_cert: Option<Text>,

    /// The private key of the certificate, PEM
    #[arg(long, env = "WHOP_RELAY_TLS_KEY", value_name = "FILE")]
    pub(super) tls_key: Option<Text>,

    /// How long a program runs without network: 1 to 720 [default: 72]
    #[arg(long, env = "WHOP_RELAY_LEASE_HOURS", value_name = "N")]
    pub(super) lease_hours: Option<Text>,

    /// How many devices a license may have: 1 to 10 [default: 1]
    #[arg(long, env = "WHOP_RELAY_DEVICES", value_name = "N")]
    pub(super) devices: Option<Text>,

    /// The name of the device in the metadata [default: hwid]
    #[arg(long, env = "WHOP_RELAY_DEVICE_KEY", value_name = "NAME")]
    pub(super) device_key: Option<Text>,

    /// A proxy whose X-Forwarded-For is believed; repeat it for more
    #[arg(long, env = "WHOP_RELAY_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',')]
    #[serde(deserialize_with = "one_or_more")]
    pub(super) trusted_proxy: Vec<Text>,

    /// A license key or membership of your own, whose presence proves that the API key works
    #[arg(long, env = "WHOP_RELAY_CONTROL", value_name = "KEY", hide_env_values = true)]
    pub(super) control: Option<Text>,

    /// The most requests to Whop in a second, for each operation [default: 8]
    #[arg(long, env = "WHOP_RELAY_WHOP_LIMIT", value_name = "N")]
    pub(super) whop_limit: Option<Text>,

    /// How long a license that entitles is kept before Whop is asked again [default: 15m]
    #[arg(long, env = "WHOP_RELAY_CACHE_ALLOWED", value_name = "TIME")]
    pub(super) cache_allowed: Option<Text>,

    /// How long every other license is kept [default: 60s]
    #[arg(long, env = "WHOP_RELAY_CACHE_OTHERS", value_name = "TIME")]
    pub(super) cache_others: Option<Text>,

    /// How long a license keeps its devices after one was released [default: 30d]
    #[arg(long, env = "WHOP_RELAY_RELEASE_INTERVAL", value_name = "TIME")]
    pub(super) release_interval: Option<Text>,

    /// The most connections at once [default: 16384]
    #[arg(long, env = "WHOP_RELAY_MAX_CONNECTIONS", value_name = "N")]
    pub(super) max_connections: Option<Text>,

    /// How long a stop waits for answers that are under way [default: 30s]
    #[arg(long, env = "WHOP_RELAY_DRAIN", value_name = "TIME")]
    pub(super) drain: Option<Text>,
}

impl Given {
    /// Reads a file of settings.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("config: {name}: {error}"))?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            // The message alone: more would show the file's values.
            format!("config: {name}: line {line}: {}", error.message().replace('\n', " "))
        })
    }

    /// These, and from the other what is not given here.
    pub(crate) fn or(self, other: Self) -> Self {
        let many = |these: Vec<Text>, others| if these.iter().any(|text| !text.0.is_empty()) { these } else { others };
        let one = |this: Option<Text>, other: Option<Text>| this.filter(|text| !text.0.is_empty()).or(other);
        Self {
            listen: one(self.listen, other.listen),
            admin_listen: one(self.admin_listen, other.admin_listen),
            api_key_file: one(self.api_key_file, other.api_key_file),
            signing_key_file: many(self.signing_key_file, other.signing_key_file),
            product: many(self.product, other.product),
            base_url: one(self.base_url, other.base_url),
            ca_file: one(self.ca_file, other.ca_file),
            redis: one(self.redis, other.redis),
            tls_cert: one(self.tls_cert, other.tls_cert),
            tls_key: one(self.tls_key, other.tls_key),
            lease_hours: one(self.lease_hours, other.lease_hours),
            devices: one(self.devices, other.devices),
            device_key: one(self.device_key, other.device_key),
            trusted_proxy: many(self.trusted_proxy, other.trusted_proxy),
            control: one(self.control, other.control),
            whop_limit: one(self.whop_limit, other.whop_limit),
            cache_allowed: one(self.cache_allowed, other.cache_allowed),
            cache_others: one(self.cache_others, other.cache_others),
            release_interval: one(self.release_interval, other.release_interval),
            max_connections: one(self.max_connections, other.max_connections),
            drain: one(self.drain, other.drain),
        }
    }
}

/// A text, in a file also a number. Its `Debug` shows nothing.
#[derive(Clone, Default)]
pub(super) struct Text(pub(super) String);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl FromStr for Text {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Text;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text or a number")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.trim().to_owned()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Text>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(Text),
        More(Vec<Text>),
    }
    match Either::deserialize(deserializer) {
        Ok(Either::One(text)) => Ok(vec![text]),
        Ok(Either::More(texts)) => Ok(texts),
        Err(_) => Err(D::Error::custom("expected a text or a list of texts")),
    }
}
