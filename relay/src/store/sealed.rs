//! What is kept of licenses in a place that others can write to: with a code that only a relay of ours can make.

use std::time::{Duration, UNIX_EPOCH};

use ring::hmac::{HMAC_SHA256, Key, sign, verify};

use super::{Hash, Kept, Stamp};

/// Seals what is kept, and names it.
pub(super) struct Seal(Key);

impl Seal {
    pub fn new(key: [u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, &key))
    }

    /// Where it is kept. Keyed, so that nobody can look whether a license key that he guesses is among them.
    pub fn name(&self, license: Hash) -> String {
        format!("whop-relay:license:{}", hex(sign(&self.0, &license).as_ref()))
    }

    /// `STAMP:MILLISECONDS:JSON`, and the code in front of it.
    pub fn seal(&self, name: &str, kept: &Kept) -> String {
        let Stamp(stamp) = kept.stamp;
        let asked = kept.asked.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let text = format!("{stamp}:{asked}:{}", kept.json);
        format!("{}:{text}", hex(sign(&self.0, &under(name, &text)).as_ref()))
    }

    /// What was sealed under this name, and nothing else.
    pub fn open(&self, name: &str, sealed: &str) -> Option<Kept> {
        let (code, text) = sealed.split_once(':')?;
        verify(&self.0, &under(name, text), &unhex(code)?).ok()?;
        let (stamp, rest) = text.split_once(':')?;
        let (asked, json) = rest.split_once(':')?;
        let asked = UNIX_EPOCH.checked_add(Duration::from_millis(asked.parse().ok()?))?;
        Some(Kept { stamp: Stamp(stamp.parse().ok()?), asked, json: json.to_owned() })
    }
}

fn under(name: &str, text: &str) -> Vec<u8> {
    [name.as_bytes(), b"\0", text.as_bytes()].concat()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        let asked = UNIX_EPOCH + Duration::from_millis(1_790_000_000_123);
        Kept { stamp: Stamp(1_790_000_000_123_456), asked, json: r#"{"status":"active:x"}"#.into() }
    }

    #[test]
    fn what_was_sealed_is_opened_under_its_name_with_its_key_and_unchanged() {
        let (seal, other) = (Seal::new([1; 32]), Seal::new([2; 32]));
        let (name, other_name) = (seal.name([7; 32]), seal.name([8; 32]));
        let sealed = seal.seal(&name, &kept());
        assert_eq!(seal.open(&name, &sealed), Some(kept()));
        assert_eq!(seal.open(&other_name, &sealed), None);
        assert_eq!(other.open(&name, &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] ^= 1;
            assert_eq!(seal.open(&name, &String::from_utf8(changed).unwrap()), None, "{at}");
            assert_eq!(seal.open(&name, &sealed[..at]), None, "{at}");
        }
    }
}
