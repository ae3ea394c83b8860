//! Whop: which of its APIs answer, and what they say of the API key.

use std::time::SystemTime;

use whop_license::{Api, Client, Error, Membership};

use super::report::Report;
use super::{Arguments, key, network, time};
use crate::client::ApiName;

pub(super) fn look(api_key: Option<&str>, arguments: &Arguments, report: &mut Report) {
    // Without an API key, whichever is refused with the server's time, which is all that is wanted then.
    let client_of = |api| {
        let mut builder = arguments.whop.client_with(api_key.unwrap_or(NO_KEY), &arguments.connection);
        builder.api(api).build()
    };
    let (current, v2) = match (client_of(Api::Current), client_of(Api::V2)) {
        (Ok(current), Ok(v2)) => (current, v2),
        (Err(error), _) | (_, Err(error)) => return report.fail("settings", error.to_string(), "correct the option"),
    };
    if !network::look(&current, arguments.connection.ca_file.is_some(), report) {
        return report.note("Whop", "not looked at, because it is not reached");
    }
    let memberships = current.memberships(1);
    if let Some(date) = date(&memberships) {
        time::compare("Whop", date, report);
    }
    let answers = current_api(&memberships, report);
    api_v2(&v2, arguments.whop.api == ApiName::V2, report);
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

/// Asks for a license that nobody has, which binds nothing.
fn api_v2(client: &Client, is_wanted: bool, report: &mut Report) {
    let status = match client.validate_license(NO_LICENSE, r#"{"hwid":"doctor"}"#) {
        Ok(_) | Err(Error::Unauthorized(_) | Error::Forbidden { .. } | Error::Rejected { .. }) => None,
        Err(Error::BadResponse { answer: Some(answer), .. })
            if matches!(answer.http_status(), 300..400 | 404 | 410) =>
        {
            Some(answer.http_status())
        }
        Err(error) => return report.warn("API v2", error.to_string(), "use the current API"),
    };
    match status {
        None => report.note("API v2", "answers; Whop announced that it ends on 2026-11-13: use the current API"),
        Some(status) if is_wanted => {
            report.fail("API v2", format!("is retired ({status})"), "use the current API: leave `--api v2` out");
        }
        Some(status) => report.note("API v2", format!("is retired ({status}), as Whop announced: nothing to do here")),
    }
}

const NO_KEY: &str = "no-api-key";
const NO_LICENSE: &str = "WHOP-LICENSE-DOCTOR";
