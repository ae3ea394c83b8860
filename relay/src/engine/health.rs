//! How the engine is: what a seller should hear of.

use std::time::Duration;

/// How the engine is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Whop has refused the API key, and has not taken it since.
    pub api_key_refused: bool,
    /// No membership could be read to prove that the API key is good, when that was needed last; or the one that
    /// `--control` names could not.
    pub control_failing: bool,
    /// The shared store is away: first uses wait.
    pub store_away: bool,
    /// The own clock is more than five minutes from Whop's, or Whop has answered without a time: nothing is said.
    pub clock_wrong: bool,
    /// How long Whop is not to be asked, after a 429.
    pub cooldown: Option<Duration>,
}

impl Health {
    /// Whether nothing keeps customers from being served. A short cooldown is over by itself, and does not count.
    pub fn is_ready(&self) -> bool {
        let is_cooling = self.cooldown.is_some_and(|left| left > SHORT_COOLDOWN);
        !(self.api_key_refused || self.control_failing || self.store_away || self.clock_wrong || is_cooling)
    }
}

/// So long as the window of Whop's limit.
const SHORT_COOLDOWN: Duration = Duration::from_secs(60);
