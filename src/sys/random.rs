//! Random bytes of the system, which no fork repeats.

use ring::rand::{SecureRandom, SystemRandom};

/// So many random bytes; none if the system gives none.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes)
}
