//! So many requests in any minute, of each operation: the current API's limit.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::api_keys::ApiKey;

const WINDOW: Duration = Duration::from_secs(60);

/// What each API key has used of its allowance for each operation.
#[derive(Debug)]
pub struct RateLimit {
    limit: usize,
    recent: HashMap<(ApiKey, String), VecDeque<Instant>>,
}

impl RateLimit {
    pub fn new(limit: u32) -> Self {
        Self { limit: usize::try_from(limit).unwrap_or(usize::MAX), recent: HashMap::new() }
    }

    /// How many seconds this key must wait; `None` when the request may go on, which counts it.
    pub fn wait(&mut self, key: ApiKey, operation: String, now: Instant) -> Option<u64> {
        let recent = self.recent.entry((key, operation)).or_default();
        recent.retain(|&then| now.duration_since(then) < WINDOW);
        if recent.len() < self.limit {
            recent.push_back(now);
            return None;
        }
        let left = recent.front().map_or(WINDOW, |&oldest| WINDOW - now.duration_since(oldest));
        Some(left.as_secs() + u64::from(left.subsec_nanos() > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_when_the_oldest_request_is_a_minute_ago() {
        let (mut limit, start) = (RateLimit::new(2), Instant::now());
        let mut at = |seconds| limit.wait(ApiKey::Full, "read".to_owned(), start + Duration::from_secs(seconds));

        assert_eq!([at(0), at(30), at(48), at(59)], [None, None, Some(12), Some(1)]);
        assert_eq!([at(60), at(61), at(90)], [None, Some(29), None]);
    }

    #[test]
    fn counts_each_operation_and_each_api_key_by_itself() {
        let (mut limit, now) = (RateLimit::new(1), Instant::now());
        let mut wait = |key, operation: &str| limit.wait(key, operation.to_owned(), now);

        assert_eq!(wait(ApiKey::Full, "read"), None);
        assert_eq!(wait(ApiKey::Full, "change"), None);
        assert_eq!(wait(ApiKey::Read, "read"), None);
        assert_eq!(wait(ApiKey::Full, "read"), Some(60));
    }
}
