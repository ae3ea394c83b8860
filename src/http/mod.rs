//! One POST: its limits, its retries, and whether anything was sent. Nothing outside this folder names ureq.

mod agents;
mod base_url;
mod cause;
mod connect;
mod deadline;
mod place;
mod proxy;
mod resolver;
mod roots;
mod settings;
mod socks;
mod stream;
mod tcp;
mod tls;
mod tunnel;

pub(crate) use base_url::{BaseUrl, leads_to_sandbox};
pub(crate) use proxy::Proxy;
pub(crate) use roots::Roots;
pub(crate) use settings::Settings;

use std::io::Read;
use std::num::IntErrorKind;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};
use std::{ptr, thread};

use secrecy::ExposeSecret;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use ureq::{Agent, SendBody, Timeout};

use self::agents::Agents;
use self::cause::cause;
use crate::answer::Answer;
use crate::error::Error;
use crate::memory::has_room_for_json;
use crate::sys::PerProcess;

/// When a request may go out a second time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The request changes nothing when it arrives twice.
    Harmless,
    /// The request must not arrive twice.
    WhileNothingWasSent,
}

/// The way to Whop.
pub(crate) struct Http {
    settings: Settings,
    proxy: Result<Option<ureq::Proxy>, Error>,
    /// After a fork, a connection that parent and child share would bring the one the other's answer.
    agents: PerProcess<Agents>,
}

impl Http {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { proxy: settings.proxy(), settings, agents: PerProcess::new() }
    }

    pub(crate) fn api_key(&self) -> &str {
        self.settings.api_key.expose_secret()
    }

    /// Posts the JSON and reads the answer, whatever its status, within the whole-call deadline.
    pub(crate) fn post(&self, path: &str, json: &str, repeat: Repeat) -> Result<Answer, Error> {
        let deadline = Instant::now() + self.settings.timeout;
        let mut retries_left = self.settings.max_retries;
        let proxy = self.proxy.as_ref().map_err(Clone::clone)?;
        let Agents { kept, has_kept, fresh } = self.agents.get_or_init(|| Agents::new(&self.settings, proxy.clone()));
        let mut agent = if repeat == Repeat::Harmless && retries_left > 0 { kept } else { fresh };
        let mut longest_pause = FIRST_PAUSE;
        let mut sent = false;
        loop {
            let outcome = match self.send(agent, path, json, deadline) {
                // A try before this one was sent, so "nothing was sent" would be wrong.
                Err(Error::Unreachable { cause }) if sent => Err(Error::NoAnswer { cause }),
                outcome => outcome,
            };
            sent |= !matches!(outcome, Err(Error::Unreachable { .. }));
            // A kept connection that turns out to be gone says nothing of the server.
            let had_kept = ptr::eq(agent, kept) && has_kept.swap(outcome.is_ok(), Ordering::Relaxed);
            let is_gone = had_kept && matches!(outcome, Err(Error::NoAnswer { .. }));
            let pause = match is_gone {
                true => Duration::ZERO,
                false => asked_pause(&outcome).max(jitter(longest_pause)),
            };
            if retries_left == 0 || !may_help(&outcome, repeat) || Instant::now() + pause >= deadline {
                return outcome;
            }
            thread::sleep(pause);
            retries_left -= 1;
            longest_pause *= 2;
            agent = fresh;
        }
    }

    fn send(&self, agent: &Agent, path: &str, json: &str, deadline: Instant) -> Result<Answer, Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        let mut body = Outgoing { bytes: json.as_bytes(), sent: false };
        let response = agent
            .post(format!("{}{path}", self.settings.base_url))
            .config()
            .timeout_global(Some(left))
            .build()
            .header(AUTHORIZATION, self.settings.bearer()?)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_LENGTH, json.len())
            .send(SendBody::from_reader(&mut body));
        let sent = body.sent;
        let mut response = response.map_err(|error| self.failure(error, sent))?;
        let bytes = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        let bytes = bytes.map_err(|error| self.failure(error, sent))?;
        if !has_room_for_json(bytes.len()) {
            return Err(Error::NoAnswer { cause: "not enough memory for the answer".into() });
        }
        Ok(Answer::new(response.status().as_u16(), retry_after(response.headers()), bytes))
    }

    fn failure(&self, error: ureq::Error, sent: bool) -> Error {
        let cause = match &error {
            ureq::Error::Timeout(Timeout::Resolve) => {
                format!("its name was not found within {} ms", self.settings.timeout.as_millis())
            }
            ureq::Error::Timeout(_) => format!("no answer within {} ms", self.settings.timeout.as_millis()),
            ureq::Error::BodyExceedsLimit(_) => format!("the answer is longer than {} KiB", MAX_ANSWER / 1024),
            other => cause(other),
        };
        match error {
            _ if !sent => Error::Unreachable { cause: format!("{}: {cause}", self.route()) },
            ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) | ureq::Error::BodyExceedsLimit(_) => {
                Error::BadResponse { fault: cause, answer: None }
            }
            _ => Error::NoAnswer { cause },
        }
    }

    /// Whom a request meets: the server, behind a proxy if one is on the way.
    fn route(&self) -> String {
        let server = self.settings.base_url.place();
        match &self.proxy {
            Ok(Some(proxy)) => format!("{server} through the proxy {}:{}", proxy.host(), proxy.port()),
            _ => server.to_owned(),
        }
    }
}

/// The request body, which notes that it was read: what was not read was not sent. ureq's own errors cannot tell.
struct Outgoing<'a> {
    bytes: &'a [u8],
    sent: bool,
}

impl Read for Outgoing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.sent = true;
        self.bytes.read(buffer)
    }
}

fn may_help(outcome: &Result<Answer, Error>, repeat: Repeat) -> bool {
    match outcome {
        Err(Error::Unreachable { .. }) => true,
        Err(Error::NoAnswer { .. }) => repeat == Repeat::Harmless,
        Ok(answer) => repeat == Repeat::Harmless && matches!(answer.http_status(), 502..=504),
        Err(_) => false,
    }
}

fn asked_pause(outcome: &Result<Answer, Error>) -> Duration {
    outcome.as_ref().ok().and_then(Answer::retry_after).unwrap_or_default()
}

/// Any part of a pause, so that clients which failed together do not come back together.
fn jitter(longest: Duration) -> Duration {
    longest.mul_f64(fastrand::f64())
}

/// `Retry-After` in seconds or as a date, a day at the most.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => LONGEST_WAIT,
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::now()).unwrap_or_default(),
    };
    Some(wait.min(LONGEST_WAIT))
}

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);
const MAX_ANSWER: u64 = 1024 * 1024;

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
