//! What a program asks, as far as a lease repeats it.

use super::keys::sha256;

/// A license, a device, a product and a call.
#[derive(Debug, Clone)]
pub struct Question {
    pub license_key: String,
    /// The name and the value of the one pair of metadata.
    pub device: (String, String),
    pub product: String,
    pub nonce: String,
    /// When it was asked, in Unix seconds.
    pub now: i64,
}

impl Question {
    pub fn key_sha256(&self) -> String {
        sha256(self.license_key.trim())
    }

    pub fn device_sha256(&self) -> String {
        let (name, value) = &self.device;
        sha256(&format!("{name}={value}"))
    }
}
