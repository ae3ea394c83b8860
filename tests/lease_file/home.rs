//! A folder with a lease file in it, and the clients that use it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use whop_license::{Client, ClientBuilder, Error, Verdict};

use crate::support::{Act, DEVICE, Peer, RefusingPort, Signer};

pub const KEY: &str = "KEY-1";
pub const ANOTHER: &str = "KEY-2";

pub struct Home {
    pub signer: Signer,
    folder: TempDir,
    pub file: PathBuf,
    /// Where no relay is.
    nobody: RefusingPort,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Another user finds the way into it, as some tests need.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let file = folder.path().join("leases");
        Self { signer: Signer::new(1), file, folder, nobody: RefusingPort::new() }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self) -> &str {
        self.file.to_str().unwrap()
    }

    pub fn nobody(&self) -> String {
        format!("http://127.0.0.1:{}", self.nobody.number())
    }

    /// The settings of a client that can ask nobody.
    pub fn without_network(&self) -> ClientBuilder {
        let mut builder = Client::relay(&self.nobody(), &self.signer.public_key());
        builder.product_id("prod_1").lease_file(self.path()).max_retries(0).timeout(Duration::from_secs(10));
        builder
    }

    pub fn with_network(&self, peer: &Peer) -> ClientBuilder {
        let mut builder = peer.relay_client(&self.signer);
        builder.lease_file(self.path()).max_retries(0);
        builder
    }

    /// One check of a relay that does this.
    pub fn online(&self, license_key: &str, act: Act) -> Result<Verdict, Error> {
        let peer = Peer::start([act]);
        self.with_network(&peer).build().unwrap().validate_license(license_key, DEVICE)
    }

    /// One check that is granted and kept.
    pub fn granted(&self, license_key: &str) {
        let verdict = self.online(license_key, self.signer.yes()).unwrap();
        assert_eq!(verdict.to_string(), "The license is valid here.");
        assert!(!verdict.is_offline());
    }

    /// The same a minute ago, so that a use without network now has a time to write down.
    pub fn granted_a_minute_ago(&self, license_key: &str) {
        let aged = self.signer.says(|claims| (claims.iat, claims.exp) = (claims.iat - 60, claims.exp - 60));
        assert_eq!(self.online(license_key, aged).unwrap().to_string(), "The license is valid here.");
    }

    /// One check without network.
    pub fn offline(&self, license_key: &str) -> Result<Verdict, Error> {
        self.without_network().build().unwrap().validate_license(license_key, DEVICE)
    }

    pub fn is_allowed_offline(&self, license_key: &str) -> bool {
        self.offline(license_key).is_ok_and(|verdict| verdict.is_allowed() && verdict.is_offline())
    }

    /// Why the lease does not help.
    pub fn refused_offline(&self, license_key: &str) -> String {
        refused(self.offline(license_key))
    }

    pub fn stored(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.file).unwrap()).unwrap()
    }

    /// What is in the folder.
    pub fn listed(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// The status of the call stands, and the lease file does not help for this reason.
pub fn refused(outcome: Result<Verdict, Error>) -> String {
    let Err(Error::Relay { cause, lease: Some(fault) }) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(*cause, Error::Unreachable { .. }), "{cause:?}");
    fault
}
