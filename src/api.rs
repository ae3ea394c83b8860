//! Which of Whop's APIs is spoken.

/// One of Whop's APIs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// The current one, in versions by date.
    #[default]
    Current,
    /// The one before, which Whop announced to stop on 2026-11-13: for a server of your own that speaks it.
    V2,
}
