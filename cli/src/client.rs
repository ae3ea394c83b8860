//! The settings of a client, as options of a command.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use secrecy::ExposeSecret;
use whop_license::{Api, Client, ClientBuilder};

use crate::api_key;
use crate::exit::Failure;

/// How Whop is asked.
#[derive(Args, Clone, Debug)]
pub(crate) struct Whop {
    /// The file with Whop's API key, which other users must not be able to read (on Windows this is not checked);
    /// without it WHOP_API_KEY, or a prompt
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,

    /// Ask this in place of Whop, without the /v1 or /v2
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,

    /// Which of Whop's APIs is asked
    #[arg(long, value_enum, value_name = "API", default_value = "current")]
    pub api: ApiName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApiName {
    /// Whop's current API
    Current,
    /// The API that Whop announced to stop on 2026-11-13
    V2,
}

/// What every connection needs.
#[derive(Args, Clone, Debug)]
pub(crate) struct Connection {
    /// Trust the certificates in this PEM file alone, in place of the bundled ones
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<String>,

    /// How long a call may take, such as 500ms or 10s
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    pub timeout: Duration,
}

/// A relay, which holds the API key.
#[derive(Args, Clone, Debug)]
pub(crate) struct Relay {
    /// Ask this relay in place of Whop; no API key is needed
    #[arg(long, value_name = "URL", conflicts_with_all = ["api_key_file", "base_url", "api"])]
    pub relay: Option<String>,

    /// The public keys of the relay, separated by commas, as `whop-relay keygen` prints them
    // A key may begin with a hyphen: one in 64 does.
    #[arg(long, value_name = "KEYS", requires = "relay", allow_hyphen_values = true)]
    pub public_keys: Option<String>,

    /// Where the relay's answers are kept for the time without network
    #[arg(long, value_name = "FILE")]
    pub lease_file: Option<String>,
}

impl Whop {
    /// A client with the API key, which may be asked for.
    pub fn client(&self, connection: &Connection) -> Result<ClientBuilder, Failure> {
        let api_key = api_key::required(self.api_key_file.as_deref())?;
        Ok(self.client_with(api_key.expose_secret(), connection))
    }

    pub fn client_with(&self, api_key: &str, connection: &Connection) -> ClientBuilder {
        let mut builder = Client::builder(api_key);
        if let Some(url) = &self.base_url {
            builder.base_url(url);
        }
        builder.api(match self.api {
            ApiName::Current => Api::Current,
            ApiName::V2 => Api::V2,
        });
        connection.set(&mut builder);
        builder
    }
}

impl Connection {
    pub fn set(&self, builder: &mut ClientBuilder) {
        if let Some(path) = &self.ca_file {
            builder.ca_file(path);
        }
        builder.timeout(self.timeout);
    }
}

/// How long a call may take if nothing else is said.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// A time with a unit, or a number of seconds.
fn time(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => humantime::parse_duration(text).map_err(|_| "expected a time such as 500ms or 10s".into()),
    }
}
