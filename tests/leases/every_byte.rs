//! A good lease with one thing changed, at every place where that can be.

use whop_license::lease::{Lease, PublicKeys};

use crate::table::{lease, public_keys, sandbox};

fn good() -> (String, PublicKeys) {
    let (token, keys) = (lease(&sandbox(), "good"), PublicKeys::parse(&public_keys()).unwrap());
    assert!(Lease::verify(&token, &keys).is_ok());
    (token, keys)
}

/// With what the change makes of each place.
fn assert_refused(change: impl Fn(&[u8], usize) -> Vec<Vec<u8>>) {
    let (token, keys) = good();
    let mut tried = 0;
    for place in 0..token.len() {
        for changed in change(token.as_bytes(), place) {
            // What is no text cannot stand in JSON.
            let Ok(changed) = String::from_utf8(changed) else { continue };
            assert!(changed != token && Lease::verify(&changed, &keys).is_err(), "at {place}: {changed}");
            tried += 1;
        }
    }
    assert!(tried >= token.len(), "{tried}");
}

#[test]
fn no_beginning_of_a_lease_is_one() {
    assert_refused(|token, place| vec![token[..place].to_vec()]);
}

#[test]
fn no_end_of_a_lease_is_one() {
    assert_refused(|token, place| vec![token[place + 1..].to_vec()]);
}

#[test]
fn no_bit_can_be_flipped() {
    assert_refused(|token, place| {
        let flipped = |bit: u8| {
            let mut changed = token.to_vec();
            changed[place] ^= 1 << bit;
            changed
        };
        (0..8).map(flipped).collect()
    });
}

#[test]
fn no_byte_can_be_left_out_or_put_in() {
    assert_refused(|token, place| {
        let (before, after) = token.split_at(place);
        let put_in = |byte: u8| [before, &[byte], after].concat();
        let left_out = [before, &after[1..]].concat();
        [left_out].into_iter().chain(b"A=-_./+ \n\0".iter().map(|byte| put_in(*byte))).collect()
    });
}

/// Of the last letter of a part some bits mean nothing: there is one way to write it nevertheless.
#[test]
fn no_letter_can_be_another() {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert_refused(|token, place| {
        let is_last = token.get(place + 1).is_none_or(|next| *next == b'.');
        let others = ALPHABET.iter().filter(|letter| **letter != token[place]);
        let with = |letter: &u8| {
            let mut changed = token.to_vec();
            changed[place] = *letter;
            changed
        };
        // Everywhere else, the next letter alone stands for all.
        others.take(if is_last { 64 } else { 1 }).map(with).collect()
    });
}

#[test]
fn signature_fits_no_other_lease() {
    let sandbox = sandbox();
    let (one, other) = (lease(&sandbox, "good"), lease(&sandbox, "good-for-ever"));
    let keys = PublicKeys::parse(&public_keys()).unwrap();
    let part = |token: &str, number: usize| token.split('.').nth(number).unwrap().to_owned();
    for which in 0..8 {
        let pick = |number: usize| part(if which >> number & 1 == 0 { &one } else { &other }, number);
        let mixed = [pick(0), pick(1), pick(2)].join(".");
        // The headers are the same.
        assert_eq!(Lease::verify(&mixed, &keys).is_ok(), mixed == one || mixed == other, "{which}");
    }
}
