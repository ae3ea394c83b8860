//! `Api-Version-Date`: the date by which an answer has its shape.

use axum::http::HeaderMap;

use crate::current::Error;
use crate::facts::UNDATED;

/// A date that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(&'static str);

const HEADER: &str = "api-version-date";

/// Whop knows 70. These are the ones whose shape is written down, and the first of the flat shape.
const KNOWN: [&str; 10] = [
    UNDATED,
    "2026-07-23",
    "2026-08-21",
    "2026-09-02-1",
    "2026-09-15",
    "2026-09-23",
    "2026-09-29",
    "2026-10-08",
    "2026-10-13-1",
    "2026-10-15-1",
];

impl Version {
    /// What a request asks for. The sandbox's API keys have no date of their own.
    pub fn of(headers: &HeaderMap) -> Result<Self, Error> {
        let Some(asked) = headers.get(HEADER) else { return Ok(Self(UNDATED)) };
        let known = KNOWN.into_iter().find(|known| asked == known).map(Self);
        known.ok_or_else(|| {
            let asked = String::from_utf8_lossy(asked.as_bytes());
            Error::invalid(HEADER, format!("Unknown Api-Version-Date {asked}. Known are: {}.", KNOWN.join(", ")))
        })
    }

    pub fn is_undated(self) -> bool {
        self.0 == UNDATED
    }

    pub fn date(self) -> &'static str {
        self.0
    }

    /// The date whose fields the tables tell: the first flat shape is told by a later specification.
    pub fn shape(self) -> &'static str {
        match self.0 {
            "2026-07-23" => "2026-08-21",
            date => date,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::CURRENT;

    #[test]
    fn a_date_is_read_from_the_header_alone() {
        let of =
            |date: &'static str| Version::of(&HeaderMap::from_iter([(HEADER.parse().unwrap(), date.parse().unwrap())]));

        assert_eq!(of("2026-10-13-1").unwrap().date(), "2026-10-13-1");
        assert!(Version::of(&HeaderMap::new()).unwrap().is_undated());
        for unknown in ["", "2026-10-13", "2026-10-13-1 ", "latest"] {
            assert!(of(unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn each_date_at_which_a_field_joined_is_known() {
        for object in [&CURRENT.membership, &CURRENT.plan, &CURRENT.plan_request] {
            for field in object.fields() {
                assert!(KNOWN.iter().any(|known| field.joined(known)), "{}", field.name);
            }
        }
    }
}
