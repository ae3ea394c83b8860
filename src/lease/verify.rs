//! Whether a lease is what the holder of a key signed, and what it says.

use std::fmt;
use std::sync::Arc;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;

use super::keys::{PublicKeys, key_id};
use super::{Claims, decoded, encoded};
use crate::tree::Tree;

/// A lease whose signature was verified. Its `Debug` shows the claims alone: who has the rest can say whose it is.
#[derive(Clone)]
pub struct Lease {
    token: String,
    claims: Claims,
    json: Arc<str>,
    tree: Arc<Tree>,
}

impl Lease {
    /// Verifies a lease: its form, its signature by one of the keys, and that it says one thing. Whether it is about the
    /// license that is asked for, and still good, is not looked at.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in words.
    pub fn verify(token: &str, keys: &PublicKeys) -> Result<Self, String> {
        if token.len() > MAX_TOKEN {
            return Err(format!("longer than {MAX_TOKEN} bytes"));
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("not three parts between dots".into());
        };
        let key = match key_id_of(header) {
            Some(id) => keys.of_id(&id).ok_or("signed with a key that is not among the public keys given here")?,
            None => return Err("its header is not that of a lease".into()),
        };
        let signature = decoded(signature).ok_or("its signature is not base64url")?;
        let signed = format!("{header}.{payload}");
        let key = UnparsedPublicKey::new(&ED25519, key.bytes);
        key.verify(signed.as_bytes(), &signature).map_err(|_| "its signature is wrong")?;
        let (json, tree) = object(payload).ok_or("its payload is no JSON object, or gives a name twice")?;
        // What serde says stays out: it quotes values.
        let claims = Claims::deserialize(&tree.value).map_err(|_| "a claim is missing or of another type")?;
        claims.check()?;
        Ok(Self { token: token.to_owned(), claims, json: json.into(), tree: tree.into() })
    }

    /// The lease as it was given.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What it says.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The claims byte for byte as they were signed.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The same, read.
    pub(crate) fn said(&self) -> (Arc<str>, Arc<Tree>) {
        (self.json.clone(), self.tree.clone())
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("claims", &self.claims).finish_non_exhaustive()
    }
}

/// Signs a lease.
pub fn sign(claims: &Claims, key: &Ed25519KeyPair) -> String {
    let mut public_key = [0; 32];
    public_key.copy_from_slice(key.public_key().as_ref());
    let header = format!(r#"{{"alg":"{ALGORITHM}","typ":"{TYPE}","kid":"{}"}}"#, key_id(&public_key));
    let payload = serde_json::to_string(claims).unwrap_or_default();
    let signed = format!("{}.{}", encoded(header.as_bytes()), encoded(payload.as_bytes()));
    format!("{signed}.{}", encoded(key.sign(signed.as_bytes()).as_ref()))
}

/// The id of the key that a header names, if it has its three members and no other.
fn key_id_of(header: &str) -> Option<String> {
    let (_, Tree { value: Value::Object(header), .. }) = object(header)? else { return None };
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let is_ours = header.len() == 3 && text("alg") == Some(ALGORITHM) && text("typ") == Some(TYPE);
    if is_ours { text("kid").map(str::to_owned) } else { None }
}

/// The JSON object in a part. None if readers differ on what it says.
fn object(part: &str) -> Option<(String, Tree)> {
    let json = String::from_utf8(decoded(part)?).ok()?;
    let tree = Tree::of(&json)?;
    (json.starts_with('{') && !tree.repeats_a_name).then_some((json, tree))
}

const ALGORITHM: &str = "EdDSA";
const TYPE: &str = "whop-lease+jwt";
/// Several times what a relay signs, and half of what servers take in a header, in which it goes back to the relay.
const MAX_TOKEN: usize = 4 * 1024;
