//! Signatures that others have thought up, by the same call that verifies a lease.

use ring::signature::{ED25519, UnparsedPublicKey};

const VECTORS: &str = include_str!("ed25519.txt");

fn bytes(hex: &str) -> Vec<u8> {
    let digits = if hex == "-" { "" } else { hex };
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn signatures_are_good_or_bad_as_their_sources_say() {
    let (mut good, mut bad) = (0, 0);
    for line in VECTORS.lines().filter(|line| !line.starts_with('#')) {
        let [expected, key, signature, text, name] = line.splitn(5, ' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let key = UnparsedPublicKey::new(&ED25519, bytes(key));
        let is_good = key.verify(&bytes(text), &bytes(signature)).is_ok();
        assert_eq!(is_good, expected == "good", "{name}");
        *(if is_good { &mut good } else { &mut bad }) += 1;
    }
    assert_eq!((good, bad), (93, 63));
}
