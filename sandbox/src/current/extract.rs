//! The parts of a request, refused in the current API's shape.

use axum::extract::{FromRequest, FromRequestParts, Path};

use crate::current::Error;

/// The `{id}` of the path: a membership id or a license key, decoded.
#[derive(FromRequestParts)]
#[from_request(via(Path), rejection(Error))]
pub struct Id<T>(pub T);

/// A JSON body.
#[derive(FromRequest)]
#[from_request(via(axum::Json), rejection(Error))]
pub struct Body<T>(pub T);
