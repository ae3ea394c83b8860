//! A membership is read, and its metadata changed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde_json::{Map, Value};

use crate::api_keys::ApiKey;
use crate::current::Error;
use crate::current::extract::{Body, Id};
use crate::current::version::Version;
use crate::current::{membership, metadata};
use crate::edge::Edge;
use crate::membership::{Fault, Membership, WAIT};
use crate::state::{App, now};
use crate::store::Store;

/// `GET /api/v1/memberships/{id}`
pub async fn read(
    State(app): State<App>,
    Extension(key): Extension<ApiKey>,
    Extension(version): Extension<Version>,
    Id(id): Id<String>,
) -> Result<Json<Value>, Error> {
    let answer = app.store().with_fault(&id).and_then(|store| answer(store, &id, key, version));
    delay(&app, &id).await;
    answer.map(Json)
}

/// `PATCH /api/v1/memberships/{id}`: changes the metadata.
pub async fn update(
    State(app): State<App>,
    Extension(key): Extension<ApiKey>,
    Extension(version): Extension<Version>,
    Id(id): Id<String>,
    Body(change): Body<Map<String, Value>>,
) -> Result<Json<Value>, Error> {
    let answer = app.store().with_fault(&id).and_then(|store| {
        change_metadata(store, &id, change, version)?;
        answer(store, &id, key, version)
    });
    delay(&app, &id).await;
    answer.map(Json)
}

fn change_metadata(store: &mut Store, id: &str, mut change: Map<String, Value>, version: Version) -> Result<(), Error> {
    let membership = store.membership_mut(id).ok_or_else(missing)?;
    let change = match change.remove("metadata") {
        Some(Value::Object(metadata)) => metadata,
        Some(_) => return Err(Error::invalid("metadata", "metadata must be an object.")),
        None => return Err(Error::refused(StatusCode::BAD_REQUEST, "There is nothing to update.")),
    };
    let metadata = metadata::changed(&membership.metadata, change, version)?;
    match membership.store_metadata(metadata, now()) {
        true => Err(Error::Edge(Edge::Dropped)),
        false => Ok(()),
    }
}

fn answer(store: &Store, id: &str, key: ApiKey, version: Version) -> Result<Value, Error> {
    let membership = store.membership(id).ok_or_else(missing)?;
    Ok(membership::body(membership, store, key, version))
}

fn missing() -> Error {
    Error::not_found("Membership")
}

impl Store {
    /// The store, unless what goes wrong with that membership does so now.
    fn with_fault(&mut self, id: &str) -> Result<&mut Self, Error> {
        match self.membership_mut(id).and_then(Membership::take_fault) {
            Some(Fault::BadRequest) => Err(Error::refused(StatusCode::BAD_REQUEST, "The request is not valid.")),
            Some(Fault::Broken) => Err(Error::broken()),
            Some(Fault::UnavailableOnce) => Err(Error::Edge(Edge::Unavailable)),
            Some(Fault::RateLimited) => Err(Error::rate_limited(WAIT.into())),
            Some(Fault::Html) => Err(Error::Edge(Edge::Page(StatusCode::OK))),
            Some(Fault::NoVerdict | Fault::Slow | Fault::Drop) | None => Ok(self),
        }
    }
}

async fn delay(app: &App, id: &str) {
    let slow = app.store().membership(id).is_some_and(|membership| membership.fault == Some(Fault::Slow));
    if slow {
        tokio::time::sleep(app.slow).await;
    }
}
