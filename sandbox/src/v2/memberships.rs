//! A membership is read, and its metadata replaced.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::state::{App, now};
use crate::store::Store;
use crate::v2::Error;
use crate::v2::expand::{self, Expand};
use crate::v2::extract::{Body, Id};
use crate::v2::membership;

/// The object that a request wants stored.
pub fn metadata_of(mut body: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    match body.remove("metadata") {
        Some(Value::Object(metadata)) => Ok(metadata),
        _ => Err(Error::invalid("metadata")),
    }
}

/// The answer about the membership of that id or license key.
pub fn answer(store: &Store, id: &str, expand: &Expand) -> Result<Value, Error> {
    let membership = store.membership(id).ok_or_else(|| Error::no_such("Membership", id))?;
    Ok(membership::body(membership, store, expand))
}

/// `GET /api/v2/memberships/{id}`
pub async fn read(State(app): State<App>, Id(id): Id<String>, RawQuery(query): RawQuery) -> Result<Json<Value>, Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_MEMBERSHIP)?;
    answer(&app.store(), &id, &expand).map(Json)
}

/// `POST /api/v2/memberships/{id}`: replaces the metadata. Empty metadata is how a seller resets a binding.
pub async fn update(
    State(app): State<App>,
    Id(id): Id<String>,
    RawQuery(query): RawQuery,
    Body(body): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_MEMBERSHIP)?;
    let metadata = metadata_of(body)?;
    let mut store = app.store();
    let membership = store.membership_mut(&id).ok_or_else(|| Error::no_such("Membership", &id))?;
    (membership.metadata, membership.updated_at) = (metadata, now());
    Ok((StatusCode::CREATED, Json(answer(&store, &id, &expand)?)))
}
