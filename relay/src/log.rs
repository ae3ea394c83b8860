//! What is logged of a check: nothing by which a customer could be told, or a key be used.

use ring::hmac::{HMAC_SHA256, Key, sign};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::signing_key::SigningKey;

/// Names license keys in logs: the same key has the same name, and nobody finds the key to a name who lacks ours.
pub(crate) struct Names(Key);

impl Names {
    /// The same for all relays that sign with this key.
    pub fn of(key: &SigningKey) -> Self {
        Self(Key::new(HMAC_SHA256, &key.derive("names of license keys in logs")))
    }

    /// Eight hex digits for a license key, however it is written.
    pub fn name(&self, license_key: &str) -> String {
        let digest = sign(&self.0, license_key.to_ascii_uppercase().as_bytes());
        digest.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// How logs look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Lines for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// Logs to standard error from now on, this crate at the level and others no lower than `warn`: what they tell at lower
/// levels may hold what is secret.
pub(crate) fn begin(format: Format, level: tracing::Level) {
    let filter = EnvFilter::new(format!("warn,whop_relay={level}"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(BoxMakeWriter::new(std::io::stderr));
    // One that was begun before, by whoever uses this as a library, stays.
    let begun = match format {
        Format::Text => lines.with_ansi(false).try_init(),
        Format::Json => lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
    drop(begun);
}
