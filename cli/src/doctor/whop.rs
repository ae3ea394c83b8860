//! Whop: which of its APIs answer, and what they say of the API key.

use std::time::SystemTime;

use whop_license::{Api, Error, Membership, Verdict};

use super::report::Report;
use super::{Arguments, NO_KEY, NO_LICENSE, key, network, time};
use crate::client::ApiName;

pub(super) fn look(api_key: Option<&str>, arguments: &Arguments, report: &mut Report) {
    // Without an API key, whichever is refused with the server's time, which is all that is wanted then.
    let client_of = |api| {
        let mut builder = arguments.whop.client_with(api_key.unwrap_or(NO_KEY), &arguments.connection);
        builder.api(api).build()
    };
    let (current, v2) = match (client_of(Api::Current), client_of(Api::V2)) {
        (Ok(current), Ok(v2)) => (current, v2),
        (Err(error), _) | (_, Err(error)) => {
            report.fail("settings", error.to_string(), "correct the option");
            return report.note("Whop", "not looked at, because its address is not known");
        }
    };
    if !network::look(&current, ", which is asked in place of Whop", arguments.connection.ca_file.is_some(), report) {
        return report.note("Whop", "not looked at, because it is not reached");
    }
    let memberships = current.memberships(1);
    let answers = current_api(&memberships, report);
    let is_good = memberships.as_ref().is_ok_and(|shown| !shown.is_empty());
    let of_v2 = v2.validate_license(NO_LICENSE, r#"{"hwid":"doctor"}"#);
    api_v2(&of_v2, is_good, arguments.whop.api == ApiName::V2, report);
    if let Some(date) = date(&memberships).or_else(|| date_of_v2(&of_v2)) {
        time::compare("this server", date, report);
    }
    match api_key {
        None => report.note("API key", "not looked at: none was given (WHOP_API_KEY, --api-key-file)"),
        Some(_) if answers => key::look(&current, memberships, arguments.product.as_deref(), report),
        Some(_) => {}
    }
}

fn date(memberships: &Result<Vec<Membership>, Error>) -> Option<SystemTime> {
    match memberships {
        Ok(memberships) => memberships.first()?.answer().date(),
        Err(error) => error.answer()?.date(),
    }
}

fn date_of_v2(outcome: &Result<Verdict, Error>) -> Option<SystemTime> {
    match outcome {
        Ok(verdict) => verdict.answer().date(),
        Err(error) => error.answer()?.date(),
    }
}

/// Whether the current API answers, if not as one would like.
fn current_api(outcome: &Result<Vec<Membership>, Error>, report: &mut Report) -> bool {
    match outcome {
        Ok(_) | Err(Error::Unauthorized(_) | Error::Forbidden { .. }) => report.ok("current API", "answers"),
        // As Whop answers an API key that it has revoked.
        Err(Error::Rejected { answer, .. }) if answer.http_status() == 404 => report.ok("current API", "answers"),
        Err(error @ Error::RateLimited { .. }) => report.warn("current API", error.to_string(), "wait that long"),
        Err(error) => {
            report.fail(
                "current API",
                error.to_string(),
                "try again later; is this the address of Whop, or of the sandbox?",
            );
            return false;
        }
    }
    true
}

/// What it answered about a license that nobody has, which binds nothing. A 404 may mean the API key.
fn api_v2(outcome: &Result<Verdict, Error>, is_key_good: bool, is_wanted: bool, report: &mut Report) {
    let status = match outcome {
        Ok(_) | Err(Error::Unauthorized(_) | Error::Forbidden { .. } | Error::Rejected { .. }) => None,
        Err(Error::BadResponse { answer: Some(answer), .. }) => Some(answer.http_status()),
        Err(error) => return report.note("API v2", format!("not known: {error}")),
    };
    match status {
        None => report.note("API v2", "answers; Whop announced that it ends on 2026-11-13: use the current API"),
        Some(404) if !is_key_good => report.note("API v2", "not known: a 404, which a key that is not good gets too"),
        Some(status @ (300..400 | 404 | 410)) if is_wanted => {
            report.fail("API v2", format!("is retired ({status})"), "use the current API: leave `--api v2` out");
        }
        Some(status @ (300..400 | 404 | 410)) => {
            report.note("API v2", format!("is retired ({status}), as Whop announced: nothing to do here"));
        }
        Some(status) => report.note("API v2", format!("not known: an answer that is not Whop's ({status})")),
    }
}
