//! The sandbox as a program.

mod relay;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use whop_sandbox::cli::{Arguments, keys};
use whop_sandbox::{Options, Sandbox};

use crate::relay::Relay;

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
