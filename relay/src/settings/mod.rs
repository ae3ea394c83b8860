//! The settings of a relay, checked.

mod given;
mod secret;

pub use given::Given;
pub use secret::Source;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;
use whop_license::Client;

use crate::engine::EngineSettings;
use given::Text;

/// The settings of a relay.
#[derive(Clone)]
pub struct Settings {
    /// Where programs ask.
    pub listen: SocketAddr,
    /// Where `/readyz` and `/metrics` are told.
    pub admin_listen: Option<SocketAddr>,
    /// Whop's API key.
    pub api_key: Option<Source>,
    /// The private keys that sign, as `keygen` writes them.
    pub signing_keys: Vec<Source>,
    /// How Whop is asked, and what is kept.
    pub engine: EngineSettings,
    /// Redis or Valkey, with its password.
    pub redis: Option<SecretString>,
    /// Certificate chain and private key of https.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How long a lease lasts.
    pub lease: Duration,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// How long a license keeps its devices after one was released.
    pub release_interval: Duration,
    /// The most connections at once.
    pub max_connections: usize,
    /// How long a stop waits for answers that are under way.
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            admin_listen: None,
            api_key: None,
            signing_keys: Vec::new(),
            engine: EngineSettings::default(),
            redis: None,
            tls: None,
            lease: 72 * HOUR,
            trusted_proxies: Vec::new(),
            release_interval: 30 * 24 * HOUR,
            max_connections: 16_384,
            drain: Duration::from_secs(30),
        }
    }
}

/// Without what is secret: an address of Redis with its password, the seller's own license key.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (listen, products) = (&self.listen, &self.engine.products);
        f.debug_struct("Settings").field("listen", listen).field("products", products).finish_non_exhaustive()
    }
}

/// What a command cannot do without.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs {
    pub api_key: bool,
    pub signing_keys: bool,
    pub products: bool,
}

/// The secrets that variables hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    pub api_key: Option<SecretString>,
    pub signing_key: Option<SecretString>,
}

impl Variables {
    pub fn read() -> Self {
        let read = |name| std::env::var(name).ok().filter(|text| !text.trim().is_empty()).map(SecretString::from);
        Self { api_key: read("WHOP_RELAY_API_KEY"), signing_key: read("WHOP_RELAY_SIGNING_KEY") }
    }
}

impl Settings {
    /// Reads settings, those of the flags and variables before those of the file. Gives one line for each fault.
    pub(crate) fn read(given: Given, file: Given, variables: Variables, needs: Needs) -> Result<Self, Vec<String>> {
        let mut checks = Checks::default();
        let api_key = checks.secrets(
            "api-key-file",
            "WHOP_RELAY_API_KEY",
            variables.api_key,
            [given.api_key_file.iter().cloned().collect(), file.api_key_file.iter().cloned().collect()],
        );
        let signing_keys = checks.secrets(
            "signing-key-file",
            "WHOP_RELAY_SIGNING_KEY",
            variables.signing_key,
            [given.signing_key_file.clone(), file.signing_key_file.clone()],
        );
        let given = given.or(file);
        let default = Self::default();
        let settings = Self {
            listen: checks.one("listen", given.listen, default.listen, address),
            admin_listen: checks.one("admin-listen", given.admin_listen, None, |text| address(text).map(Some)),
            api_key: api_key.into_iter().next(),
            signing_keys,
            redis: checks.one("redis", given.redis, None, |text| redis(text).map(Some)),
            tls: checks.tls(given.tls_cert, given.tls_key),
            lease: checks.one(
                "lease-hours",
                given.lease_hours,
                default.lease,
                |text| Ok(number(text, 1..=720)? * HOUR),
            ),
            trusted_proxies: checks.many("trusted-proxy", given.trusted_proxy, network),
            release_interval: checks.one(
                "release-interval",
                given.release_interval,
                default.release_interval,
                |text| duration(text, 0..=3650 * DAY),
            ),
            max_connections: checks.one("max-connections", given.max_connections, default.max_connections, |text| {
                number(text, 10..=1_000_000)
            }),
            drain: checks.one("drain", given.drain, default.drain, |text| duration(text, 0..=600)),
            engine: EngineSettings {
                base_url: checks.one("base-url", given.base_url, None, |text| base_url(text).map(Some)),
                ca_file: given.ca_file.map(|text| text.0),
                products: checks.many("product", given.product, product),
                devices: checks.one("devices", given.devices, default.engine.devices, |text| number(text, 1..=10)),
                device_key: checks.one("device-key", given.device_key, default.engine.device_key, device_key),
                cache_allowed: checks.one("cache-allowed", given.cache_allowed, default.engine.cache_allowed, |text| {
                    duration(text, 0..=30 * DAY)
                }),
                cache_others: checks.one("cache-others", given.cache_others, default.engine.cache_others, |text| {
                    // A no lasts as long, also where the license is bought meanwhile.
                    duration(text, 0..=600)
                }),
                whop_limit: checks
                    .one("whop-limit", given.whop_limit, default.engine.whop_limit, |text| number(text, 1..=1000)),
                control: given.control.map(|text| text.0),
                ..EngineSettings::default()
            },
        };
        checks.needs(&settings, needs);
        if checks.faults.is_empty() { Ok(settings) } else { Err(checks.faults) }
    }
}

/// Collects what is wrong.
#[derive(Default)]
struct Checks {
    faults: Vec<String>,
}

impl Checks {
    fn one<T>(
        &mut self,
        name: &str,
        given: Option<Text>,
        unless: T,
        check: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        match given.as_ref().map(|text| check(&text.0)) {
            None => unless,
            Some(Ok(value)) => value,
            Some(Err(fault)) => {
                self.faults.push(format!("{name}: {fault}"));
                unless
            }
        }
    }

    fn many<T>(&mut self, name: &str, given: Vec<Text>, check: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let mut values = Vec::new();
        for text in given {
            match check(&text.0) {
                Ok(value) => values.push(value),
                Err(fault) => self.faults.push(format!("{name}: {fault}")),
            }
        }
        values
    }

    /// The files that flags and variables name, else the secret in the variable, else the files that the file names.
    fn secrets(
        &mut self,
        name: &str,
        variable: &str,
        text: Option<SecretString>,
        [given, file]: [Vec<Text>; 2],
    ) -> Vec<Source> {
        let files = |texts: Vec<Text>| -> Vec<_> {
            let paths = texts.into_iter().filter(|text| !text.0.is_empty());
            paths.map(|text| Source::File(text.0.into())).collect()
        };
        let (given, file) = (files(given), files(file));
        match text {
            Some(_) if !given.is_empty() => {
                self.faults.push(format!("{name}: {variable} is set as well: which of them?"));
                Vec::new()
            }
            Some(text) => vec![Source::Text(text)],
            None if given.is_empty() => file,
            None => given,
        }
    }

    fn tls(&mut self, cert: Option<Text>, key: Option<Text>) -> Option<(PathBuf, PathBuf)> {
        match (cert, key) {
            (Some(cert), Some(key)) => Some((cert.0.into(), key.0.into())),
            (None, None) => None,
            (Some(_), None) => {
                self.faults.push("tls-key: not set, which tls-cert needs".into());
                None
            }
            (None, Some(_)) => {
                self.faults.push("tls-cert: not set, which tls-key needs".into());
                None
            }
        }
    }

    fn needs(&mut self, settings: &Settings, needs: Needs) {
        let mut need = |name: &str, is_set: bool, hint: &str| {
            if !is_set && !self.faults.iter().any(|fault| fault.starts_with(name)) {
                self.faults.push(format!("{name}: not set: {hint}"));
            }
        };
        if needs.api_key {
            need("api-key-file", settings.api_key.is_some(), "the file with Whop's API key, or WHOP_RELAY_API_KEY");
        }
        if needs.signing_keys {
            need(
                "signing-key-file",
                !settings.signing_keys.is_empty(),
                "a file that `whop-relay keygen` wrote, or WHOP_RELAY_SIGNING_KEY",
            );
        }
        if needs.products {
            need("product", !settings.engine.products.is_empty(), "which products are served, prod_…");
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("expected ADDRESS:PORT, such as 127.0.0.1:8443, found {text:?}"))
}

fn number<T: FromStr + PartialOrd + fmt::Display>(text: &str, range: RangeInclusive<T>) -> Result<T, String> {
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("expected {} to {}, found {text:?}", range.start(), range.end())),
    }
}

fn duration(text: &str, seconds: RangeInclusive<u64>) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if seconds.contains(&duration.as_secs()) => Ok(duration),
        Ok(_) => {
            let [least, most] = [*seconds.start(), *seconds.end()]
                .map(|bound| humantime::format_duration(Duration::from_secs(bound)).to_string());
            Err(format!("expected {least} to {most}, found {text:?}"))
        }
        Err(_) => Err(format!("expected a time such as 90s, 15m or 30days, found {text:?}")),
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let alone = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| alone())
        .map_err(|_| format!("expected an address or network such as 10.0.0.0/8, found {text:?}"))
}

fn product(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("prod_").unwrap_or_default();
    match !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        true => Ok(text.to_owned()),
        false => Err(format!("expected prod_…, found {text:?}")),
    }
}

fn device_key(text: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    // Whop stores names of 100 characters, and the places and the mark of a release are longer than this.
    match (1..=80).contains(&text.len()) && text.bytes().all(is_name) {
        true => Ok(text.to_owned()),
        false => Err(format!("expected 1 to 80 letters, digits and _-., found {text:?}")),
    }
}

fn base_url(text: &str) -> Result<String, String> {
    match Client::builder("any").base_url(text).refused() {
        None => Ok(text.to_owned()),
        Some(error) => Err(error.to_string().replace("base_url: ", "")),
    }
}

fn redis(text: &str) -> Result<SecretString, String> {
    // What is wrong is said without the URL: a password may be in it.
    match redis::Client::open(text) {
        Ok(_) => Ok(text.into()),
        Err(_) => Err("expected redis://HOST:PORT/DATABASE or redis+unix:///PATH".into()),
    }
}

const HOUR: Duration = Duration::from_secs(60 * 60);
/// In seconds.
const DAY: u64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDS: Needs = Needs { api_key: true, signing_keys: true, products: true };

    fn file(text: &str) -> Given {
        toml::from_str(text).unwrap()
    }

    fn good() -> Given {
        file("api-key-file = 'a'\nsigning-key-file = ['s', 't']\nproduct = 'prod_1'")
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let settings = Settings::read(Given::default(), good(), Variables::default(), NEEDS).unwrap();
        assert_eq!((settings.listen.to_string(), settings.admin_listen), ("127.0.0.1:8443".into(), None));
        assert_eq!((settings.lease, settings.release_interval), (72 * HOUR, 30 * 24 * HOUR));
        assert_eq!((settings.signing_keys.len(), settings.engine.devices), (2, 1));
        assert_eq!((&*settings.engine.device_key, settings.engine.whop_limit), ("hwid", 8));
        assert_eq!(settings.engine.cache_allowed, Duration::from_secs(900));
        assert_eq!(settings.engine.cache_others, Duration::from_secs(60));
    }

    #[test]
    fn nearer_settings_win() {
        let given = file("devices = 2\nproduct = 'prod_2'\nlease-hours = ''");
        let settings =
            Settings::read(given, good().or(file("devices = '3'\nlease-hours = 5")), Variables::default(), NEEDS);
        let settings = settings.unwrap();
        assert_eq!((settings.engine.devices, settings.engine.products), (2, vec!["prod_2".into()]));
        assert_eq!(settings.lease, 5 * HOUR);
        let with = |given: &str, variable: Option<&str>| {
            let variables = Variables { api_key: variable.map(Into::into), ..Variables::default() };
            let key = Settings::read(file(given), good(), variables, NEEDS).map(|settings| settings.api_key);
            key.map(|key| format!("{:?}", key.unwrap()))
        };
        assert_eq!(with("", None).unwrap(), "File(\"a\")");
        assert_eq!(with("", Some("k")).unwrap(), "Text(…)");
        assert_eq!(with("api-key-file = 'b'", None).unwrap(), "File(\"b\")");
        assert!(with("api-key-file = 'b'", Some("k")).unwrap_err()[0].starts_with("api-key-file: WHOP_RELAY_API_KEY"));
    }

    #[test]
    fn every_fault_is_one_line_with_the_name_of_the_setting() {
        for (text, told) in [
            ("listen = '8443'", "listen: expected ADDRESS:PORT"),
            ("listen = 'localhost:8443'", "listen: expected ADDRESS:PORT"),
            ("admin-listen = 'x'", "admin-listen: expected"),
            ("product = 'pass_1'", "product: expected prod_…, found \"pass_1\""),
            ("product = ['prod_1', 'prod_']", "product: expected prod_…"),
            ("base-url = 'http://whop.example/api'", "base-url: plain http is for this machine alone"),
            ("base-url = 'https://whop.example/api/v1'", "base-url: leave out /v1"),
            ("redis = 'http://user:password@here'", "redis: expected redis://"),
            ("tls-cert = 'c'", "tls-key: not set"),
            ("tls-key = 'k'", "tls-cert: not set"),
            ("lease-hours = 0", "lease-hours: expected 1 to 720, found \"0\""),
            ("lease-hours = 721", "lease-hours: expected 1 to 720"),
            ("lease-hours = '3d'", "lease-hours: expected 1 to 720"),
            ("devices = 0", "devices: expected 1 to 10"),
            ("devices = 11", "devices: expected 1 to 10"),
            ("device-key = 'a b'", "device-key: expected"),
            ("trusted-proxy = '10.0.0.0/33'", "trusted-proxy: expected"),
            ("whop-limit = -1", "whop-limit: expected 1 to 1000"),
            ("cache-allowed = '31d'", "cache-allowed: expected 0s to 30days"),
            ("cache-others = '15'", "cache-others: expected a time such as"),
            ("release-interval = 'never'", "release-interval: expected a time"),
            ("max-connections = 1", "max-connections: expected 10 to 1000000"),
            ("drain = '1h'", "drain: expected 0s to 10m"),
        ] {
            let faults = Settings::read(file(text), good(), Variables::default(), NEEDS).unwrap_err();
            let [fault] = &*faults else { panic!("{text}: {faults:?}") };
            assert!(fault.starts_with(told) && !fault.contains('\n') && !fault.contains("password"), "{fault}");
        }
    }

    #[test]
    fn what_is_missing_is_named_all_at_once() {
        let faults = Settings::read(Given::default(), Given::default(), Variables::default(), NEEDS).unwrap_err();
        let names: Vec<_> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
        assert_eq!(names, ["api-key-file", "signing-key-file", "product"]);
    }

    #[test]
    fn file_with_a_secret_or_a_slip_is_refused_without_showing_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.toml");
        for (text, told) in [
            ("devices = 1\napi-key = 'apik_secret'", "line 2: unknown field `api-key`"),
            ("devices = 1\ndevices = 2", "line 2: duplicate key"),
            ("devices = true", "line 1: invalid type: boolean `true`, expected a text or a number"),
            ("listen = secret", "line 1: "),
            ("product = [['secret']]", "line 1: expected a text or a list of texts"),
        ] {
            std::fs::write(&path, text).unwrap();
            let fault = Given::read(&path).unwrap_err();
            assert!(fault.starts_with("config: ") && fault.contains(told) && !fault.contains('\n'), "{fault}");
            assert!(!fault.contains("secret"), "{fault}");
        }
        assert!(Given::read(&folder.path().join("none")).unwrap_err().starts_with("config: "));
    }

    #[test]
    fn debug_shows_no_secret() {
        let given = file("redis = 'redis://u:hidden@h'\ncontrol = 'hidden'");
        let variables = Variables { api_key: Some("hidden".into()), ..Variables::default() };
        let told = format!("{given:?}{variables:?}");
        assert!(!told.contains("hidden"), "{told}");
    }
}
