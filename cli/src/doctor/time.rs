//! Times, and the clock of this machine against that of a server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::report::Report;

/// A time in Unix seconds as `2026-11-27T21:00:00Z`, or as the number where there is no such day.
pub(super) fn in_words(unix_seconds: i64) -> String {
    match u64::try_from(unix_seconds) {
        Ok(seconds @ ..=LAST) => {
            humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
        }
        _ => format!("{unix_seconds} s since 1970"),
    }
}

/// What the clock of this machine says, in Unix seconds.
pub(super) fn now() -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => seconds(since),
        Err(before) => -seconds(before.duration()),
    }
}

/// Says how far the clock is from the time that the server of this name gave.
pub(super) fn compare(server: &str, its: SystemTime, report: &mut Report) {
    let now = SystemTime::now();
    let (by, word) = match now.duration_since(its) {
        Ok(ahead) => (ahead.as_secs(), "ahead of"),
        Err(behind) => (behind.duration().as_secs(), "behind"),
    };
    let apart = || format!("{by} s {word} that of {server}");
    match by {
        0..=10 => report.ok("clock", format!("agrees with that of {server}")),
        11..=300 => report.warn("clock", apart(), ADVICE),
        _ => report.fail("clock", apart(), ADVICE),
    }
}

pub(super) const ADVICE: &str = "have the system set its clock by the network: certificates and leases are judged by it, and a relay \
                      whose clock is 300 s off signs nothing";
/// The last day that has a name.
const LAST: u64 = 253_402_300_799;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_has_words() {
        for (time, words) in [
            (0, "1970-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (253_402_300_800, "253402300800 s since 1970"),
            (-1, "-1 s since 1970"),
            (i64::MAX, "9223372036854775807 s since 1970"),
            (i64::MIN, "-9223372036854775808 s since 1970"),
        ] {
            assert_eq!(in_words(time), words);
        }
    }
}
