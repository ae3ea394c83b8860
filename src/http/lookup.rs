//! Name lookup on a thread of its own, which may outlive the call: the deadline holds also where the lookup hangs.

use std::net::IpAddr;
use std::sync::mpsc;
use std::thread;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

/// ureq's resolver, which by itself would panic where no thread can be had, and start one also for an address.
#[derive(Debug, Default)]
pub(super) struct Lookup(DefaultResolver);

impl Resolver for Lookup {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        // Without a limit, ureq uses the thread that it is on.
        let no_limit = NextTimeout { after: Duration::NotHappening, ..timeout };
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        if host.parse::<IpAddr>().is_ok() || timeout.after.is_not_happening() {
            return self.0.resolve(uri, config, no_limit);
        }
        let (found, wait) = mpsc::sync_channel(1);
        let (uri, config) = (uri.clone(), config.clone());
        // Nobody listens any more to what comes after the deadline.
        let look_up = move || found.send(DefaultResolver::default().resolve(&uri, &config, no_limit)).ok();
        thread::Builder::new().spawn(look_up)?;
        wait.recv_timeout(*timeout.after).unwrap_or(Err(Error::Timeout(timeout.reason)))
    }
}
