//! What an API key may do, as Whop tells it to the key itself.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::api_keys::{ApiKey, Right};
use crate::current::Error;
use crate::current::version::Version;
use crate::membership::COMPANY;
use crate::state::App;

const RIGHTS: [Right; 4] = [Right::ReadMemberships, Right::ManageMemberships, Right::ReadPlans, Right::CreatePlans];

/// `GET /api/v1/permissions`: every known key may ask. What it does not see grants it nothing.
pub async fn list(State(app): State<App>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Json<Value>, Error> {
    let key = ApiKey::of(&headers, app.port).filter(|key| *key != ApiKey::Revoked).ok_or_else(Error::unauthorized)?;
    Version::of(&headers)?;
    let query = query.unwrap_or_default();
    let given = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let resource = given("resource_id").ok_or_else(|| Error::invalid("resource_id", "resource_id is required."))?;
    let sees = key != ApiKey::Foreign && (resource == COMPANY || app.store().product(&resource).is_some());
    let asked = given("actions");
    let is_asked = |right: &Right| asked.as_ref().is_none_or(|asked| asked.split(',').any(|name| name == right.name()));
    let rights = RIGHTS.into_iter().filter(is_asked);
    let data: Vec<_> =
        rights.map(|right| json!({ "action": right.name(), "granted": sees && key.holds(right) })).collect();
    Ok(Json(json!({ "data": data })))
}
