//! One call: requests that share a deadline and a number of retries.

use std::time::{Duration, Instant};

use super::Http;
use super::calls::Running;
use super::exchange;
use super::request::{Repeat, Request};
use super::sender::Sender;
use super::token::Canceled;
use crate::answer::Answer;
use crate::error::Error;

/// One call of the program: one request after the other, within one deadline.
pub(crate) struct Call<'a> {
    http: &'a Http,
    sender: &'a Sender,
    running: Running,
    deadline: Instant,
    retries_left: u32,
    longest_pause: Duration,
    /// Whether a byte of any request was written.
    sent: bool,
    /// Whether a request may have taken effect.
    may_have_worked: bool,
    last: Last,
}

/// How the last try went.
#[derive(PartialEq, Eq)]
enum Last {
    Answered,
    Failed,
    /// A kept connection was gone, which says nothing of the server.
    KeptWasGone,
}

impl<'a> Call<'a> {
    pub(super) fn new(http: &'a Http, sender: &'a Sender, running: Running, deadline: Instant) -> Self {
        Self {
            http,
            sender,
            running,
            deadline,
            retries_left: http.settings.max_retries,
            longest_pause: FIRST_PAUSE,
            sent: false,
            may_have_worked: false,
            last: Last::Answered,
        }
    }

    /// Sends a request, again where that is allowed and may help, and reads the answer, whatever its status.
    pub fn send(&mut self, request: &Request<'_>) -> Result<Answer, Error> {
        loop {
            let outcome = self.send_once(request);
            if !self.wait_to_repeat(request, &outcome)? {
                return outcome;
            }
        }
    }

    pub fn send_once(&mut self, request: &Request<'_>) -> Result<Answer, Error> {
        let token = self.running.token();
        if token.is_canceled() {
            return Err(Error::Canceled);
        }
        exchange::begin(self.may_reuse(request));
        let outcome = token.run(|| self.http.send(&self.sender.agent, request, self.deadline));
        // An answer that came nevertheless counts.
        let outcome = outcome.map_err(|error| if token.is_canceled() { Error::Canceled } else { error });
        self.last = match outcome {
            Ok(_) => Last::Answered,
            Err(Error::NoAnswer { .. }) if exchange::was_kept() => Last::KeptWasGone,
            Err(_) => Last::Failed,
        };
        self.may_have_worked |= may_have_worked(&outcome);
        match outcome {
            // What was sent before may have arrived, so "nothing was sent" would be wrong.
            Err(Error::Unreachable { cause }) if self.sent => Err(Error::NoAnswer { cause }),
            Err(error @ Error::Unreachable { .. }) => Err(error),
            outcome => {
                self.sent = true;
                outcome
            }
        }
    }

    /// Opens a connection and keeps it, unless one is kept already.
    pub fn prepare(&mut self) -> Result<(), Error> {
        let token = self.running.token();
        let outcome = token.run(|| self.http.prepare(&self.sender.route, self.deadline));
        outcome.map_err(|error| if token.is_canceled() { Error::Canceled } else { error })
    }

    /// Waits for the time to send the request again. False where it is not to be sent again.
    ///
    /// # Errors
    ///
    /// [`Error::Canceled`] if the call was canceled meanwhile.
    pub fn wait_to_repeat(&mut self, request: &Request<'_>, outcome: &Result<Answer, Error>) -> Result<bool, Error> {
        let pause = match self.last {
            Last::KeptWasGone => Duration::ZERO,
            _ => asked_pause(outcome).max(jitter(self.longest_pause)),
        };
        if self.retries_left == 0 || !may_help(outcome, request.repeat) || Instant::now() + pause >= self.deadline {
            return Ok(false);
        }
        self.running.token().pause(pause).map_err(|Canceled| Error::Canceled)?;
        self.retries_left -= 1;
        self.longest_pause *= 2;
        Ok(true)
    }

    /// Whether a request may have taken effect since the call began or was settled.
    pub fn may_have_worked(&self) -> bool {
        self.may_have_worked
    }

    /// Notes that nothing which was sent so far has taken effect.
    pub fn settle(&mut self) {
        (self.sent, self.may_have_worked) = (false, false);
    }

    /// A kept connection may be gone already: it is for a request that can be repeated, and not for the repeat.
    fn may_reuse(&self, request: &Request<'_>) -> bool {
        request.may_reuse && self.retries_left > 0 && self.last == Last::Answered
    }
}

/// Whether a request may have taken effect.
fn may_have_worked(outcome: &Result<Answer, Error>) -> bool {
    match outcome {
        Err(error) => !matches!(error, Error::Unreachable { .. } | Error::InvalidArgument { .. }),
        Ok(answer) => !matches!(answer.http_status(), 400..=408 | 410..=499),
    }
}

fn may_help(outcome: &Result<Answer, Error>, repeat: Repeat) -> bool {
    match outcome {
        Err(Error::Unreachable { .. }) => true,
        Err(Error::NoAnswer { .. }) => repeat != Repeat::WhileNothingWasSent,
        Err(_) => false,
        Ok(answer) => match answer.http_status() {
            502..=504 => matches!(repeat, Repeat::Harmless | Repeat::AlsoAfterConflict),
            409 => repeat == Repeat::AlsoAfterConflict,
            _ => false,
        },
    }
}

fn asked_pause(outcome: &Result<Answer, Error>) -> Duration {
    outcome.as_ref().ok().and_then(Answer::retry_after).unwrap_or_default()
}

/// Any part of a pause, so that clients which failed together do not come back together.
fn jitter(longest: Duration) -> Duration {
    longest.mul_f64(fastrand::f64())
}

const FIRST_PAUSE: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn pauses_are_spread_over_all_of_the_time() {
        let pauses: Vec<_> = (0..1000).map(|_| jitter(FIRST_PAUSE)).collect();
        let tenths = pauses.iter().map(|pause| pause.as_millis() * 10 / FIRST_PAUSE.as_millis());
        assert_eq!(tenths.collect::<BTreeSet<_>>(), (0..10).collect());
    }
}
