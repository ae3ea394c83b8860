//! One call: requests that share a deadline and a number of retries.

use std::ptr;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;

use super::Http;
use super::agents::Agents;
use super::request::{Repeat, Request};
use crate::answer::Answer;
use crate::error::Error;

/// One call of the program: one request after the other, within one deadline.
pub(crate) struct Call<'a> {
    http: &'a Http,
    agents: &'a Agents,
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
    pub(super) fn new(http: &'a Http, agents: &'a Agents, deadline: Instant) -> Self {
        Self {
            http,
            agents,
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
            if !self.wait_to_repeat(request, &outcome) {
                return outcome;
            }
        }
    }

    pub fn send_once(&mut self, request: &Request<'_>) -> Result<Answer, Error> {
        let agent = self.agent(request);
        let outcome = self.http.send(agent, request, self.deadline);
        let kept = &self.agents.has_kept;
        let had_kept = ptr::eq(agent, &self.agents.kept) && kept.swap(outcome.is_ok(), Ordering::Relaxed);
        self.last = match outcome {
            Ok(_) => Last::Answered,
            Err(Error::NoAnswer { .. }) if had_kept => Last::KeptWasGone,
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

    /// Waits for the time to send the request again. False where it is not to be sent again.
    pub fn wait_to_repeat(&mut self, request: &Request<'_>, outcome: &Result<Answer, Error>) -> bool {
        let pause = match self.last {
            Last::KeptWasGone => Duration::ZERO,
            _ => asked_pause(outcome).max(jitter(self.longest_pause)),
        };
        if self.retries_left == 0 || !may_help(outcome, request.repeat) || Instant::now() + pause >= self.deadline {
            return false;
        }
        thread::sleep(pause);
        self.retries_left -= 1;
        self.longest_pause *= 2;
        true
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
    fn agent(&self, request: &Request<'_>) -> &'a Agent {
        let may_reuse = request.may_reuse && self.retries_left > 0;
        if may_reuse && self.last == Last::Answered { &self.agents.kept } else { &self.agents.fresh }
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
