//! A certificate authority of the test's own, and the servers that show its certificates.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::WantsServerCert;
use rustls::{ConfigBuilder, ServerConfig};

pub struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
    /// What a server must show beside its own certificate.
    chain: Vec<CertificateDer<'static>>,
}

impl Authority {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    /// One that is restricted, or otherwise odd.
    pub fn with(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (key, params) = (KeyPair::generate().unwrap(), authority(change));
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key), chain: Vec::new() }
    }

    /// One that is vouched for by this one.
    pub fn intermediate(&self) -> Self {
        self.odd_intermediate(|_| ())
    }

    pub fn odd_intermediate(&self, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let (key, mut params) = (KeyPair::generate().unwrap(), authority(change));
        params.distinguished_name.push(DnType::CommonName, "Test intermediate");
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self { pem: self.pem.clone(), issuer: Issuer::new(params, key), chain: vec![certificate.der().clone()] }
    }

    /// The same, whose servers forget to show how it is vouched for.
    pub fn forgetful(self) -> Self {
        Self { chain: Vec::new(), ..self }
    }

    /// What a client must trust.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    pub fn write_to(&self, path: &Path) {
        std::fs::write(path, &self.pem).unwrap();
    }

    /// A server for these names and addresses.
    pub fn server(&self, names: &[&str]) -> Arc<ServerConfig> {
        self.odd_server(names, |_| ())
    }

    pub fn odd_server(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Arc<ServerConfig> {
        Arc::new(self.show(any_version(), leaf(names, change)))
    }

    /// A server that offers no more than this.
    pub fn server_of(&self, offered: Offered, names: &[&str]) -> ServerConfig {
        self.show(offered, leaf(names, |_| ()))
    }

    fn show(&self, offered: Offered, leaf: CertificateParams) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = leaf.signed_by(&key, &self.issuer).unwrap();
        let chain = [&[certificate.der().clone()], &self.chain[..]].concat();
        config(offered, chain, &key)
    }
}

/// A server whose certificate vouches for itself.
pub fn self_signed(names: &[&str]) -> Arc<ServerConfig> {
    let key = KeyPair::generate().unwrap();
    let certificate = leaf(names, |_| ()).self_signed(&key).unwrap();
    Arc::new(config(any_version(), vec![certificate.der().clone()], &key))
}

/// What a server speaks.
type Offered = ConfigBuilder<ServerConfig, WantsServerCert>;

fn any_version() -> Offered {
    ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
}

fn authority(change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Test authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    change(&mut params);
    params
}

fn leaf(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Test server");
    change(&mut params);
    params
}

fn config(offered: Offered, chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> ServerConfig {
    offered.with_single_cert(chain, PrivatePkcs8KeyDer::from(key.serialize_der()).into()).unwrap()
}
