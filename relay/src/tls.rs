//! The certificate that is shown.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::ExposeSecret;

/// What a certificate and its key are made of, as text.
pub(crate) struct Pem {
    cert: Vec<u8>,
    key: secrecy::SecretString,
}

impl Pem {
    pub fn read(cert: &Path, key: &Path) -> Result<Self, String> {
        let text = std::fs::read(cert).map_err(|error| format!("tls-cert: {}: {error}", cert.display()))?;
        Ok(Self { cert: text, key: whop_secret_file::read(key).map_err(|fault| format!("tls-key: {fault}"))? })
    }

    /// What it is, for a comparison.
    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        [&*self.cert, self.key.expose_secret().as_bytes()].into_iter()
    }

    /// A server that shows it. The two must belong together.
    pub fn config(&self) -> Result<Arc<ServerConfig>, String> {
        let certs: Vec<_> = CertificateDer::pem_slice_iter(&self.cert)
            .collect::<Result<_, _>>()
            .map_err(|_| "tls-cert: not certificates in PEM")?;
        if certs.is_empty() {
            return Err("tls-cert: holds no certificate in PEM".into());
        }
        let key = PrivateKeyDer::from_pem_slice(self.key.expose_secret().as_bytes())
            .map_err(|_| "tls-key: holds no private key in PEM")?;
        let versions = ServerConfig::builder_with_provider(Arc::new(default_provider()));
        let mut config = versions
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("tls-cert: {error}"))?
            .with_no_client_auth()
            .with_single_cert(certs, key)
            .map_err(|error| format!("tls-cert: {error}"))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}
