//! The lease file: whose it is, whether it can be written, and until when what is in it counts.

use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use whop_license::lease::{self, Claims, Lease, PublicKeys};

use super::report::Report;
use super::{Arguments, time};
use crate::device_id;

/// The file, which is known to be one of leases. A program takes an answer only for what it is stored for.
#[derive(Default, Deserialize)]
struct Stored {
    /// The latest time that was seen.
    latest: i64,
    leases: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    product: String,
    key_sha256: String,
    device_sha256: String,
    lease: String,
}

pub(super) fn look(arguments: &Arguments, report: &mut Report) {
    let Some(path) = &arguments.relay.lease_file else { return };
    if let Err(fault) = lease::in_file(path) {
        return report.fail("lease file", format!("{path}: {fault}"), advice(path, &fault));
    }
    if let Err(fault) = can_be_written(path) {
        return report.fail("lease file", format!("{path}: no lease in it is used: {fault}"), WRITABLE);
    }
    if !Path::new(path).exists() {
        return report.note("lease file", format!("{path}: not there yet: the relay's next answer writes it"));
    }
    readers(path, report);
    let stored = read(path).unwrap_or_default();
    let keys = arguments.relay.public_keys.as_deref().map(PublicKeys::parse);
    let keys = keys.and_then(Result::ok);
    report.ok("lease file", format!("{path}: this user's own, answers in it: {}", stored.leases.len()));
    for entry in &stored.leases {
        answer(entry, stored.latest, keys.as_ref(), arguments, report);
    }
}

fn advice(path: &str, fault: &str) -> &'static str {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => "give the path of a file",
        _ if fault.contains("damaged") => "nothing to delete: the relay's next answer writes a new one",
        Ok(_) => "give another path, or delete the file if no program needs it",
        Err(_) => "give another path",
    }
}

/// What a program needs to take a lease: it stores the time at which it did.
fn can_be_written(path: &str) -> Result<(), String> {
    let path = std::path::absolute(path).map_err(|error| error.to_string())?;
    let folder = path.parent().filter(|folder| folder.is_dir()).ok_or("its folder does not exist")?;
    // A file that has no name where the system knows such, and is gone at once.
    tempfile::tempfile_in(folder).map_err(|error| format!("nothing can be written in its folder: {error}"))?;
    let beside = |ending: &str| {
        let mut beside = path.clone().into_os_string();
        beside.push(ending);
        beside
    };
    let (lock, new) = (beside(".lock"), beside(".new"));
    match fs::symlink_metadata(&lock) {
        Ok(found) if !found.is_file() => return Err("the `.lock` beside it is not a file".into()),
        Ok(_) => {
            let opened = OpenOptions::new().write(true).open(&lock);
            opened.map_err(|error| format!("the `.lock` beside it cannot be opened: {error}"))?;
        }
        Err(_) => {}
    }
    match fs::symlink_metadata(&new).is_ok_and(|found| found.is_dir()) {
        true => Err("the `.new` beside it is a folder".into()),
        false => Ok(()),
    }
}

#[cfg(unix)]
fn readers(path: &str, report: &mut Report) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        report.warn("lease file", format!("{path}: other users can read it"), format!("chmod 600 {path}"));
    }
}

#[cfg(not(unix))]
fn readers(_: &str, _: &mut Report) {}

fn read(path: &str) -> Option<Stored> {
    let mut text = String::new();
    File::open(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Says what a stored answer is about, without the license key, of which it holds a hash alone.
fn answer(entry: &Entry, latest: i64, keys: Option<&PublicKeys>, arguments: &Arguments, report: &mut Report) {
    let verified = keys.map(|keys| Lease::verify(&entry.lease, keys));
    let claims = match &verified {
        Some(Ok(lease)) => Some(lease.claims().clone()),
        Some(Err(fault)) => {
            return report.fail("lease", format!("is not used: {fault}"), "compare the public keys with the relay's");
        }
        None => unverified(&entry.lease),
    };
    let Some(claims) = claims else {
        return report.fail("lease", "is not used: it cannot be read", CHANGED);
    };
    if !is_stored_for(&claims, entry) {
        return report.fail("lease", "is not used: signed for another license, device or product", CHANGED);
    }
    let checked = if verified.is_some() { "" } else { "; its signature is not checked without --public-keys" };
    let about = format!("{}, for {}{checked}", product(&claims, arguments), device(&claims, arguments));
    if claims.reason.is_some() || claims.valid != Some(true) {
        return report.note("lease", format!("a no, of {}: {about}", time::in_words(claims.iat)));
    }
    let (now, seen, until) = (time::now(), latest.max(claims.iat), time::in_words(claims.exp));
    if now >= claims.exp {
        let fact = format!("a yes that ended {until}: {about}");
        return report.warn("lease", fact, "the program must reach the relay once");
    }
    if now < seen.saturating_sub(TOLERANCE) {
        let (now, seen) = (time::in_words(now), time::in_words(seen));
        let fact = format!("is not used: the clock says {now}, but it was {seen} already: {about}");
        return report.fail("lease", fact, "set the clock right, or have the program reach the relay once");
    }
    report.note("lease", format!("a yes until {until}; whether a program takes it, only a check tells: {about}"));
}

fn is_stored_for(claims: &Claims, entry: &Entry) -> bool {
    claims.key_sha256 == entry.key_sha256
        && claims.device_sha256 == entry.device_sha256
        && claims.product.as_ref().is_none_or(|product| *product == entry.product)
}

fn product(claims: &Claims, arguments: &Arguments) -> String {
    match (&claims.product, &arguments.product) {
        (None, _) => "no product".into(),
        (Some(of), Some(given)) if of != given => format!("{of}, which is not the given product"),
        (Some(of), _) => of.clone(),
    }
}

/// Whether the answer is for this device.
fn device(claims: &Claims, arguments: &Arguments) -> &'static str {
    let own = match &arguments.device_id {
        Some(id) => Ok(id.clone()),
        None => device_id::of_product(claims.product.as_deref().or(arguments.product.as_deref())),
    };
    match own {
        Ok(id) if lease::device_sha256("hwid", &id) == claims.device_sha256 => "this device",
        Ok(_) => "another device, or one that the program names itself",
        Err(_) => "a device that cannot be compared",
    }
}

fn unverified(token: &str) -> Option<Claims> {
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

const WRITABLE: &str = "give a path in a folder that is there and that this user may write in";
const CHANGED: &str = "something else changed the file: have the program reach the relay once";
/// How far behind the latest time that was seen the library lets the clock be, in seconds.
const TOLERANCE: i64 = 14 * 60 * 60;
/// More than the library takes as a lease file.
const LONGEST: u64 = 1 << 20;
