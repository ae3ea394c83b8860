//! Times, and the clock of this machine against that of a server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::report::Report;

/// A time in Unix seconds as `2026-11-27T21:00:00Z`.
pub(super) fn in_words(unix_seconds: i64) -> String {
    let seconds = u64::try_from(unix_seconds).unwrap_or_default().min(LAST);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)).to_string()
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

const ADVICE: &str = "have the system set its clock by the network: certificates and leases are judged by it, and a relay \
                      whose clock is 300 s off signs nothing";
/// The last day that has a name.
const LAST: u64 = 253_402_300_799;
