//! Starting and stopping: a runtime of its own in a thread, so that a program or test of any kind can hold a relay.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use arc_swap::ArcSwap;
use secrecy::ExposeSecret;
use tokio::runtime;
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::check::{self, Checks};
use crate::clock::{Clock, SystemClock};
use crate::connections::Connections;
use crate::engine::Engine;
use crate::log::Names;
use crate::reload::Reload;
use crate::server::{Certificate, Server, listen};
use crate::settings::Settings;
use crate::store::Store;
use crate::{admin, limits, report, secrets, tls};

/// A relay that runs. Dropping it ends every connection at once and frees the port; [`Relay::stop`] lets answers that are
/// under way end.
pub struct Relay {
    url: String,
    admin_url: Option<String>,
    public_keys: Vec<String>,
    reload: Arc<Notify>,
    stop: CancellationToken,
    /// Ends what is under way.
    end: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Starts a relay; it answers from the moment this returns.
    ///
    /// # Errors
    ///
    /// What cannot be used: one line that names the setting.
    pub fn start(settings: Settings) -> Result<Self, String> {
        Self::start_with(settings, Arc::new(SystemClock::new()))
    }

    /// Starts a relay with a clock of the caller's.
    ///
    /// # Errors
    ///
    /// As with [`Relay::start`].
    pub fn start_with(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let (started, start) = channel();
        let (stop, end, reload) = (CancellationToken::new(), CancellationToken::new(), Arc::new(Notify::new()));
        let runtime =
            runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| format!("runtime: {error}"))?;
        let thread = thread::Builder::new().name("whop-relay".into()).spawn({
            let (stop, end, reload) = (stop.clone(), end.clone(), Arc::clone(&reload));
            move || {
                runtime.block_on(run(settings, clock, &stop, &end, reload, started));
                // What asks Whop at this moment is not waited for.
                runtime.shutdown_background();
            }
        });
        let thread = Some(thread.map_err(|error| format!("thread: {error}"))?);
        let Started { url, admin_url, public_keys } = start.recv().map_err(|_| "the start ended early")??;
        Ok(Self { url, admin_url, public_keys, reload, stop, end, thread })
    }

    /// Where programs ask.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where `/readyz` and `/metrics` are told.
    pub fn admin_url(&self) -> Option<&str> {
        self.admin_url.as_deref()
    }

    /// The public keys of the private ones, as programs take them, separated by commas.
    pub fn public_keys(&self) -> String {
        self.public_keys.join(",")
    }

    /// Looks at the files of keys and certificates now, and not in a few seconds.
    pub fn reload(&self) {
        self.reload.notify_one();
    }

    /// Takes no more connections, lets answers that are under way end, for as long as the settings allow, and returns.
    pub fn stop(mut self) {
        self.stop.cancel();
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has stopped as well.
            drop(thread.join());
        }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.cancel();
        self.end.cancel();
        self.join();
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").field("url", &self.url).finish_non_exhaustive()
    }
}

struct Started {
    url: String,
    admin_url: Option<String>,
    public_keys: Vec<String>,
}

async fn run(
    settings: Settings,
    clock: Arc<dyn Clock>,
    stop: &CancellationToken,
    end: &CancellationToken,
    reload: Arc<Notify>,
    started: Sender<Result<Started, String>>,
) {
    let drain = settings.drain;
    let servers = match prepare(settings, clock, stop, reload) {
        Ok((servers, start)) => {
            drop(started.send(Ok(start)));
            servers
        }
        Err(fault) => return drop(started.send(Err(fault))),
    };
    let tasks = TaskTracker::new();
    tasks.spawn(servers.public.run(stop.clone(), tasks.clone()));
    // Told until the last answer has gone out.
    let admin_stop = CancellationToken::new();
    if let Some(server) = servers.admin {
        tokio::spawn(server.run(admin_stop.child_token(), TaskTracker::new()));
    }
    tokio::spawn(servers.reload);
    tokio::spawn(upkeep());
    stop.cancelled().await;
    tasks.close();
    tokio::select! {
        ended = timeout(drain, tasks.wait()) => if ended.is_err() {
            tracing::warn!("stopped with answers under way");
        },
        () = end.cancelled() => {}
    }
}

struct Servers {
    public: Server,
    admin: Option<Server>,
    reload: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>,
}

fn prepare(
    settings: Settings,
    clock: Arc<dyn Clock>,
    stop: &CancellationToken,
    reload: Arc<Notify>,
) -> Result<(Servers, Started), String> {
    report::figures();
    let named = |name: &'static str| move |fault: String| format!("{name}: {fault}");
    let api_key = secrets::api_key(&settings).map_err(named("api-key-file"))?;
    let texts = secrets::signing_key_texts(&settings).map_err(named("signing-key-file"))?;
    let signer = secrets::signer(&texts, &settings, api_key.is_sandbox).map_err(named("signing-key-file"))?;
    let first = signer.keys().first().ok_or("signing-key-file: none is set")?;
    let store = match &settings.redis {
        None => Store::memory(),
        Some(url) => {
            Store::redis(url.expose_secret(), first.derive(STORE)).map_err(|_| "redis: not a URL that can be used")?
        }
    };
    let names = Names::of(first);
    let engine = Engine::new(settings.engine.clone(), api_key.text.expose_secret(), store, Arc::clone(&clock))
        .map_err(|error| error.to_string())?;
    let certificate: Option<Certificate> = match &settings.tls {
        None => None,
        Some((cert, key)) => Some(Arc::new(ArcSwap::from(tls::Pem::read(cert, key)?.config()?))),
    };
    let public_keys = signer.keys().iter().map(crate::SigningKey::public_key).collect();
    let checks = Arc::new(Checks {
        engine,
        signer: ArcSwap::from_pointee(signer),
        names,
        clock,
        device_key: settings.engine.device_key.clone(),
        trusted_proxies: settings.trusted_proxies.clone(),
        places: Semaphore::new(limits::QUESTIONS),
    });

    let take = |name: &str, address: SocketAddr| {
        let listener = listen(address).map_err(|error| format!("{name}: cannot listen on {address}: {error}"))?;
        let taken = listener.local_addr().map_err(|error| format!("{name}: {error}"))?;
        Ok::<_, String>((listener, taken))
    };
    let (listener, address) = take("listen", settings.listen)?;
    let scheme = if certificate.is_some() { "https" } else { "http" };
    let connections = Connections::new(limits::connections(settings.max_connections));
    let router = check::router(Arc::clone(&checks));
    let public = Server { listener, certificate: certificate.clone(), router, connections: connections.clone() };
    let (admin, admin_url) = match settings.admin_listen {
        None => (None, None),
        Some(address) => {
            let (listener, address) = take("admin-listen", address)?;
            let admin = admin::Admin { checks: Arc::clone(&checks), connections, stop: stop.clone() };
            let router = admin::router(admin);
            let connections = Connections::new(ADMINISTRATORS);
            (Some(Server { listener, certificate: None, router, connections }), Some(format!("http://{address}")))
        }
    };
    let url = format!("{scheme}://{address}");
    let reload = Box::pin(Reload::new(settings, checks, certificate, api_key.is_sandbox).run(reload, stop.clone()));
    Ok((Servers { public, admin, reload }, Started { url, admin_url, public_keys }))
}

/// Histograms are kept small by looking at them now and then.
async fn upkeep() {
    loop {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if let Some(figures) = report::figures() {
            figures.run_upkeep();
        }
    }
}

/// What the key is for that entries of a shared store are proved with.
pub(crate) const STORE: &str = "entries in the store";
/// The most connections of those who watch.
const ADMINISTRATORS: usize = 64;
