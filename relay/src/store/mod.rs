//! What relays share: locks of first uses, the budget of requests to Whop, and what is kept of licenses.

use redis::RedisError;

/// Where that is: in this process, or in Redis. Clones are the same one.
#[derive(Clone)]
pub struct Store;

impl Store {
    /// In this process alone.
    pub fn memory() -> Self {
        Self
    }

    /// In Redis or Valkey. It need not be there yet. Must be called within a runtime of tokio.
    ///
    /// `hmac_key` proves that an entry is of a relay of ours. It is derived from the signing key.
    ///
    /// # Errors
    ///
    /// For a URL that cannot be used.
    pub fn redis(url: &str, hmac_key: [u8; 32]) -> Result<Self, RedisError> {
        let _ = (redis::Client::open(url)?, hmac_key);
        Ok(Self)
    }
}
