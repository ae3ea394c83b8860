//! Requests to Whop: their limits, their retries, and whether anything was sent. Nothing outside this folder names ureq.

mod base_url;
mod call;
mod calls;
mod cause;
mod connect;
mod connection;
mod deadline;
mod examine;
mod exchange;
mod place;
mod pool;
mod provider;
mod proxy;
mod request;
mod resolver;
mod roots;
mod sender;
mod settings;
mod socks;
mod stream;
mod tcp;
mod tls;
mod token;
mod transport;
mod tunnel;

pub(crate) use base_url::{BaseUrl, leads_to_sandbox};
pub(crate) use call::Call;
pub(crate) use calls::Calls;
pub use examine::{ProxyInUse, RouteReport};
pub(crate) use proxy::Proxy;
pub(crate) use request::{Repeat, Request};
pub(crate) use roots::Roots;
pub(crate) use settings::Settings;
pub(crate) use token::Token;

use std::num::IntErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use secrecy::ExposeSecret;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use ureq::{Agent, AsSendBody, Timeout, http};

use self::cause::cause;
use self::connect::Route;
use self::deadline::Deadline;
use self::sender::Sender;
use crate::answer::{Answer, LONGEST_WAIT};
use crate::error::Error;
use crate::memory::has_room_for_json;
use crate::sys::PerProcess;

/// The way to Whop.
pub(crate) struct Http {
    settings: Settings,
    proxy: Result<Option<ureq::Proxy>, Error>,
    /// After a fork, a connection that parent and child share would bring the one the other's answer.
    sender: PerProcess<Sender>,
    calls: Arc<Calls>,
}

impl Http {
    pub(crate) fn new(settings: Settings, calls: Arc<Calls>) -> Self {
        let proxy = settings.proxy().map(|chosen| chosen.map(|chosen| chosen.proxy));
        Self { proxy, settings, sender: PerProcess::new(), calls }
    }

    /// How the server is reached from here, step by step.
    pub(crate) fn examine(&self) -> Result<RouteReport, Error> {
        examine::examine(&self.settings, self.deadline())
    }

    pub(crate) fn api_key(&self) -> &str {
        self.settings.api_key.as_ref().map_or("", ExposeSecret::expose_secret)
    }

    /// Whether somebody else decides where requests go.
    pub(crate) fn has_proxy(&self) -> bool {
        !matches!(self.proxy, Ok(None))
    }

    /// When a call ends that begins now.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.settings.timeout
    }

    /// Does work that is canceled as one call, whatever requests are in it.
    pub(crate) fn as_one_call<T>(&self, work: impl FnOnce() -> T) -> T {
        self.calls.begin().token().run(work)
    }

    /// Begins a call: its time runs from here.
    pub(crate) fn call(&self) -> Result<Call<'_>, Error> {
        self.call_until(self.deadline())
    }

    /// Begins a call that ends by then.
    pub(crate) fn call_until(&self, deadline: Instant) -> Result<Call<'_>, Error> {
        let proxy = self.proxy.as_ref().map_err(Clone::clone)?;
        let sender = self.sender.get_or_init(|| Sender::new(&self.settings, proxy.clone()));
        Ok(Call::new(self, sender, self.calls.begin(), deadline))
    }

    fn send(&self, agent: &Agent, request: &Request<'_>, deadline: Instant) -> Result<Answer, Error> {
        let left = deadline.saturating_duration_since(Instant::now());
        let response = match request.json {
            Some(json) => agent.run(configured(agent, self.message(request, json)?, left)),
            None => agent.run(configured(agent, self.message(request, ())?, left)),
        };
        let mut response = response.map_err(|error| self.failure(error))?;
        let bytes = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        let bytes = bytes.map_err(|error| self.failure(error))?;
        if !has_room_for_json(bytes.len()) {
            return Err(Error::NoAnswer { cause: "not enough memory for the answer".into() });
        }
        let (status, headers) = (response.status().as_u16(), response.headers());
        Ok(Answer::new(status, retry_after(headers), bytes).dated(date(headers)))
    }

    fn prepare(&self, route: &Route, deadline: Instant) -> Result<(), Error> {
        let BaseUrl { is_https, .. } = self.settings.base_url;
        let (host, port) = (self.settings.base_url.host(), self.settings.base_url.port());
        exchange::begin(true);
        route.prepare(host, port, is_https, Deadline::at(deadline)).map_err(|error| self.failure(error))
    }

    fn message<B>(&self, request: &Request<'_>, body: B) -> Result<http::Request<B>, Error> {
        let mut message = http::Request::builder()
            .method(&request.method)
            .uri(format!("{}{}", self.settings.base_url, request.path))
            .header(ACCEPT, "application/json");
        if let Some(bearer) = self.settings.bearer()? {
            message = message.header(AUTHORIZATION, bearer);
        }
        for (name, value) in &request.headers {
            message = message.header(name, *value);
        }
        if request.json.is_some() {
            message = message.header(CONTENT_TYPE, "application/json");
        }
        message.body(body).map_err(|error| Error::Unreachable { cause: error.to_string() })
    }

    fn failure(&self, error: ureq::Error) -> Error {
        let cause = match &error {
            ureq::Error::Timeout(Timeout::Resolve) => {
                format!("its name was not found within {} ms", self.settings.timeout.as_millis())
            }
            ureq::Error::Timeout(_) => format!("no answer within {} ms", self.settings.timeout.as_millis()),
            ureq::Error::BodyExceedsLimit(_) => format!("the answer is longer than {} KiB", MAX_ANSWER / 1024),
            other => cause(other),
        };
        match error {
            _ if !exchange::was_written() => Error::Unreachable { cause: format!("{}: {cause}", self.route()) },
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

/// Whether the call that this thread is at was canceled.
pub(crate) fn is_canceled() -> bool {
    token::check().is_err()
}

fn configured<B: AsSendBody>(agent: &Agent, message: http::Request<B>, left: Duration) -> http::Request<B> {
    agent.configure_request(message).timeout_global(Some(left)).build()
}

fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
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

const MAX_ANSWER: u64 = 1024 * 1024;
