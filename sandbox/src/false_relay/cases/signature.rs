//! Signatures: by another key, over something else, of another length.

use super::Case;
use crate::false_relay::keys::{Key, encoded};
use crate::false_relay::signatures::malleated;

/// The signature of a good relay.
fn good(parts: &str) -> Vec<u8> {
    Key::Trusted.sign(parts.as_bytes())
}

pub const CASES: &[Case] = &[
    ("signed-by-a-stranger", |draft| {
        draft.header.set_text("kid", &Key::Stranger.id());
        draft.sign = |parts| Key::Stranger.sign(parts.as_bytes());
    }),
    ("signed-by-a-stranger-under-our-kid", |draft| draft.sign = |parts| Key::Stranger.sign(parts.as_bytes())),
    ("signed-by-the-other-key", |draft| draft.sign = |parts| Key::Spare.sign(parts.as_bytes())),
    ("signature-empty", |draft| draft.sign = |_| Vec::new()),
    ("signature-of-zeros", |draft| draft.sign = |_| vec![0; 64]),
    // What a key that is the neutral element would take for any text.
    ("signature-of-the-neutral-element", |draft| {
        draft.sign = |_| {
            let mut signature = vec![0; 64];
            signature.iter_mut().take(1).for_each(|byte| *byte = 1);
            signature
        };
    }),
    ("signature-of-63-bytes", |draft| draft.sign = |parts| good(parts).into_iter().take(63).collect()),
    ("signature-of-65-bytes", |draft| draft.sign = |parts| [good(parts), vec![0]].concat()),
    ("signature-twice", |draft| draft.sign = |parts| [good(parts), good(parts)].concat()),
    ("signature-malleated", |draft| draft.sign = |parts| malleated(good(parts))),
    ("signature-halves-swapped", |draft| {
        draft.sign = |parts| {
            let mut signature = good(parts);
            signature.rotate_left(32);
            signature
        };
    }),
    ("signature-in-hex", |draft| {
        draft.sign = |parts| good(parts).iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
    }),
    ("signature-encoded-twice", |draft| draft.sign = |parts| encoded(&good(parts)).into()),
    ("signature-of-another-lease", |draft| draft.sign = |parts| good(&format!("{parts}A"))),
    ("signature-of-the-claims-alone", |draft| {
        draft.sign = |parts| good(parts.split_once('.').map_or("", |(_, claims)| claims));
    }),
    ("signature-of-the-hash", |draft| {
        draft.sign = |parts| Key::Trusted.sign(ring::digest::digest(&ring::digest::SHA512, parts.as_bytes()).as_ref());
    }),
    ("signature-without-the-dot", |draft| draft.sign = |parts| good(&parts.replace('.', ""))),
];
