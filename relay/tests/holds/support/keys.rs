//! The keys of the seller: the API key in its file, the signing key in its file, and what programs trust.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use ring::signature::Ed25519KeyPair;
use secrecy::ExposeSecret;
use tempfile::TempDir;
use whop_license::lease::{self, Claims, PublicKeys};
use whop_relay::SigningKey;

use super::{Customer, PRODUCT, Whop};

pub struct Keys {
    folder: TempDir,
    pair: Ed25519KeyPair,
    pub public_key: String,
    pub trusted: PublicKeys,
    /// Their ids, as programs send them.
    pub ids: String,
}

impl Keys {
    pub fn new(whop: &Whop) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (key, text) = SigningKey::generate().unwrap();
        private(&folder.path().join("signing-key.pem"), text.expose_secret());
        let public_key = key.public_key();
        let trusted = PublicKeys::parse(&public_key).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pem::parse(text.expose_secret()).unwrap().contents()).unwrap();
        let keys = Self { folder, pair, public_key, ids: trusted.ids(), trusted };
        keys.set_api_key(&whop.sandbox.api_key("full"));
        keys
    }

    /// Replaces the API key in its file, as a seller would.
    pub fn set_api_key(&self, api_key: &str) {
        let beside = self.folder.path().join("new");
        private(&beside, api_key);
        fs::rename(beside, self.api_key()).unwrap();
    }

    pub fn api_key(&self) -> PathBuf {
        self.folder.path().join("api-key")
    }

    pub fn signing_key(&self) -> PathBuf {
        self.folder.path().join("signing-key.pem")
    }

    /// A lease from yesterday, as this customer's program holds it.
    pub fn lease_of_yesterday(&self, customer: &Customer) -> String {
        let (key_sha256, device_sha256) = customer.hashes();
        let iat = now() - 24 * 60 * 60;
        let claims = Claims {
            id: Some("mem_1".into()),
            valid: Some(true),
            status: Some("active".into()),
            product: Some(PRODUCT.into()),
            key_sha256,
            device_sha256,
            nonce: "AAAAAAAAAAAAAAAAAAAAAA".into(),
            iat,
            exp: iat + 72 * 60 * 60,
            sandbox: true,
            ..Claims::default()
        };
        lease::sign(&claims, &self.pair)
    }
}

/// Unix seconds.
fn now() -> i64 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_secs().try_into().unwrap()
}

/// A file for its owner alone.
fn private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
