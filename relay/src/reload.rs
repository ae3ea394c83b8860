//! Reads the files of secrets again, and takes what changed.

use std::sync::Arc;
use std::time::Duration;

use ring::digest::{Context, SHA256};
use secrecy::ExposeSecret;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::check::Checks;
use crate::report;
use crate::secrets::{self, ApiKey};
use crate::server::Certificate;
use crate::settings::Settings;
use crate::tls::Pem;

/// Looks at the files, and takes what is in them.
pub(crate) struct Reload {
    pub settings: Settings,
    pub checks: Arc<Checks>,
    pub certificate: Option<Certificate>,
    pub is_sandbox: bool,
    seen: [Seen; 3],
}

/// A digest of what was read last, or of why it could not be.
type Seen = Option<Vec<u8>>;

impl Reload {
    pub fn new(settings: Settings, checks: Arc<Checks>, certificate: Option<Certificate>, is_sandbox: bool) -> Self {
        let mut reload = Self { settings, checks, certificate, is_sandbox, seen: [None, None, None] };
        // What was read at the start is no change.
        reload.seen = [reload.api_key().0, reload.signing_keys().0, reload.tls().0];
        reload
    }

    /// Looks every few seconds, and when told to.
    pub async fn run(mut self, now: Arc<Notify>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = timeout(PERIOD, now.notified()) => {}
            }
            // A file may lie on a network that is slow today.
            match tokio::task::spawn_blocking(move || {
                self.look();
                self
            })
            .await
            {
                Ok(reload) => self = reload,
                Err(_) => return,
            }
        }
    }

    fn look(&mut self) {
        let (seen, read) = self.api_key();
        if self.is_news(0, seen) {
            let take = |key: ApiKey| match key.is_sandbox == self.is_sandbox {
                true => self.checks.engine.set_api_key(key.text.expose_secret()).map_err(|error| error.to_string()),
                // Leases of the one must not pass for those of the other.
                false => Err("a key of the sandbox and one of Whop need a start each".into()),
            };
            report::reloaded("api-key-file", read.and_then(take));
        }
        let (seen, read) = self.signing_keys();
        if self.is_news(1, seen) {
            report::reloaded("signing-key-file", read.map(|signer| self.checks.signer.store(Arc::new(signer))));
        }
        let (seen, read) = self.tls();
        if self.is_news(2, seen) {
            let take = |pem: Pem| {
                let config = pem.config()?;
                if let Some(certificate) = &self.certificate {
                    certificate.store(config);
                }
                Ok(())
            };
            report::reloaded("tls-cert", read.and_then(take));
        }
    }

    /// Whether it was not seen before. From now on it was.
    fn is_news(&mut self, which: usize, seen: Seen) -> bool {
        let Some(before) = self.seen.get_mut(which) else { return false };
        let is_news = *before != seen;
        *before = seen;
        is_news
    }

    fn api_key(&self) -> (Seen, Result<ApiKey, String>) {
        let read = secrets::api_key(&self.settings);
        (seen(read.as_ref().map(|key| vec![key.text.expose_secret().as_bytes()])), read)
    }

    fn signing_keys(&self) -> (Seen, Result<crate::signer::Signer, String>) {
        let texts = secrets::signing_key_texts(&self.settings);
        let seen = seen(texts.as_ref().map(|texts| texts.iter().map(|text| text.expose_secret().as_bytes()).collect()));
        (seen, texts.and_then(|texts| secrets::signer(&texts, &self.settings, self.is_sandbox)))
    }

    fn tls(&self) -> (Seen, Result<Pem, String>) {
        let Some((cert, key)) = &self.settings.tls else { return (None, Err("none is set".into())) };
        let read = Pem::read(cert, key);
        (seen(read.as_ref().map(|pem| pem.bytes().collect())), read)
    }
}

fn seen(read: Result<Vec<&[u8]>, &String>) -> Seen {
    let mut digest = Context::new(&SHA256);
    match read {
        Ok(parts) => parts.into_iter().for_each(|part| {
            digest.update(&part.len().to_be_bytes());
            digest.update(part);
        }),
        Err(fault) => digest.update(fault.as_bytes()),
    }
    Some(digest.finish().as_ref().into())
}

const PERIOD: Duration = Duration::from_secs(2);
