//! So many requests in 10 seconds, then none for 60: v2's limit.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::api_keys::ApiKey;

const WINDOW: Duration = Duration::from_secs(10);
const COOLDOWN: Duration = Duration::from_secs(60);

/// What each API key has used of its allowance.
#[derive(Debug)]
pub struct RateLimit {
    limit: usize,
    keys: HashMap<ApiKey, Usage>,
}

#[derive(Debug, Default)]
struct Usage {
    recent: VecDeque<Instant>,
    refused_until: Option<Instant>,
}

impl RateLimit {
    pub fn new(limit: u32) -> Self {
        Self { limit: usize::try_from(limit).unwrap_or(usize::MAX), keys: HashMap::new() }
    }

    /// Whether this key may make a request now. A refused request does not make the wait longer.
    pub fn admits(&mut self, key: ApiKey, now: Instant) -> bool {
        let usage = self.keys.entry(key).or_default();
        if usage.refused_until.is_some_and(|end| now < end) {
            return false;
        }
        usage.recent.retain(|&then| now.duration_since(then) < WINDOW);
        if usage.recent.len() >= self.limit {
            usage.refused_until = Some(now + COOLDOWN);
            return false;
        }
        usage.recent.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_exceeds_the_limit_for_a_minute() {
        let (mut limit, start) = (RateLimit::new(3), Instant::now());
        let mut at = |seconds| limit.admits(ApiKey::Full, start + Duration::from_secs(seconds));

        assert_eq!([at(0), at(1), at(2), at(3)], [true, true, true, false]);
        assert_eq!([at(30), at(62), at(63)], [false, false, true]);
    }

    #[test]
    fn counts_the_last_ten_seconds_only() {
        let (mut limit, start) = (RateLimit::new(2), Instant::now());
        let mut at = |seconds| limit.admits(ApiKey::Full, start + Duration::from_secs(seconds));

        assert_eq!([at(0), at(6), at(12), at(18)], [true; 4]);
    }

    #[test]
    fn counts_each_api_key_by_itself() {
        let (mut limit, now) = (RateLimit::new(1), Instant::now());

        assert!(limit.admits(ApiKey::Full, now));
        assert!(!limit.admits(ApiKey::Full, now));
        assert!(limit.admits(ApiKey::Validate, now));
    }
}
