//! One request: what is asked, and when it may be asked a second time.

use ureq::http::{HeaderName, Method};

/// When a request may go out a second time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The request changes nothing when it arrives twice.
    Harmless,
    /// The same, and a conflict (409) passes by itself.
    AlsoAfterConflict,
    /// The request changes nothing when it arrives twice, but any answer is taken: something else can stand in for it.
    WithoutAnswer,
    /// The request must not arrive twice.
    WhileNothingWasSent,
}

/// One request, without what all have in common.
pub(crate) struct Request<'a> {
    pub(super) method: Method,
    pub(super) path: &'a str,
    pub(super) json: Option<&'a str>,
    pub(super) headers: Vec<(HeaderName, &'a str)>,
    pub(super) repeat: Repeat,
    /// Whether a connection may be used that was kept from a request before.
    pub(super) may_reuse: bool,
}

impl<'a> Request<'a> {
    pub fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, json: None, headers: Vec::new(), repeat: Repeat::Harmless, may_reuse: true }
    }

    pub fn patch(path: &'a str, json: &'a str) -> Self {
        let repeat = Repeat::AlsoAfterConflict;
        Self { method: Method::PATCH, json: Some(json), repeat, ..Self::get(path) }
    }

    pub fn post(path: &'a str, json: &'a str, repeat: Repeat) -> Self {
        Self {
            method: Method::POST,
            json: Some(json),
            repeat,
            may_reuse: matches!(repeat, Repeat::Harmless | Repeat::WithoutAnswer),
            ..Self::get(path)
        }
    }

    pub fn at_most_once(self) -> Self {
        Self { repeat: Repeat::WhileNothingWasSent, may_reuse: false, ..self }
    }

    /// Names the version of the API, by its date.
    pub fn version_date(self, date: &'a str) -> Self {
        self.header("api-version-date", date)
    }

    /// Names this creation, so that the server takes it once.
    pub fn idempotency_key(self, key: &'a str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Adds a header, whose name is in lower case.
    pub fn header(mut self, name: &'static str, value: &'a str) -> Self {
        self.headers.push((HeaderName::from_static(name), value));
        self
    }
}
