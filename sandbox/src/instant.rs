//! Times as the current API writes them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `2026-09-16T00:04:36.000Z`
pub fn iso8601(unix_seconds: i64) -> String {
    let instant = OffsetDateTime::from_unix_timestamp(unix_seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    instant.format(&Rfc3339).unwrap_or_default().replace('Z', ".000Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc_with_milliseconds() {
        assert_eq!(iso8601(1_789_517_076), "2026-09-16T00:04:36.000Z");
        assert_eq!(iso8601(i64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
