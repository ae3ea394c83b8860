//! Validating a license, which binds it to the first device that asks.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::errors::Error;
use crate::expand::{self, Expand};
use crate::extract::{Body, Id};
use crate::fixtures::Fault;
use crate::memberships::{self, Membership};
use crate::state::App;

/// `POST /api/v2/memberships/{id}/validate_license`
pub async fn validate(
    State(app): State<App>,
    Id(id): Id<String>,
    RawQuery(query): RawQuery,
    Body(body): Body<Map<String, Value>>,
) -> Result<(StatusCode, Json<Value>), Error> {
    let expand = Expand::parse(query.as_deref(), expand::OF_MEMBERSHIP)?;
    let metadata = memberships::metadata_of(body)?;
    let slow = app.store().membership(&id)?.fault == Some(Fault::Slow);
    let answer = answer(&app, &id, metadata, &expand);
    if slow {
        tokio::time::sleep(app.slow).await;
    }
    Ok((StatusCode::CREATED, Json(answer?)))
}

fn answer(app: &App, id: &str, metadata: Map<String, Value>, expand: &Expand) -> Result<Value, Error> {
    let mut store = app.store();
    check(store.membership_mut(id)?, metadata)?;
    store.membership(id)?.body(&store, expand)
}

fn check(membership: &mut Membership, metadata: Map<String, Value>) -> Result<(), Error> {
    match membership.fault {
        Some(Fault::BadRequest) => return Err(Error::InvalidParameter("metadata")),
        Some(Fault::Broken) => return Err(Error::Broken),
        Some(Fault::UnavailableOnce) => {
            membership.fault = None;
            return Err(Error::Unavailable);
        }
        Some(Fault::RateLimited) => return Err(Error::RateLimited { retry_after: Some(7) }),
        Some(Fault::Html) => return Err(Error::Page(StatusCode::OK)),
        Some(Fault::NoValid | Fault::Slow | Fault::Drop) | None => {}
    }
    let bound_now = bind(membership, metadata)?;
    if bound_now && membership.fault == Some(Fault::Drop) { Err(Error::Dropped) } else { Ok(()) }
}

/// Says whether the license has been bound just now.
///
/// The first metadata is stored; from then on every pair must be the same, name, type and value, with none missing and
/// none added. Whop does not say how strict it is: what passes here passes a laxer check too.
///
/// Empty metadata neither binds nor fails, and never resets: whether Whop takes it for a reset is told both ways, so a
/// program must not rely on either.
fn bind(membership: &mut Membership, metadata: Map<String, Value>) -> Result<bool, Error> {
    if metadata.is_empty() {
        Ok(false)
    } else if membership.metadata.is_empty() {
        membership.metadata = metadata;
        Ok(true)
    } else if membership.metadata == metadata {
        Ok(false)
    } else {
        Err(Error::OtherDevice)
    }
}
