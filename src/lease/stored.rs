//! What a lease file holds: the newest signed answer about each license, and the latest time that was seen.

use serde::{Deserialize, Serialize};

use super::Claims;
use super::verify::Lease;

/// What is in a lease file. None of it is trusted but the leases, each of which is verified when it is used.
#[derive(Serialize, Deserialize)]
pub(crate) struct Stored {
    /// Tells the file from any other; the number of its format.
    whop_leases: u8,
    /// The latest time that was seen, in Unix seconds.
    pub latest: i64,
    /// The newest signed answer about each license, the one that was written last at the end.
    leases: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    product: String,
    key_sha256: String,
    device_sha256: String,
    denied: bool,
    /// When the call began that brought it, in Unix milliseconds by the clock of this machine.
    asked: i64,
    lease: String,
}

/// Which lease is looked for.
pub(crate) struct Subject<'a> {
    pub product: &'a str,
    pub key_sha256: &'a str,
    pub device_sha256: &'a str,
}

impl Subject<'_> {
    fn is_of(&self, entry: &Entry) -> bool {
        entry.product == self.product
            && entry.key_sha256 == self.key_sha256
            && entry.device_sha256 == self.device_sha256
    }
}

impl Stored {
    pub fn empty() -> Self {
        Self { whop_leases: FORMAT, latest: 0, leases: Vec::new() }
    }

    /// None for a file of something else.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        // For an object alone, where serde would also take an array.
        let stored: Option<Self> =
            bytes.trim_ascii_start().starts_with(b"{").then(|| serde_json::from_slice(bytes).ok())?;
        stored.filter(|stored| stored.whop_leases == FORMAT)
    }

    /// Whether what cannot be parsed is a lease file that was damaged, or changed by hand.
    pub fn may_have_been(bytes: &[u8]) -> bool {
        let bytes = bytes.trim_ascii_start();
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
        let is_ours = |rest: &[u8]| rest.trim_ascii_start().starts_with(br#""whop_leases""#);
        // A file system that has lost what was written leaves NULs.
        bytes.strip_prefix(b"{").is_some_and(is_ours)
            || bytes.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace())
    }

    /// The newest answer about this license, device and product.
    pub fn lease(&self, of: &Subject<'_>) -> Option<&str> {
        self.leases.iter().rev().find(|entry| of.is_of(entry)).map(|entry| &*entry.lease)
    }

    /// All answers as they were signed.
    pub fn tokens(self) -> Vec<String> {
        self.leases.into_iter().map(|entry| entry.lease).collect()
    }

    /// Keeps a signed answer, of a call that began at `asked` and ends `now`, in place of the one before. A denial drives
    /// out no grant of another license.
    pub fn keep(&mut self, of: &Subject<'_>, lease: &Lease, is_allowed: bool, asked: i64, now: i64) {
        // That call was slower than the next one. What is of a time to come was stored before the clock was set back.
        let is_newer = |entry: &Entry| asked < entry.asked && entry.asked <= now;
        if self.leases.iter().any(|entry| of.is_of(entry) && is_newer(entry)) {
            return;
        }
        self.leases.retain(|entry| !of.is_of(entry));
        while self.leases.len() >= MOST {
            match self.leases.iter().position(|entry| entry.denied) {
                Some(denial) => drop(self.leases.remove(denial)),
                None if is_allowed => drop(self.leases.remove(0)),
                None => return,
            }
        }
        self.leases.push(Entry {
            product: of.product.into(),
            key_sha256: of.key_sha256.into(),
            device_sha256: of.device_sha256.into(),
            denied: !is_allowed,
            asked,
            lease: lease.token().into(),
        });
    }
}

/// The content of a lease file that holds these grants: for a machine that is never online.
pub fn file(grants: &[Lease]) -> String {
    let mut stored = Stored::empty();
    for lease in grants {
        let Claims { product, key_sha256, device_sha256, iat, .. } = lease.claims();
        stored.latest = stored.latest.max(*iat);
        stored.keep(
            &Subject { product: product.as_deref().unwrap_or_default(), key_sha256, device_sha256 },
            lease,
            true,
            // Any answer is newer.
            0,
            0,
        );
    }
    serde_json::to_string(&stored).unwrap_or_default()
}

const FORMAT: u8 = 1;
/// The most answers that are kept.
const MOST: usize = 8;
