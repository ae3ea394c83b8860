//! The command line of the program.

use std::fmt::Display;
use std::path::PathBuf;

use clap::{CommandFactory, Parser, ValueEnum};

use crate::{ApiKey, LICENSE_KEYS, Retired, V2};

/// A Whop on your own machine: the license and plan endpoints of both APIs, in memory, on loopback only.
#[derive(Debug, Parser)]
#[command(name = "whop-sandbox", version, after_help = keys("PORT"))]
pub struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,

    /// Serve https, with a certificate of an authority made for this run
    #[arg(long, requires = "ca_file")]
    pub tls: bool,

    /// Where to write the authority's certificate (PEM), for a client to trust
    #[arg(long, value_name = "PATH", requires = "tls")]
    pub ca_file: Option<PathBuf>,

    /// Over v2: requests per API key in 10 seconds, then 429 for 60; 0 is no limit over either API
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub rate_limit: u32,

    /// Over the current API: requests per API key and operation in a minute
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    pub current_rate_limit: u32,

    /// How long SANDBOX-SLOW takes, and creating a plan of prod_slow
    #[arg(long, value_name = "N", default_value_t = 30_000)]
    pub slow_ms: u64,

    /// Start a relay before the sandbox, on this port of 127.0.0.1 or a free one
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0", conflicts_with = "tls")]
    pub relay: Option<u16>,

    /// What has become of API v2
    #[arg(long, value_enum, value_name = "STATE", default_value = "deprecated")]
    pub v2: V2State,
}

/// What has become of API v2.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum V2State {
    /// It answers, with headers that say that it is going to end
    Deprecated,
    /// It is gone: the same as retired-410
    Retired,
    /// 410 with the JSON error "gone"
    #[value(name = "retired-410")]
    Gone,
    /// 404 with the JSON of a framework
    #[value(name = "retired-404")]
    NotFound,
    /// 404 with an HTML page
    #[value(name = "retired-html")]
    Html,
    /// 301 to a page for people
    #[value(name = "retired-redirect")]
    Redirect,
}

impl From<V2State> for V2 {
    fn from(state: V2State) -> Self {
        match state {
            V2State::Deprecated => Self::Deprecated,
            V2State::Retired | V2State::Gone => Self::Retired(Retired::Gone),
            V2State::NotFound => Self::Retired(Retired::NotFound),
            V2State::Html => Self::Retired(Retired::Html),
            V2State::Redirect => Self::Retired(Retired::Redirect),
        }
    }
}

/// The command line, for manual pages and completions.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// The API keys and license keys of a sandbox on this port, a line each.
pub fn keys(port: impl Display) -> String {
    let row = |key: &str, does: &str| format!("  {key:22} {does}\n");
    let api_keys: String = ApiKey::ALL.iter().map(|key| row(&key.text(&port), key.may())).collect();
    let license_keys: String = LICENSE_KEYS.iter().map(|key| row(key.key, key.does)).collect();
    format!(
        "API keys:
{api_keys}
License keys, of the product prod_sandbox and the plan plan_sandbox unless told:
{license_keys}{}",
        row("anything else", "404").trim_end(),
    )
}
