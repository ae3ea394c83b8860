//! The lease file: whose it is, and until when what is in it counts.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use whop_license::lease::{self, Claims, Lease, PublicKeys};

use super::report::Report;
use super::{Arguments, time};
use crate::device_id;

pub(super) fn look(arguments: &Arguments, report: &mut Report) {
    let Some(path) = &arguments.relay.lease_file else { return };
    let tokens = match lease::in_file(path) {
        Ok(tokens) => tokens,
        Err(fault) => return report.fail("lease file", format!("{path}: {fault}"), DAMAGED),
    };
    if !Path::new(path).exists() {
        return report.note("lease file", format!("{path}: not there yet: the relay's next answer writes it"));
    }
    readers(path, report);
    let keys = arguments.relay.public_keys.as_deref().map(PublicKeys::parse);
    let keys = keys.and_then(Result::ok);
    report.ok("lease file", format!("{path}: this user's own, answers in it: {}", tokens.len()));
    for token in &tokens {
        answer(token, keys.as_ref(), arguments, report);
    }
}

#[cfg(unix)]
fn readers(path: &str, report: &mut Report) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        report.warn("lease file", format!("{path}: other users can read it"), format!("chmod 600 {path}"));
    }
}

#[cfg(not(unix))]
fn readers(_: &str, _: &mut Report) {}

/// Says what a stored answer is about, without the license key, of which it holds a hash alone.
fn answer(token: &str, keys: Option<&PublicKeys>, arguments: &Arguments, report: &mut Report) {
    let verified = keys.map(|keys| Lease::verify(token, keys));
    let claims = match &verified {
        Some(Ok(lease)) => Some(lease.claims().clone()),
        Some(Err(fault)) => {
            return report.fail("lease", format!("is not used: {fault}"), "compare the public keys with the relay's");
        }
        None => unverified(token),
    };
    let Some(claims) = claims else {
        return report.fail("lease", "cannot be read", DAMAGED);
    };
    let checked = if verified.is_some() { "" } else { "; its signature is not checked without --public-keys" };
    let about = format!("{}, for {}", claims.product.as_deref().unwrap_or("no product"), device(&claims, arguments));
    if claims.reason.is_some() || claims.valid != Some(true) {
        return report.note("lease", format!("a no, of {}: {about}{checked}", time::in_words(claims.iat)));
    }
    let until = time::in_words(claims.exp);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    match u64::try_from(claims.exp).is_ok_and(|end| end > now) {
        true => report.ok("lease", format!("a yes until {until}: {about}{checked}")),
        false => report.warn(
            "lease",
            format!("a yes that ended {until}: {about}{checked}"),
            "the program must reach the relay once",
        ),
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

const DAMAGED: &str = "if it is the program's, delete it: the relay's next answer writes a new one";
