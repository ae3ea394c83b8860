//! Verdict: what is said about a license.

use std::fmt;

use super::Membership;
use crate::answer::Answer;

/// The answer about a license. Nothing but [`Verdict::Allowed`] is a yes.
///
/// The text is one sentence for the customer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// The license entitles here, now.
    Allowed(Box<Membership>),
    /// There is no such license.
    NotFound(Answer),
    /// The license does not entitle: expired, canceled, unpaid. Its `status` says which.
    Inactive(Box<Membership>),
    /// The license is bound to another device, until it is reset. API v2 tells nothing more of it.
    DeviceMismatch(Box<Membership>),
    /// The license is of another product of the company. With API v2, if it was free, this check has bound it to this
    /// product's device id; the current API binds nothing then.
    ProductMismatch(Box<Membership>),
}

impl Verdict {
    /// Whether the customer may run the program.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// Whether this is a yes of a stored lease, since the relay could not be asked.
    pub fn is_offline(&self) -> bool {
        self.answer().is_offline()
    }

    pub(super) fn set_remark(&mut self, remark: String) {
        match self {
            Self::NotFound(answer) => answer.set_remark(remark),
            Self::Allowed(membership)
            | Self::Inactive(membership)
            | Self::DeviceMismatch(membership)
            | Self::ProductMismatch(membership) => membership.answer_mut().set_remark(remark),
        }
    }

    /// The membership, where Whop showed it.
    pub fn membership(&self) -> Option<&Membership> {
        match self {
            Self::NotFound(_) => None,
            Self::Allowed(membership)
            | Self::Inactive(membership)
            | Self::DeviceMismatch(membership)
            | Self::ProductMismatch(membership) => membership.id().is_some().then_some(membership),
        }
    }

    /// What came back.
    pub fn answer(&self) -> &Answer {
        match self {
            Self::NotFound(answer) => answer,
            Self::Allowed(membership)
            | Self::Inactive(membership)
            | Self::DeviceMismatch(membership)
            | Self::ProductMismatch(membership) => membership.answer(),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allowed(_) => "The license is valid here.",
            Self::NotFound(_) => "There is no such license: check the key for typing errors.",
            Self::Inactive(_) => "The license is not active: it has expired, was canceled or is unpaid.",
            Self::DeviceMismatch(_) => {
                "The license is in use on another device: have it reset, in your Whop dashboard or by the seller."
            }
            Self::ProductMismatch(_) => "The license is for another product.",
        })?;
        self.answer().remark().map_or(Ok(()), |remark| write!(f, " {remark}"))
    }
}

/// What a license key leads to.
#[derive(Clone, Debug)]
#[must_use]
pub enum Lookup {
    /// The membership.
    Found(Box<Membership>),
    /// There is no such license, as an API key says that is known to be good.
    NotFound(Answer),
}

/// What a membership means for this device.
#[derive(Clone, Debug)]
#[must_use]
pub enum Judgement {
    /// The verdict, with nothing left to do.
    Decided(Verdict),
    /// The license entitles, and is bound to no device yet. It is no yes before this device is bound.
    FirstUse(Box<Membership>),
}
