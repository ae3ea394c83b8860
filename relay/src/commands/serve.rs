//! `serve`: the relay, until a signal ends it.

use std::io::{self, Write};

use super::Failure;
use crate::Relay;
use crate::settings::Settings;

pub(crate) fn run(settings: Settings) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("runtime: {error}"))?;
    // Before the address is told, so that a signal sent from then on stops it well.
    let mut signals = runtime.block_on(async { Signals::new() }).map_err(|error| format!("signals: {error}"))?;
    let warnings = warnings(&settings);
    let relay = Relay::start(settings).map_err(|fault| Failure::Settings(vec![fault]))?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    tracing::info!(url = relay.url(), public_keys = relay.public_keys(), admin = relay.admin_url(), "started");
    // Whoever reads the address may close the pipe behind it: that must not end the relay.
    drop(greet(&relay, &mut io::stdout().lock()));
    let outcome = runtime.block_on(async {
        while signals.next().await == Signal::ReadAgain {
            relay.reload();
        }
        tracing::info!("stopping: answers that are under way end first");
        let stopped = tokio::task::spawn_blocking(|| relay.stop());
        tokio::select! {
            _ = stopped => Ok(()),
            () = signals.next_stop() => Err(Failure::Failed("stopped at once, with answers under way".into())),
        }
    });
    runtime.shutdown_background();
    outcome
}

/// The address comes first and alone, for scripts.
fn greet(relay: &Relay, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "LISTENING={}", relay.url())?;
    if let Some(admin) = relay.admin_url() {
        writeln!(out, "ADMIN={admin}")?;
    }
    out.flush()
}

/// What works, and not as well as it could.
fn warnings(settings: &Settings) -> Vec<&'static str> {
    let is_loopback = settings.listen.ip().is_loopback();
    let is_over_limit = settings.engine.whop_limit > MOST_OF_WHOP && settings.engine.base_url.is_none();
    [
        (settings.redis.is_none(), "without redis this must be the only process: two at once are not supported, not even for a rolling deploy"),
        (!is_loopback && settings.tls.is_none(), "answers go out in plain http: set tls-cert and tls-key, or put a proxy with TLS before this"),
        (is_loopback && settings.trusted_proxies.is_empty(), "listens on this machine alone: for a proxy before it set trusted-proxy, else all customers count as one address"),
        (settings.admin_listen.is_some_and(|address| !address.ip().is_loopback()), "admin-listen can be reached from other machines: let nobody but your monitoring do so"),
        (is_over_limit, "whop-limit is more than Whop allows: asks it 9.5 times a second at the most"),
    ]
    .into_iter()
    .filter_map(|(is_so, warning)| is_so.then_some(warning))
    .collect()
}

/// How many requests of each operation Whop allows in a second, in whole ones.
const MOST_OF_WHOP: u32 = 9;

#[derive(PartialEq, Eq)]
enum Signal {
    Stop,
    ReadAgain,
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            _ = self.hangup.recv() => Signal::ReadAgain,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        // Without a signal to wait for there is no reason to stay.
        drop(tokio::signal::ctrl_c().await);
        Signal::Stop
    }
}

impl Signals {
    async fn next_stop(&mut self) {
        while self.next().await != Signal::Stop {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limit_that_whop_does_not_allow_is_warned_of() {
        let is_warned_of = |whop_limit: u32, base_url: Option<&str>| {
            let mut settings = Settings::default();
            settings.engine.whop_limit = whop_limit;
            settings.engine.base_url = base_url.map(str::to_owned);
            warnings(&settings).iter().filter(|warning| warning.starts_with("whop-limit")).count()
        };
        assert_eq!(is_warned_of(9, None), 0);
        assert_eq!(is_warned_of(10, None), 1);
        assert_eq!(is_warned_of(1000, Some("http://127.0.0.1:8000/api")), 0);
    }
}
