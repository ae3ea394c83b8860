//! Leases: the signed answers of a relay. For those who write one, or look into a lease; a program that asks whether it may
//! run needs [`Client::relay`](crate::Client::relay) alone.
//!
//! A lease is a JWS in compact form (RFC 7515) whose payload is a JWT's, signed with Ed25519 (RFC 8037).

mod clock;
mod file;
mod keys;
mod stored;
mod verify;

pub(crate) use clock::{check, in_words, now, now_in_milliseconds};
pub(crate) use file::{Damaged, LeaseFile, WaitLimit};
pub use keys::{PublicKeys, key_id};
pub use stored::file;
pub(crate) use stored::{Stored, Subject};
pub use verify::{Lease, sign};

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize};

use crate::argument;
use crate::error::Error;
use crate::model::is_id;

/// What a relay says of a license, and to which question.
///
/// A license that is known has `valid` and what Whop tells of it; a denial has a `reason` in their place. Their `Debug` shows
/// neither hashes nor nonce.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The membership, `mem_…`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether the license entitles.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub valid: Option<bool>,
    /// Where the license stands, such as `active`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The product, `prod_…`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The plan that was bought, `plan_…`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// When the license ends unless it is renewed, in Unix seconds.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Whether it will not be renewed.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub cancel_at_period_end: Option<bool>,
    /// Why the license is of no use here.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Of the license key that was asked: [`license_key_sha256`].
    pub key_sha256: String,
    /// Of the device that was asked for: [`device_sha256`].
    pub device_sha256: String,
    /// The call's own, so that no answer fits another call.
    pub nonce: String,
    /// When it was signed, in Unix seconds.
    pub iat: i64,
    /// When it ends, in Unix seconds.
    pub exp: i64,
    /// Whether the relay asks something else than Whop.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sandbox: bool,
}

/// Why a license is of no use on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// There is no such license.
    LicenseNotFound,
    /// It is bound to another device.
    DeviceMismatch,
    /// It is of a product that the relay does not serve.
    ProductMismatch,
}

impl Claims {
    /// Whether they say one thing, and all that belongs to it.
    fn check(&self) -> Result<(), &'static str> {
        let is = |id: &Option<String>, kind| id.as_ref().is_some_and(|id| is_id(id, kind));
        if self.texts().into_iter().flatten().any(|text| !is_word(text)) {
            return Err("a text in it is empty, or holds what no id and no status has");
        }
        if !(1..self.exp).contains(&self.iat) || self.exp > clock::LAST {
            return Err("it ends before it begins, or at no time at all");
        }
        match (self.valid, self.reason) {
            (Some(_), None) if is(&self.id, "mem_") && is(&self.product, "prod_") && self.status.is_some() => Ok(()),
            (Some(_), None) => Err("it lacks the membership, its product or its status"),
            (None, Some(_)) if self.has_license() => Err("it tells of a license, and denies that it can"),
            (None, Some(_)) => Ok(()),
            (Some(_), Some(_)) => Err("it both has a verdict and denies"),
            (None, None) => Err("it has no verdict"),
        }
    }

    fn texts(&self) -> [&Option<String>; 4] {
        [&self.id, &self.status, &self.product, &self.plan]
    }

    fn has_license(&self) -> bool {
        self.texts().into_iter().any(Option::is_some)
            || self.expires_at.is_some()
            || self.cancel_at_period_end.is_some()
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { valid, status, product, reason, iat, exp, sandbox, .. } = self;
        f.debug_struct("Claims")
            .field("valid", valid)
            .field("status", status)
            .field("product", product)
            .field("reason", reason)
            .field("iat", iat)
            .field("exp", exp)
            .field("sandbox", sandbox)
            .finish_non_exhaustive()
    }
}

/// A claim that is there has a value: null is none.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A reason by its name alone, where serde would also take an object.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Reason>, D::Error> {
    Reason::deserialize(String::deserialize(deserializer)?.into_deserializer()).map(Some)
}

/// Something to be seen, and nothing that could end a text early.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The leases in a lease file, not verified, each as [`Lease::verify`] takes it: for a tool that explains a file. The file
/// must be this user's own, as for a [client](crate::ClientBuilder::lease_file). None where there is no file.
///
/// # Errors
///
/// Why a client would not use it, in words.
pub fn in_file(path: &str) -> Result<Vec<String>, String> {
    Ok(LeaseFile::at(path)?.read()?.tokens())
}

/// A license key as it is sent: without white space around it and characters that nobody sees. Who judges a key by its
/// letters, or keeps something under it, does so with this one.
///
/// # Errors
///
/// For what no license key can be.
pub fn license_key(text: &str) -> Result<String, Error> {
    argument::license_key(text)
}

/// The SHA-256 of a license key as it is [sent](license_key).
///
/// # Errors
///
/// For what no license key can be.
pub fn license_key_sha256(text: &str) -> Result<String, Error> {
    Ok(sha256(&license_key(text)?))
}

/// The SHA-256 of a device as the metadata names it, `<name>=<value>`.
pub fn device_sha256(name: &str, value: &str) -> String {
    sha256(&format!("{name}={value}"))
}

fn sha256(text: &str) -> String {
    encoded(digest(&SHA256, text.as_bytes()).as_ref())
}

/// As base64url without padding.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// From base64url without padding, of which there is one way to write each text.
fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}
