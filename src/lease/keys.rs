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
            if is_weak(bytes) {
                return Err(fault("one is no key of anybody: everybody can sign for it".into()));
            }
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

/// Whether it is a point of small order, such as 43 letters `A` in place of a key that is still to come: signatures that
/// it takes can be made without a private half.
fn is_weak(mut bytes: [u8; LENGTH]) -> bool {
    // The sign of x.
    bytes[LENGTH - 1] &= 0x7f;
    WEAK.contains(&bytes)
}

const LENGTH: usize = 32;
const MOST: usize = 4;
/// What y can be in a point of small order, least byte first, from 0 to 2^255 - 1.
const WEAK: [[u8; LENGTH]; 7] = [
    first_then(0x00, 0x00, 0x00),
    first_then(0x01, 0x00, 0x00),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    first_then(0xec, 0xff, 0x7f),
    first_then(0xed, 0xff, 0x7f),
    first_then(0xee, 0xff, 0x7f),
];

const fn first_then(first: u8, others: u8, last: u8) -> [u8; LENGTH] {
    let mut bytes = [others; LENGTH];
    (bytes[0], bytes[LENGTH - 1]) = (first, last);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{ED25519, UnparsedPublicKey};

    /// RFC 8037, appendix A.
    const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    #[test]
    fn id_of_a_key_is_its_thumbprint() {
        let keys = PublicKeys::parse(KEY).unwrap();
        assert_eq!(keys.ids(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /// The signature is half the neutral element, half zero: right for any text, one time in as many as the order of the key.
    #[test]
    fn key_that_everybody_can_sign_for_is_refused() {
        let mut anybodys = [0; 64];
        anybodys[0] = 1;
        for y in WEAK {
            for sign in [0, 0x80] {
                let mut key = y;
                key[LENGTH - 1] |= sign;
                let refused = PublicKeys::parse(&encoded(&key)).unwrap_err().to_string();
                assert!(refused.contains("everybody can sign"), "{refused}");
                let verifier = UnparsedPublicKey::new(&ED25519, key);
                assert!((0..1000_u32).any(|text| verifier.verify(&text.to_le_bytes(), &anybodys).is_ok()), "{key:?}");
            }
        }
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
