//! What sends requests: ureq's agent, which speaks HTTP, over our connections.

use ureq::Agent;
use ureq::config::Config;

use super::connect::Route;
use super::connection::LONGEST_HEAD;
use super::resolver::NoLookup;
use super::settings::{Settings, USER_AGENT};

/// What sends the requests of one client in one process.
pub(super) struct Sender {
    pub agent: Agent,
    /// What the agent's connections come from.
    pub route: Route,
}

impl Sender {
    pub fn new(settings: &Settings, proxy: Option<ureq::Proxy>) -> Self {
        let route = Route::new(proxy, settings.roots.clone());
        let config = Config::builder()
            .http_status_as_error(false)
            .https_only(settings.base_url.is_https)
            .max_response_header_size(LONGEST_HEAD)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // `Route` keeps them, and goes through the proxy itself.
            .max_idle_connections(0)
            .proxy(None)
            .user_agent(USER_AGENT)
            .build();
        Self { agent: Agent::with_parts(config, route.clone(), NoLookup), route }
    }
}
