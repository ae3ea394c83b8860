//! Signatures that are none of Ed25519, or were made into another one.

use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

pub fn hs256(secret: &[u8], parts: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), parts.as_bytes()).as_ref().to_vec()
}

/// With a key of the moment: no program is given one of this kind.
pub fn es256(parts: &str) -> Vec<u8> {
    let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let signed = || {
        let key = EcdsaKeyPair::generate_pkcs8(kind, &random).ok()?;
        let key = EcdsaKeyPair::from_pkcs8(kind, key.as_ref(), &random).ok()?;
        key.sign(&random, parts.as_bytes()).ok().map(|signature| signature.as_ref().to_vec())
    };
    signed().unwrap_or_default()
}

/// The second half with the order of the group added, which says the same to a reader that does not compare.
pub fn malleated(mut signature: Vec<u8>) -> Vec<u8> {
    let mut carry = 0;
    for (byte, order) in signature.iter_mut().skip(32).zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        let [low, high] = sum.to_le_bytes();
        (*byte, carry) = (low, high.into());
    }
    signature
}

/// The order of the group of Ed25519, least byte first (RFC 8032, section 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];
