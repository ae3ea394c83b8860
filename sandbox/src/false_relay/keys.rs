//! The keys that leases are signed with: in the head of the table, for everybody to see.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};

use super::table;

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One of the two public keys that a program is given.
    Trusted,
    /// The other one.
    Spare,
    /// One that no program is given.
    Stranger,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Spare => "spare",
            Self::Stranger => "stranger",
        }
    }

    /// None for a table that is broken, of which nothing can be signed.
    fn pair(self) -> Option<Ed25519KeyPair> {
        let seed = table::keys().find(|key| key.name == self.name())?.seed;
        Ed25519KeyPair::from_seed_unchecked(&BASE64_URL_SAFE_NO_PAD.decode(seed).ok()?).ok()
    }

    pub fn public(self) -> Vec<u8> {
        self.pair().map(|pair| pair.public_key().as_ref().to_vec()).unwrap_or_default()
    }

    /// The thumbprint of RFC 7638 and RFC 8037.
    pub fn id(self) -> String {
        sha256(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encoded(&self.public())))
    }

    pub fn sign(self, bytes: &[u8]) -> Vec<u8> {
        self.pair().map(|pair| pair.sign(bytes).as_ref().to_vec()).unwrap_or_default()
    }
}

pub fn sha256(text: &str) -> String {
    encoded(digest(&SHA256, text.as_bytes()).as_ref())
}

pub fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_has_both_halves_of_each_key() {
        for key in [Key::Trusted, Key::Spare, Key::Stranger] {
            let told = table::keys().find(|told| told.name == key.name()).unwrap();
            assert_eq!(told.public, encoded(&key.public()), "{key:?}");
        }
        assert_eq!(table::keys().count(), 3);
    }
}
