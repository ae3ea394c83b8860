//! A private key that signs leases: Ed25519, PKCS#8 in PEM.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use pem::{EncodeConfig, LineEnding, Pem};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use secrecy::SecretString;
use whop_license::lease::key_id;

/// A private key that signs leases.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public_key: [u8; 32],
    id: String,
}

impl SigningKey {
    /// Reads a key: PKCS#8 in PEM, as `keygen` writes it, or OpenSSL.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let pem = pem::parse(text).map_err(|_| "not one PEM block, as `whop-relay keygen` writes it")?;
        if pem.tag() != TAG {
            return Err(format!("expected a PEM block {TAG}, as `whop-relay keygen` writes it"));
        }
        // OpenSSL writes the form without the public key.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pem.contents())
            .map_err(|_| "not a private key of Ed25519 in PKCS#8")?;
        Ok(Self::of(pair))
    }

    /// A new key, and its PEM for a file that nobody else can read.
    ///
    /// # Errors
    ///
    /// When the system gives no random bytes.
    pub fn generate() -> Result<(Self, SecretString), String> {
        let pkcs8 =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| "the system gives no random bytes")?;
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).map_err(|_| "the new key cannot be read back")?;
        let form = EncodeConfig::new().set_line_ending(LineEnding::LF);
        let text = pem::encode_config(&Pem::new(TAG, pkcs8.as_ref()), form);
        Ok((Self::of(pair), text.into()))
    }

    fn of(pair: Ed25519KeyPair) -> Self {
        let mut public_key = [0; 32];
        public_key.copy_from_slice(pair.public_key().as_ref());
        Self { pair, public_key, id: key_id(&public_key) }
    }

    /// The public half, as programs take it: 43 characters of base64url.
    pub fn public_key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.public_key)
    }

    /// Its id, as leases name it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A secret that all who have this key come to, and nobody else: of its signature, which is always the same.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 32] {
        // No lease: those begin with a header, and have dots.
        let signature = self.pair.sign(format!("whop-relay derives: {purpose}").as_bytes());
        let mut secret = [0; 32];
        secret.copy_from_slice(digest(&SHA256, signature.as_ref()).as_ref());
        secret
    }

    pub(crate) fn pair(&self) -> &Ed25519KeyPair {
        &self.pair
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

const TAG: &str = "PRIVATE KEY";

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn generated_key_is_read_back() {
        let (key, text) = SigningKey::generate().unwrap();
        let read = SigningKey::read(text.expose_secret()).unwrap();
        assert_eq!((read.public_key(), read.id()), (key.public_key(), key.id()));
        assert_eq!((key.public_key().len(), key.id().len()), (43, 43));
        assert!(!format!("{key:?}").contains(&key.public_key()));
    }

    /// The key of RFC 8410, section 10.3, in the form that OpenSSL writes.
    #[test]
    fn key_of_openssl_is_read() {
        let text = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        assert_eq!(SigningKey::read(text).unwrap().public_key(), "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE");
    }

    #[test]
    fn what_is_no_key_is_told_without_showing_it() {
        let (_, good) = SigningKey::generate().unwrap();
        let good = good.expose_secret();
        let inner = good.lines().nth(1).unwrap();
        for bad in [
            "",
            "apikey_secret",
            inner,
            &good.replace("PRIVATE", "EC PRIVATE"),
            &good.replace("PRIVATE", "PUBLIC"),
            &good.replacen("MF", "AA", 1),
            &good[..good.len() / 2],
        ] {
            let told = SigningKey::read(bad).unwrap_err();
            assert!(told.contains("P") && !told.contains("secret") && !told.contains(inner), "{told}");
        }
    }
}
