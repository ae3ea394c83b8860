//! Validating a license, which binds it to the first device that asks.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::edge::Edge;
use crate::membership::{Fault, Membership, WAIT};
use crate::state::{App, now};
use crate::v2::Error;
use crate::v2::expand::{self, Expand};
use crate::v2::extract::{Body, Id};
use crate::v2::memberships;

/// `POST /api/v2/memberships/{id}/validate_license`
pub async fn validate(
    State(app): State<App>,
    Id(id): Id<String>,
    RawQuery(query): RawQuery,
    Body(body): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_MEMBERSHIP)?;
    let metadata = memberships::metadata_of(body)?;
    let slow = app.store().membership(&id).is_some_and(|membership| membership.fault == Some(Fault::Slow));
    let answer = answer(&app, &id, metadata, &expand);
    if slow {
        tokio::time::sleep(app.slow).await;
    }
    Ok((StatusCode::CREATED, Json(answer?)))
}

fn answer(app: &App, id: &str, metadata: Map<String, Value>, expand: &Expand) -> Result<Value, Error> {
    let mut store = app.store();
    check(store.membership_mut(id).ok_or_else(|| Error::no_such("Membership", id))?, metadata)?;
    memberships::answer(&store, id, expand)
}

fn check(membership: &mut Membership, metadata: Map<String, Value>) -> Result<(), Error> {
    match membership.take_fault() {
        Some(Fault::BadRequest) => Err(Error::invalid("metadata")),
        Some(Fault::Broken) => Err(Error::Broken),
        Some(Fault::UnavailableOnce) => Err(Error::Edge(Edge::Unavailable)),
        Some(Fault::RateLimited) => Err(Error::RateLimited { retry_after: Some(WAIT) }),
        Some(Fault::Html) => Err(Error::Edge(Edge::Page(StatusCode::OK))),
        Some(Fault::NoVerdict | Fault::Slow | Fault::Drop) | None => bind(membership, metadata),
    }
}

/// The first metadata is stored; from then on every pair must be the same, name, type and value, with none missing and
/// none added. Whop does not say how strict it is: what passes here passes a laxer check too.
///
/// Empty metadata neither binds nor fails, and never resets: whether Whop takes it for a reset is told both ways, so a
/// program must not rely on either.
fn bind(membership: &mut Membership, metadata: Map<String, Value>) -> Result<(), Error> {
    if metadata.is_empty() || membership.metadata == metadata {
        Ok(())
    } else if !membership.metadata.is_empty() {
        Err(Error::OtherDevice)
    } else if membership.store_metadata(metadata, now()) {
        Err(Error::Edge(Edge::Dropped))
    } else {
        Ok(())
    }
}
