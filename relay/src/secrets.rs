//! The keys that a relay holds, read from where the settings say.

use secrecy::{ExposeSecret, SecretString};
use whop_license::Client;

use crate::settings::Settings;
use crate::signer::{Signer, Terms};
use crate::signing_key::SigningKey;

/// An API key, and where it leads.
pub(crate) struct ApiKey {
    pub text: SecretString,
    /// Whether it leads to something else than Whop, or a base URL does.
    pub is_sandbox: bool,
}

/// Whop's API key.
pub(crate) fn api_key(settings: &Settings) -> Result<ApiKey, String> {
    let source = settings.api_key.as_ref().ok_or("not set")?;
    let text = source.read()?;
    let key = text.expose_secret().trim();
    if let Some(error) = Client::builder(key).refused() {
        return Err(error.to_string().replace("api_key: ", ""));
    }
    let leads_to_sandbox = || Client::builder(key).allow_sandbox(false).refused().is_some();
    let is_sandbox = match settings.engine.base_url.as_deref() {
        Some(url) => !is_whop(url),
        None => leads_to_sandbox(),
    };
    Ok(ApiKey { text: key.into(), is_sandbox })
}

/// Whether a base URL is Whop's own.
pub(crate) fn is_whop(base_url: &str) -> bool {
    base_url.trim_end_matches('/') == WHOP
}

/// The private keys as they are written.
pub(crate) fn signing_key_texts(settings: &Settings) -> Result<Vec<SecretString>, String> {
    settings.signing_keys.iter().map(crate::settings::Source::read).collect()
}

/// What signs with these keys.
pub(crate) fn signer(texts: &[SecretString], settings: &Settings, is_sandbox: bool) -> Result<Signer, String> {
    let keys = texts.iter().zip(1..).map(|(text, number)| {
        SigningKey::read(text.expose_secret()).map_err(|fault| format!("number {number}: {fault}"))
    });
    let terms = Terms { length: settings.lease, device_key: settings.engine.device_key.clone(), is_sandbox };
    Signer::new(keys.collect::<Result<_, _>>()?, terms)
}

/// Where Whop is.
const WHOP: &str = "https://api.whop.com/api";
