//! Starting and stopping: one thread with a runtime of its own, so that a test of any kind can hold a sandbox.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tower::ServiceExt;
use tower::make::Shared;

use crate::edge::ConnectionDropped;
use crate::request_log::Request;
use crate::routes;
use crate::state::App;
use crate::tls;
use crate::v2::V2;

/// How a sandbox behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0, the default, takes a free one.
    pub port: u16,
    /// Serve https with a certificate of a private authority: see [`Sandbox::ca_pem`].
    pub tls: bool,
    /// How many requests an API key may make over API v2 in 10 seconds before it must wait for 60; `None` is no limit
    /// over either API.
    pub rate_limit: Option<u32>,
    /// How many requests an API key may make of each operation of the current API in a minute.
    pub current_rate_limit: u32,
    /// How long `SANDBOX-SLOW` takes, and creating a plan of `prod_slow`.
    pub slow: Duration,
    /// What has become of API v2.
    pub v2: V2,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            tls: false,
            rate_limit: Some(100),
            current_rate_limit: 600,
            slow: Duration::from_secs(30),
            v2: V2::Deprecated,
        }
    }
}

/// A running sandbox. Dropping it closes every connection and frees the port.
#[derive(Debug)]
pub struct Sandbox {
    app: App,
    ca_pem: Option<String>,
    handle: Handle<SocketAddr>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox; it answers from the moment this returns.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no socket or thread.
    pub fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let app = App::new(listener.local_addr()?.port(), &options);
        let (ca_pem, tls) = options.tls.then(tls::authority).transpose()?.unzip();

        let handle = Handle::new();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name("whop-sandbox".into()).spawn({
            let (router, handle) = (routes::router(app.clone()), handle.clone());
            // An error here is a listener that died: the connections tell.
            move || drop(runtime.block_on(serve(listener, router, tls, handle)))
        })?;
        Ok(Self { app, ca_pem, handle, thread: Some(thread) })
    }

    /// The port it listens on, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.app.port
    }

    /// The API key of that name: `full` has every right, `read` reads memberships and plans, `validate` validates over v2
    /// and nothing else, `none` has no right, `revoked` is one that Whop has revoked, `foreign` one of another company.
    /// Others are not known.
    pub fn api_key(&self, name: &str) -> String {
        crate::api_keys::text(self.app.port, name)
    }

    /// What stands where `https://api.whop.com/api` would: a client's base URL.
    pub fn base_url(&self) -> String {
        format!("{}/api", self.origin())
    }

    /// The address of the page that shows what is in the sandbox, without a slash at its end.
    pub fn origin(&self) -> String {
        self.app.origin()
    }

    /// The certificate to trust, with [`Options::tls`]. Its key is nowhere but in this process.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The last 10,000 requests, oldest first, views of the page left out.
    pub fn requests(&self) -> Vec<Request> {
        self.app.log.all()
    }
}

impl Sandbox {
    /// Sells `plan_sandbox` with this license key, bound to this device, a name and a value, or to none: for tests that
    /// need customers by the thousand.
    pub fn sell(&self, license_key: &str, device: Option<(&str, &str)>) {
        crate::people::sell(&self.app, license_key, device);
    }

    /// What is stored under this name in the metadata of a license.
    pub fn stored(&self, license_key: &str, name: &str) -> Option<String> {
        let store = self.app.store();
        store.membership(license_key)?.metadata.get(name)?.as_str().map(str::to_owned)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.handle.shutdown();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has stopped as well.
            drop(thread.join());
        }
    }
}

async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> io::Result<()> {
    let service =
        Shared::new(router.into_service().map_err(|never| -> io::Error { match never {} }).and_then(drop_if_told));
    match tls {
        Some(tls) => axum_server::from_tcp_rustls(listener, tls)?.http1_only().handle(handle).serve(service).await,
        None => axum_server::from_tcp(listener)?.http1_only().handle(handle).serve(service).await,
    }
}

/// An error instead of an answer makes the server close the connection at once.
async fn drop_if_told(response: Response) -> io::Result<Response> {
    match response.extensions().get::<ConnectionDropped>() {
        Some(_) => Err(io::ErrorKind::ConnectionAborted.into()),
        None => Ok(response),
    }
}
