//! The commands of the program, one each.

pub(crate) mod check;
pub(crate) mod issue;
pub(crate) mod keygen;
pub(crate) mod output;
pub(crate) mod release;
pub(crate) mod serve;

use std::fmt::Display;

use secrecy::ExposeSecret;
use whop_license::Client;

use crate::secrets;
use crate::settings::Settings;

/// Why a command ended without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Settings that cannot be used, a line each.
    Settings(Vec<String>),
    /// What could not be done.
    Failed(String),
    /// Nobody reads what it says any more.
    Unread,
}

impl Failure {
    /// Of a setting that cannot be used.
    pub fn setting(name: &str, fault: impl Display) -> Self {
        Self::Settings(vec![format!("{name}: {fault}")])
    }
}

impl From<String> for Failure {
    fn from(fault: String) -> Self {
        Self::Failed(fault)
    }
}

/// The way to Whop, for the commands that ask it themselves.
fn client(settings: &Settings) -> Result<Client, Failure> {
    let api_key = secrets::api_key(settings).map_err(|fault| Failure::setting("api-key-file", fault))?;
    let mut builder = Client::builder(api_key.text.expose_secret());
    if let Some(url) = &settings.engine.base_url {
        builder.base_url(url);
    }
    if let Some(path) = &settings.engine.ca_file {
        builder.ca_file(path);
    }
    builder.timeout(settings.engine.whop_timeout);
    builder.build().map_err(|error| Failure::Settings(vec![error.to_string()]))
}
