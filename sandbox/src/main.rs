//! The sandbox as a program.

mod relay;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use whop_sandbox::{ApiKey, LICENSE_KEYS, Options, Retired, Sandbox, V2};

use crate::relay::Relay;

/// A Whop on your own machine: the license and plan endpoints of both APIs, in memory, on loopback only.
#[derive(Debug, Parser)]
#[command(version, after_help = keys("PORT"))]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// Serve https, with a certificate of an authority made for this run
    #[arg(long, requires = "ca_file")]
    tls: bool,

    /// Where to write the authority's certificate (PEM), for a client to trust
    #[arg(long, value_name = "PATH", requires = "tls")]
    ca_file: Option<PathBuf>,

    /// Over v2: requests per API key in 10 seconds, then 429 for 60; 0 is no limit over either API
    #[arg(long, value_name = "N", default_value_t = 100)]
    rate_limit: u32,

    /// Over the current API: requests per API key and operation in a minute
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    current_rate_limit: u32,

    /// How long SANDBOX-SLOW takes, and creating a plan of prod_slow
    #[arg(long, value_name = "N", default_value_t = 30_000)]
    slow_ms: u64,

    /// Start a relay before the sandbox, on this port of 127.0.0.1 or a free one
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0", conflicts_with = "tls")]
    relay: Option<u16>,

    /// What has become of API v2
    #[arg(long, value_enum, value_name = "STATE", default_value = "deprecated")]
    v2: V2State,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum V2State {
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

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("whop-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before the port is told, so that a signal sent from then on stops it well.
    let stop = runtime.block_on(async { stop_signal() })?;
    let sandbox = Sandbox::start(Options {
        port: arguments.port,
        tls: arguments.tls,
        rate_limit: Some(arguments.rate_limit).filter(|&limit| limit > 0),
        current_rate_limit: arguments.current_rate_limit,
        slow: Duration::from_millis(arguments.slow_ms),
        v2: arguments.v2.into(),
    })
    .map_err(|error| format!("cannot listen on 127.0.0.1:{}: {error}", arguments.port))?;
    if let (Some(path), Some(pem)) = (&arguments.ca_file, sandbox.ca_pem()) {
        std::fs::write(path, pem).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    let relay = arguments.relay.map(|port| Relay::start(&sandbox, port)).transpose()?;
    // Whoever reads the port may close the pipe behind it: that must not end the sandbox.
    drop(greet(&sandbox, relay.as_ref(), &mut io::stdout().lock()));
    runtime.block_on(stop);
    Ok(())
}

/// The port comes first and alone, for scripts.
fn greet(sandbox: &Sandbox, relay: Option<&Relay>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "PORT={}", sandbox.port())?;
    if let Some(relay) = relay {
        writeln!(out, "RELAY={}\nPUBLIC_KEY={}", relay.url, relay.public_key)?;
    }
    out.flush()?;
    writeln!(out, "\nWhop sandbox: look at it on {}/\n", sandbox.origin())?;
    writeln!(out, "Base URL:\n  {}\n\n{}\n\nCtrl-C stops it.", sandbox.base_url(), keys(sandbox.port()))?;
    out.flush()
}

fn keys(port: impl Display) -> String {
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

/// Ends at the first Ctrl-C or SIGTERM.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends at the first Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a signal to wait for there is no reason to stay.
        drop(tokio::signal::ctrl_c().await);
    })
}
