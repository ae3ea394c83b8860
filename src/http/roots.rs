//! Whom requests trust.

use std::fs::{self, File};
use std::io::{self, Read};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use webpki_roots::TLS_SERVER_ROOTS;

use crate::error::Error;

/// The certificate authorities that are trusted.
#[derive(Clone, Debug)]
pub(crate) enum Roots {
    /// Those that the library brings, since the store of a player's machine is the player's.
    Bundled,
    /// Those of a file.
    File(Arc<RootCertStore>),
}

impl Roots {
    pub(super) fn store(&self) -> Arc<RootCertStore> {
        match self {
            Self::Bundled => Arc::new(RootCertStore { roots: TLS_SERVER_ROOTS.to_vec() }),
            Self::File(store) => store.clone(),
        }
    }

    /// Every certificate in a PEM file.
    pub(crate) fn read(pem_path: &str) -> Result<Self, Error> {
        let fault = |fault: String| Error::argument("ca_file", fault);
        let mut pem = Vec::new();
        // Before it is opened: to open a pipe waits for its other end.
        fs::metadata(pem_path)
            .and_then(|found| if found.is_file() { File::open(pem_path) } else { Err(io::Error::other(NO_FILE)) })
            .and_then(|file| file.take(MAX_CA_FILE + 1).read_to_end(&mut pem))
            .map_err(|error| fault(format!("cannot be read: {error}")))?;
        if pem.len() as u64 > MAX_CA_FILE {
            return Err(fault(format!("longer than {} MiB", MAX_CA_FILE >> 20)));
        }
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|_| fault("broken PEM: copy the file again".into()))?;
        let mut roots = RootCertStore::empty();
        if roots.add_parsable_certificates(certificates).0 == 0 {
            return Err(fault("holds no certificate that can be used (-----BEGIN CERTIFICATE-----)".into()));
        }
        Ok(Self::File(Arc::new(roots)))
    }
}

impl PartialEq for Roots {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bundled, Self::Bundled) => true,
            (Self::File(one), Self::File(other)) => one.roots == other.roots,
            _ => false,
        }
    }
}

const NO_FILE: &str = "it is not a regular file";
/// A bundle of every public authority is a quarter of this.
const MAX_CA_FILE: u64 = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ca_file_must_hold_a_certificate() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut refusal = |content: &str| {
            std::io::Write::write_all(&mut file, content.as_bytes()).unwrap();
            match Roots::read(file.path().to_str().unwrap()) {
                Ok(_) => panic!("accepted"),
                Err(error) => error.to_string(),
            }
        };
        assert!(refusal("").starts_with("ca_file: holds no certificate"));
        assert!(refusal("-----BEGIN CERTIFICATE-----\n").starts_with("ca_file: "));
        assert!(refusal(&"x".repeat(MAX_CA_FILE as usize)).starts_with("ca_file: longer than 1 MiB"));
        assert!(Roots::read("/nowhere/ca.pem").is_err_and(|error| error.to_string().contains("cannot be read")));
    }
}
