//! The public keys whose leases are believed.

use super::{decoded, encoded, sha256};
use crate::error::Error;

/// The public keys whose leases are believed: one to four, of Ed25519.
#[derive(Clone, Debug)]
pub struct PublicKeys(Vec<PublicKey>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PublicKey {
    pub bytes: [u8; LENGTH],
    pub id: String,
}

impl PublicKeys {
    /// From their text: 43 characters of base64url each, separated by commas.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for anything else.
    pub fn parse(comma_separated: &str) -> Result<Self, Error> {
        let fault = |fault: String| Error::argument("public_keys", fault);
        let mut keys = Vec::new();
        for text in comma_separated.split(',').map(str::trim) {
            let bytes = match text {
                "" => return Err(fault("empty: expected the line that `whop-relay keygen` prints".into())),
                _ if keys.len() == MOST => return Err(fault(format!("more than {MOST}"))),
                _ => decoded(text).and_then(|bytes| bytes.try_into().ok()),
            };
            let Some(bytes) = bytes else {
                let which = keys.len() + 1;
                return Err(fault(format!(
                    "number {which}: expected 43 characters, as `whop-relay keygen` prints them"
                )));
            };
            let key = PublicKey { id: key_id(&bytes), bytes };
            if keys.contains(&key) {
                return Err(fault("one is given twice".into()));
            }
            keys.push(key);
        }
        Ok(Self(keys))
    }

    /// Their ids, separated by commas.
    pub fn ids(&self) -> String {
        let ids: Vec<_> = self.0.iter().map(|key| &*key.id).collect();
        ids.join(",")
    }

    pub(super) fn of_id(&self, id: &str) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.id == id)
    }
}

/// The id of a public key of Ed25519: its thumbprint (RFC 7638, RFC 8037).
pub fn key_id(public_key: &[u8; LENGTH]) -> String {
    sha256(&format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encoded(public_key)))
}

const LENGTH: usize = 32;
const MOST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.
    const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn id_of_a_key_is_its_thumbprint() {
        let keys = PublicKeys::parse(KEY).unwrap();
        assert_eq!(keys.ids(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn one_to_four_different_keys_are_taken() {
        let keys: Vec<_> = (1..=5).map(|byte| encoded(&[byte; LENGTH])).collect();
        assert_eq!(PublicKeys::parse(&keys[..4].join(", ")).unwrap().ids().split(',').count(), 4);
        let padded = format!("{KEY}=");
        let (five, twice, comma) = (keys.join(","), format!("{KEY},{KEY}"), format!("{KEY},"));
        for bad in
            ["", ",", &comma, &five, &twice, &padded, &KEY[1..], &KEY.replace('_', "/"), &KEY.replace("Ro", "Rp")]
        {
            let refused = PublicKeys::parse(bad).unwrap_err().to_string();
            assert!(refused.starts_with("public_keys: "), "{bad}: {refused}");
        }
    }
}
