//! API keys: what each may do.

use std::fmt::Display;

use axum::http::{HeaderMap, header};

/// An API key that the sandbox knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApiKey {
    /// Every right.
    Full,
    /// Reads memberships and plans, and changes nothing.
    Read,
    /// Validates a license over API v2, nothing else.
    Validate,
    /// Known, and without a right.
    Nothing,
    /// Whop has revoked it.
    Revoked,
    /// A good key of another company, which has no memberships and no products.
    Foreign,
}

/// What an endpoint asks of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    ReadMemberships,
    ManageMemberships,
    ReadPlans,
    CreatePlans,
    /// API v2 alone has it.
    ValidateLicenses,
}

impl ApiKey {
    /// Every one.
    pub const ALL: [Self; 6] = [Self::Full, Self::Read, Self::Validate, Self::Nothing, Self::Revoked, Self::Foreign];

    /// How it ends.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Read => "read",
            Self::Validate => "validate",
            Self::Nothing => "none",
            Self::Revoked => "revoked",
            Self::Foreign => "foreign",
        }
    }

    /// Its rights, in a few words.
    pub fn may(self) -> &'static str {
        match self {
            Self::Full => "every right",
            Self::Read => "may read memberships and plans, and change nothing",
            Self::Validate => "may validate licenses over v2, nothing else",
            Self::Nothing => "known, but without a right: 403",
            Self::Revoked => "revoked: 404 for everything, over v2 401",
            Self::Foreign => "of another company: 404 for everything, and an empty list",
        }
    }

    /// The key itself, of the sandbox on this port.
    pub fn text(self, port: impl Display) -> String {
        text(port, self.name())
    }

    pub(crate) fn holds(self, right: Right) -> bool {
        match self {
            Self::Full | Self::Foreign => true,
            Self::Read => matches!(right, Right::ReadMemberships | Right::ReadPlans),
            Self::Validate => right == Right::ValidateLicenses,
            Self::Nothing | Self::Revoked => false,
        }
    }

    /// The key that a request carries, if it is one of ours.
    pub(crate) fn of(headers: &HeaderMap, port: u16) -> Option<Self> {
        let bearer = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        Self::ALL.into_iter().find(|key| bearer == key.text(port))
    }
}

impl Right {
    /// As Whop calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadMemberships => "member:basic:read",
            Self::ManageMemberships => "member:manage",
            Self::ReadPlans => "plan:basic:read",
            Self::CreatePlans => "plan:create",
            Self::ValidateLicenses => "Membership/Validate License",
        }
    }
}

/// The port is in the key, so that a client knows where to send it.
pub fn text(port: impl Display, name: &str) -> String {
    format!("sandbox_{port}_{name}")
}
