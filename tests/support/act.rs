//! What the peer does with a request: data, which the peer plays.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What the peer does with a request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Sends these bytes, and keeps the connection.
    Send(String),
    /// Sends these bytes, and closes the connection.
    SendAndClose(String),
    /// Sends these bytes one at a time, with a pause before each.
    Drip(String, Duration),
    /// Says nothing until the other side gives up.
    StayMute,
    /// Reads the request, and does what this says of it.
    Ask(Ask),
    /// All else.
    Play(Script),
}

/// What is to be done with a request that was read.
#[derive(Clone)]
pub struct Ask(Arc<dyn Fn(&str) -> Act + Send + Sync>);

impl Ask {
    pub fn of(&self, request: &str) -> Act {
        (self.0)(request)
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ask(..)")
    }
}

/// How much of the request is read, then what is sent, then how it ends.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub reads: Reads,
    pub sends: Vec<u8>,
    /// How long the peer waits before each byte that it sends.
    pub pace: Duration,
    pub then: Then,
}

/// How much of a request the peer takes in before it acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reads {
    /// Acts as soon as the first byte arrives.
    Nothing,
    /// The headers.
    Head,
    #[default]
    All,
}

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// It waits for the next request.
    Keep,
    /// It is closed, unannounced.
    #[default]
    Close,
    /// It is torn down: the other side gets an RST.
    Reset,
    /// It stays open and silent until the other side gives up.
    StayMute,
}

impl Act {
    pub fn ask(what: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        Self::Ask(Ask(Arc::new(what)))
    }

    pub fn script(self) -> Script {
        let script = |sends: String, then| Script { sends: sends.into_bytes(), then, ..Script::default() };
        match self {
            Self::Send(bytes) => script(bytes, Then::Keep),
            Self::SendAndClose(bytes) => script(bytes, Then::Close),
            Self::Drip(bytes, pace) => Script { pace, ..script(bytes, Then::Keep) },
            Self::StayMute => script(String::new(), Then::StayMute),
            // Until the request is read.
            Self::Ask(_) => Script::default(),
            Self::Play(script) => script,
        }
    }
}

/// An answer with the right length.
pub fn answer(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
