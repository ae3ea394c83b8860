//! Whether a lease is good by the clock of this machine, which its user sets.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Claims;

/// Unix seconds, by the clock of this machine.
pub(crate) fn now() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => -seconds(before.duration()),
    }
}

/// Unix milliseconds, by the clock of this machine.
pub(crate) fn now_in_milliseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_millis().try_into().unwrap_or(i64::MAX)
}

/// Whether a lease is good now, where `latest` is the latest time that was seen: else why not, in words.
pub(crate) fn check(claims: &Claims, latest: i64, now: i64) -> Result<(), String> {
    let latest = latest.max(claims.iat);
    if now >= claims.exp {
        return Err(format!("the lease ended at {}", in_words(claims.exp)));
    }
    if now < latest.saturating_sub(TOLERANCE) {
        return Err(format!(
            "the clock of this machine says {}, but it was {} already: set it right, or go online once",
            in_words(now),
            in_words(latest)
        ));
    }
    Ok(())
}

/// `2026-11-27 17:30 UTC`.
pub(crate) fn in_words(unix_seconds: i64) -> String {
    let since = Duration::from_secs(unix_seconds.clamp(0, LAST) as u64);
    let text = humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string();
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", time.get(..5).unwrap_or_default())
}

fn seconds(duration: Duration) -> i64 {
    duration.as_secs().try_into().unwrap_or(i64::MAX)
}

/// By how much a clock may be behind: a machine that starts two systems, or was set to another time zone, is wrong by hours.
const TOLERANCE: i64 = 14 * 60 * 60;
/// The end of the year 9999.
pub(super) const LAST: i64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60;
    /// 2026-11-27 17:30 UTC.
    const NOON: i64 = 1_795_800_600;

    /// With a lease of 72 hours, signed at `NOON`.
    fn said(latest: i64, now: i64) -> String {
        let claims = Claims { iat: NOON, exp: NOON + 72 * HOUR, ..Claims::default() };
        check(&claims, latest, now).err().unwrap_or_default()
    }

    #[test]
    fn lease_is_good_until_it_ends_and_not_a_second_longer() {
        for hours in [0, 1, 71] {
            assert_eq!(said(NOON, NOON + hours * HOUR), "");
        }
        assert_eq!(said(NOON, NOON + 72 * HOUR - 1), "");
        for late in [0, 1, HOUR, 100 * 365 * 24 * HOUR, i64::MAX - NOON - 72 * HOUR] {
            assert_eq!(said(NOON, NOON + 72 * HOUR + late), "the lease ended at 2026-11-30 17:30 UTC");
        }
    }

    #[test]
    fn clock_may_be_behind_by_hours_and_not_by_a_day() {
        let latest = NOON + 20 * HOUR;
        // Daylight saving, a time zone, and the most that is let pass.
        for back in [0, HOUR, 12 * HOUR, 14 * HOUR] {
            assert_eq!(said(latest, latest - back), "");
        }
        for now in [latest - 14 * HOUR - 1, latest - 24 * HOUR, 0, -1, i64::MIN] {
            assert!(said(latest, now).contains("but it was 2026-11-28 13:30 UTC already"), "{}", said(latest, now));
        }
        assert!(said(latest, 0).starts_with("the clock of this machine says 1970-01-01 00:00 UTC"));
    }

    #[test]
    fn lease_of_tomorrow_is_not_good_today() {
        assert!(said(0, NOON - 24 * HOUR).contains("already"));
        assert_eq!(said(0, NOON - 14 * HOUR), "");
    }
}
