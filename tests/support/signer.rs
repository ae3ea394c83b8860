//! The holder of a relay's private key, who signs what the test wants to be said.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use whop_license::lease::{Claims, Reason, device_sha256, license_key_sha256, sign};

use super::act::{Act, answer};

#[derive(Clone)]
pub struct Signer(Arc<Ed25519KeyPair>);

/// What a relay was asked.
pub struct Asked {
    pub license_key: String,
    pub nonce: String,
    /// The lease that came with the question.
    pub lease: Option<String>,
    pub device: (String, String),
}

impl Signer {
    /// One of many keys.
    pub fn new(number: u8) -> Self {
        Self(Arc::new(Ed25519KeyPair::from_seed_unchecked(&[number; 32]).unwrap()))
    }

    pub fn public_key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0.public_key())
    }

    pub fn sign(&self, claims: &Claims) -> String {
        sign(claims, &self.0)
    }

    /// A signature over any payload.
    pub fn sign_json(&self, payload: &Value) -> String {
        let header = self.sign(&Claims::default()).split('.').next().unwrap().to_owned();
        let signed = format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(payload.to_string()));
        let signature = BASE64_URL_SAFE_NO_PAD.encode(self.0.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The answer to a request: a grant for 72 hours, but for this.
    pub fn answer(&self, request: &str, change: impl FnOnce(&mut Claims)) -> String {
        answer(201, &self.body(request, change))
    }

    pub fn body(&self, request: &str, change: impl FnOnce(&mut Claims)) -> String {
        let mut claims = Asked::read(request).grant();
        change(&mut claims);
        json!({"lease": self.sign(&claims)}).to_string()
    }

    /// Says yes to every check.
    pub fn yes(&self) -> Act {
        self.says(|_| ())
    }

    /// Says yes, but for this.
    pub fn says(&self, change: impl Fn(&mut Claims) + Send + Sync + 'static) -> Act {
        let signer = self.clone();
        Act::ask(move |request| Act::Send(signer.answer(request, &change)))
    }

    pub fn denies(&self, reason: Reason) -> Act {
        self.says(move |claims| *claims = denial(claims.clone(), reason))
    }
}

/// The same question, denied.
pub fn denial(claims: Claims, reason: Reason) -> Claims {
    let Claims { key_sha256, device_sha256, nonce, iat, exp, .. } = claims;
    Claims { reason: Some(reason), key_sha256, device_sha256, nonce, iat, exp, ..Claims::default() }
}

impl Asked {
    pub fn read(request: &str) -> Self {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let path = head.split(' ').nth(1).unwrap();
        let segment = path.split("/v2/memberships/").nth(1).unwrap().strip_suffix("/validate_license").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        let device = body["metadata"].as_object().unwrap().iter().next().unwrap();
        Self {
            license_key: percent_decode_str(segment).decode_utf8().unwrap().into_owned(),
            nonce: header("whop-license-nonce").unwrap(),
            lease: header("whop-license-lease"),
            device: (device.0.clone(), device.1.as_str().unwrap().to_owned()),
        }
    }

    /// That it entitles, of `prod_1`. The id names the license key and the plan the device, as far as an id can.
    pub fn grant(&self) -> Claims {
        let word = |text: &str| {
            let word: String = text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            if word.starts_with(|c: char| c.is_ascii_alphanumeric()) { word } else { format!("x{word}") }
        };
        let (name, device) = &self.device;
        let iat = now();
        Claims {
            id: Some(format!("mem_{}", word(&self.license_key))),
            valid: Some(true),
            status: Some("active".into()),
            product: Some("prod_1".into()),
            plan: Some(format!("plan_{}", word(device))),
            key_sha256: license_key_sha256(&self.license_key).unwrap(),
            device_sha256: device_sha256(name, device),
            nonce: self.nonce.clone(),
            iat,
            exp: iat + 72 * 60 * 60,
            ..Claims::default()
        }
    }
}

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}
