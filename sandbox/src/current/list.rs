//! Memberships are listed, page by page, the newest first.

use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use serde_json::{Value, json};

use crate::api_keys::ApiKey;
use crate::current::Error;
use crate::current::membership;
use crate::current::version::Version;
use crate::membership::Membership;
use crate::state::App;

const MOST: usize = 100;
/// Where a request does not say: Whop's own number is not known.
const UNSAID: usize = 20;

/// Which part of the list is asked for. Cursors are membership ids.
#[derive(Debug, Default)]
struct Page {
    first: Option<usize>,
    after: Option<String>,
    last: Option<usize>,
    before: Option<String>,
}

/// `GET /api/v1/memberships`
pub async fn list(
    State(app): State<App>,
    Extension(key): Extension<ApiKey>,
    Extension(version): Extension<Version>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Error> {
    let page = Page::parse(&query.unwrap_or_default())?;
    let store = app.store();
    let all: Vec<&Membership> = store.memberships.iter().rev().filter(|_| key != ApiKey::Foreign).collect();
    let (from, to) = page.range(&all)?;
    let shown = all.get(from..to).unwrap_or_default();
    let data: Vec<Value> = shown.iter().map(|membership| membership::body(membership, &store, key, version)).collect();
    let page_info = json!({
        "start_cursor": shown.first().map(|membership| &membership.id),
        "end_cursor": shown.last().map(|membership| &membership.id),
        "has_previous_page": from > 0,
        "has_next_page": to < all.len(),
    });
    Ok(Json(json!({ "data": data, "page_info": page_info })))
}

impl Page {
    /// Other parameters, such as a license key to filter by, are not known to Whop and ignored.
    fn parse(query: &str) -> Result<Self, Error> {
        let mut page = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "first" => page.first = Some(count(&name, &value)?),
                "last" => page.last = Some(count(&name, &value)?),
                "after" => page.after = Some(value.into_owned()),
                "before" => page.before = Some(value.into_owned()),
                _ => {}
            }
        }
        Ok(page)
    }

    /// Where the part begins, and where it has ended.
    fn range(&self, all: &[&Membership]) -> Result<(usize, usize), Error> {
        let place = |name: &str, cursor: &Option<String>| match cursor {
            None => Ok(None),
            Some(id) => match all.iter().position(|membership| membership.id == *id) {
                Some(place) => Ok(Some(place)),
                None => Err(Error::invalid(name, format!("{name} is no cursor of this list."))),
            },
        };
        let from = place("after", &self.after)?.map_or(0, |place| place + 1);
        let to = place("before", &self.before)?.unwrap_or(all.len()).max(from);
        Ok(match (self.first, self.last) {
            (None, Some(last)) => (to.saturating_sub(last).max(from), to),
            (first, _) => (from, to.min(from + first.unwrap_or(UNSAID))),
        })
    }
}

fn count(name: &str, value: &str) -> Result<usize, Error> {
    let count = value.parse().ok().filter(|count| (1..=MOST).contains(count));
    count.ok_or_else(|| Error::invalid(name, format!("{name} must be a number from 1 to {MOST}.")))
}
