//! ureq's agents, which speak HTTP and keep connections.

use std::sync::atomic::AtomicBool;

use ureq::Agent;
use ureq::config::Config;

use super::connect::Route;
use super::resolver::NoLookup;
use super::settings::{Settings, USER_AGENT};

pub(super) struct Agents {
    /// Reuses connections, which a server may have closed meanwhile: for requests that may be repeated.
    pub kept: Agent,
    /// Whether it has a connection to reuse.
    pub has_kept: AtomicBool,
    /// A new connection for every request.
    pub fresh: Agent,
}

impl Agents {
    pub fn new(settings: &Settings, proxy: Option<ureq::Proxy>) -> Self {
        let route = Route::new(proxy, settings.roots.clone());
        Self {
            kept: agent(settings, route.clone(), IDLE_CONNECTIONS),
            has_kept: AtomicBool::new(false),
            fresh: agent(settings, route, 0),
        }
    }
}

fn agent(settings: &Settings, route: Route, idle_connections: usize) -> Agent {
    let config = Config::builder()
        .http_status_as_error(false)
        .https_only(settings.base_url.is_https)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(idle_connections)
        .max_idle_connections_per_host(idle_connections)
        // `Route` goes through the proxy itself.
        .proxy(None)
        .user_agent(USER_AGENT)
        .build();
    Agent::with_parts(config, route, NoLookup)
}

/// More threads than this share one client seldom, and then wait for a handshake.
const IDLE_CONNECTIONS: usize = 8;
