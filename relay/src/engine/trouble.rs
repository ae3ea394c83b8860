//! Why there is no membership to judge.

use std::time::Duration;

use crate::question::Later;

/// Why there is no membership to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is none, and that is proved.
    NotFound,
    /// Nothing can be said now.
    Later(Later, Duration),
}

/// When to come back if nothing tells.
pub(super) const SOON: Duration = Duration::from_secs(10);
/// When to come back if a person must do something first.
pub(super) const IN_A_MINUTE: Duration = Duration::from_secs(60);
/// The least that anyone is told to wait.
pub(super) const LEAST: Duration = Duration::from_secs(1);
