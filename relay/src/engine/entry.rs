//! What is kept of a membership: what a verdict is made from and what is told, and nothing about the buyer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};
use whop_license::{Error, Membership};

use crate::store::{Kept, Stamp};

/// When Whop was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// By the own clock.
    pub at: Duration,
    /// By the machine's, which goes on where it sleeps.
    pub wall: SystemTime,
    /// In the order of all who share the store; none while that is away.
    pub stamp: Option<Stamp>,
}

/// A membership that is kept.
pub(super) struct Entry {
    /// With Whop's own names.
    json: Box<str>,
    pub asked: Asked,
    /// How long it may be used.
    pub lifetime: Duration,
    /// When Whop was last asked again for another device, in milliseconds of the own clock.
    asked_again: AtomicU64,
}

impl Asked {
    /// How long ago that was, by the clock which says more.
    pub fn age(&self, now: Duration, wall: SystemTime) -> Duration {
        now.saturating_sub(self.at).max(wall.duration_since(self.wall).unwrap_or_default())
    }
}

impl Entry {
    pub fn new(membership: &Membership, names: &[String], asked: Asked, lifetime: Duration) -> Self {
        let json = compact(membership, names).to_string().into_boxed_str();
        Self { json, asked, lifetime, asked_again: AtomicU64::new(0) }
    }

    /// What another process has kept. None if it is from the future, by more than clocks differ.
    pub fn of_kept(kept: Kept, now: Duration, wall: SystemTime, lifetime: Duration) -> Option<Self> {
        if kept.asked.duration_since(wall).is_ok_and(|ahead| ahead > CLOCKS_DIFFER) {
            return None;
        }
        let age = wall.duration_since(kept.asked).unwrap_or_default();
        let at = now.checked_sub(age).unwrap_or_default();
        let asked = Asked { at, wall: kept.asked, stamp: Some(kept.stamp) };
        Some(Self { json: kept.json.into_boxed_str(), asked, lifetime, asked_again: AtomicU64::new(0) })
    }

    /// For others to find, if they can agree on when it was asked.
    pub fn to_keep(&self) -> Option<Kept> {
        Some(Kept { stamp: self.asked.stamp?, asked: self.asked.wall, json: self.json.to_string() })
    }

    pub fn membership(&self) -> Result<Membership, Error> {
        Membership::from_json(&self.json)
    }

    /// How long it may still be used.
    pub fn left(&self, now: Duration, wall: SystemTime) -> Duration {
        self.lifetime.saturating_sub(self.asked.age(now, wall))
    }

    /// Whether Whop may be asked again because of this entry: once in so long. Notes that it is.
    pub fn ask_again(&self, now: Duration, once_in: Duration) -> Result<(), Duration> {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let now = milliseconds(now) + 1;
        let next = |last: u64| (last == 0 || now >= last + milliseconds(once_in)).then_some(now);
        match self.asked_again.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
            Ok(_) => Ok(()),
            Err(last) => Err(Duration::from_millis(last + milliseconds(once_in) - now)),
        }
    }

    #[cfg(test)]
    pub fn json(&self) -> &str {
        &self.json
    }
}

/// The fields that are used, and of the metadata the devices.
fn compact(membership: &Membership, names: &[String]) -> Value {
    let mut fields = match membership.answer().value() {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    // Whop says null where nothing is stored. One that is missing says nothing of devices, and is not made up.
    if fields.get("metadata").is_some_and(Value::is_null) {
        fields.insert("metadata".into(), Value::Object(Map::new()));
    }
    fields.retain(|name, value| FIELDS.contains(&name.as_str()) && !value.is_null());
    if let Some(Value::Object(metadata)) = fields.get_mut("metadata") {
        metadata.retain(|name, _| names.contains(name));
    }
    Value::Object(fields)
}

const FIELDS: [&str; 8] =
    ["id", "status", "product_id", "plan_id", "expires_at", "current_period_end", "cancel_at_period_end", "metadata"];
/// The relay says nothing when its clock is further from Whop's.
const CLOCKS_DIFFER: Duration = Duration::from_secs(10 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked { at: Duration::from_secs(100), wall: SystemTime::UNIX_EPOCH, stamp: None }
    }

    fn entry(json: &str) -> Entry {
        let membership = Membership::from_json(json).unwrap();
        Entry::new(&membership, &["hwid".into(), "hwid_2".into()], asked(), Duration::from_secs(60))
    }

    #[test]
    fn what_is_kept_tells_nothing_of_the_buyer_and_no_license_key() {
        let kept = entry(
            r#"{"id":"mem_1","license_key":"KEY","status":"active","product_id":"prod_1","user_id":"user_1","plan_id":null,
                "phone_number":"555","metadata":{"hwid":"a","hwid_2":"b","note":"VIP"},"cancel_at_period_end":false}"#,
        );
        let expected = serde_json::json!({"id": "mem_1", "status": "active", "product_id": "prod_1",
            "metadata": {"hwid": "a", "hwid_2": "b"}, "cancel_at_period_end": false});
        assert_eq!(serde_json::from_str::<Value>(kept.json()).unwrap(), expected);
    }

    #[test]
    fn metadata_that_is_null_is_kept_as_empty_and_one_that_is_missing_is_not_made_up() {
        assert_eq!(entry(r#"{"id":"mem_1","metadata":null}"#).json(), r#"{"id":"mem_1","metadata":{}}"#);
        assert_eq!(entry(r#"{"id":"mem_1"}"#).json(), r#"{"id":"mem_1"}"#);
        assert_eq!(entry(r#"{"id":"mem_1","metadata":"x"}"#).json(), r#"{"id":"mem_1","metadata":"x"}"#);
    }

    #[test]
    fn it_is_as_old_as_the_clock_says_that_says_more() {
        let kept = entry("{}");
        let wall = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let left = |now, seconds| kept.left(Duration::from_secs(now), wall(seconds)).as_secs();
        assert_eq!([left(100, 0), left(130, 0), left(100, 30), left(161, 0), left(100, 61)], [60, 30, 30, 0, 0]);
    }

    #[test]
    fn it_is_asked_again_once_in_a_time() {
        let (kept, once_in) = (entry("{}"), Duration::from_secs(10));
        let again = |seconds| kept.ask_again(Duration::from_secs(seconds), once_in).is_ok();
        assert_eq!([again(100), again(105), again(109), again(110), again(111)], [true, false, false, true, false]);
    }
}
