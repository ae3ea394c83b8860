//! What the API key may do, as Whop itself tells it: nothing is changed to find out.

use whop_license::{Client, Error, Membership};

use super::report::Report;

pub(super) fn look(
    client: &Client,
    memberships: Result<Vec<Membership>, Error>,
    product: Option<&str>,
    report: &mut Report,
) {
    let newest = match memberships {
        Ok(memberships) => memberships.into_iter().next(),
        Err(error) => return refused(&error, report),
    };
    if newest.is_none() {
        report.warn(
            "API key",
            "Whop shows it no membership at all",
            "it is revoked, of another company, or nothing has been sold yet: no license can be denied with it",
        );
    }
    let account = newest.as_ref().and_then(account);
    match product.or(account.as_deref()) {
        Some(resource) => rights(client, resource, report),
        None => report.note("API key", "what it may do was not looked at: give --product"),
    }
}

fn refused(error: &Error, report: &mut Report) {
    match error {
        Error::Rejected { answer, .. } if answer.http_status() == 404 => report.fail(
            "API key",
            "Whop answers as to a key that it has revoked (404)",
            "make a new one in Whop's developer settings, and give it to your server",
        ),
        error => report.fail("API key", error.to_string(), "look at the key in Whop's developer settings"),
    }
}

/// The account that a membership is of.
fn account(membership: &Membership) -> Option<String> {
    membership.answer().value()?.get("account")?.get("id")?.as_str().map(str::to_owned)
}

fn rights(client: &Client, resource: &str, report: &mut Report) {
    let granted = match client.permissions(resource, &[READ, MANAGE, CREATE]) {
        Ok(granted) => granted,
        Err(error) => return report.note("API key", format!("what it may do was not told: {error}")),
    };
    let has = |name: &str| granted.iter().any(|(granted, is)| granted == name && *is);
    if !granted.iter().any(|(_, is)| *is) {
        return report.fail(
            "API key",
            format!("Whop grants it nothing for {resource}"),
            format!("give it {READ} in Whop's developer settings; or it is of another account"),
        );
    }
    match has(READ) {
        true => report.ok("API key", format!("may look licenses up ({READ})")),
        false => report.fail("API key", format!("may not look licenses up ({READ})"), "give it that permission"),
    }
    match has(MANAGE) {
        true => report.warn(
            "API key",
            format!("this key can change memberships: it must not be shipped ({MANAGE})"),
            "keep it on a server of yours; a shipped program asks a relay and holds no key",
        ),
        false => report.note("API key", format!("may not bind a first device, nor reset ({MANAGE})")),
    }
    match has(CREATE) {
        true => report.warn(
            "API key",
            format!("this key can create plans: it must not be shipped ({CREATE})"),
            "take the permission away unless a tool of yours creates plans",
        ),
        false => report.note("API key", format!("may not create plans ({CREATE})")),
    }
}

const READ: &str = "member:basic:read";
const MANAGE: &str = "member:manage";
const CREATE: &str = "plan:create";
