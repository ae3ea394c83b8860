//! A client of a sandbox of its own.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::request::Builder;
use ureq::http::{HeaderMap, Request};
use whop_sandbox::{Options, Sandbox};

pub const TIMEOUT: Duration = Duration::from_secs(10);
/// A date of the current API.
pub const DATE: &str = "2026-09-23";

pub struct Client {
    pub sandbox: Sandbox,
    agent: ureq::Agent,
}

/// A request that is being put together.
pub struct Ask<'a> {
    client: &'a Client,
    key: String,
    request: Builder,
    body: Option<Value>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn new() -> Self {
        Self::with(Options { slow: Duration::ZERO, ..Options::default() })
    }

    pub fn with(options: Options) -> Self {
        let config =
            ureq::config::Config::builder().http_status_as_error(false).max_redirects(0).timeout_global(Some(TIMEOUT));
        Self { sandbox: Sandbox::start(options).unwrap(), agent: config.build().into() }
    }

    /// Path from the root; the API key's name.
    pub fn try_send(&self, method: &str, path: &str, key: &str, body: Option<Value>) -> Result<Answer, ureq::Error> {
        let mut ask = self.ask(method, path).key(key);
        ask.body = body;
        ask.try_send()
    }

    /// A request with the full key, and what is put to it.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.sandbox.origin()));
        Ask { client: self, key: "full".to_owned(), request, body: None }
    }

    /// The same of the current API, with the date that this library sends.
    pub fn current(&self, method: &str, path: &str) -> Ask<'_> {
        self.ask(method, &format!("/api/v1{path}")).date(DATE)
    }

    /// The answer to a change of metadata over the current API.
    pub fn patch(&self, id: &str, metadata: Value) -> Answer {
        self.current("PATCH", &format!("/memberships/{id}")).json(json!({ "metadata": metadata })).send()
    }

    /// The metadata that a membership has.
    pub fn metadata(&self, id: &str) -> Value {
        self.get(&format!("/api/v2/memberships/{id}")).json()["metadata"].clone()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.try_send("GET", path, "full", None).unwrap()
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.try_send("POST", path, "full", Some(body)).unwrap()
    }

    pub fn validate(&self, id: &str, metadata: Value) -> Answer {
        self.try_validate(id, metadata).unwrap()
    }

    pub fn try_validate(&self, id: &str, metadata: Value) -> Result<Answer, ureq::Error> {
        let path = format!("/api/v2/memberships/{id}/validate_license");
        self.try_send("POST", &path, "validate", Some(json!({ "metadata": metadata })))
    }

    /// Sends the bytes as they are.
    pub fn open(&self, request: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.sandbox.port())).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.write_all(request.as_ref()).unwrap();
        stream
    }

    /// Sends the bytes as they are, and returns what comes until the server closes the connection.
    pub fn raw(&self, request: impl AsRef<[u8]>) -> String {
        let mut answer = String::new();
        self.open(request).read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Ask<'_> {
    /// The API key's name.
    pub fn key(self, name: &str) -> Self {
        Self { key: name.to_owned(), ..self }
    }

    pub fn date(mut self, date: &str) -> Self {
        self.request.headers_mut().unwrap().insert("api-version-date", date.parse().unwrap());
        self
    }

    pub fn undated(mut self) -> Self {
        self.request.headers_mut().unwrap().remove("api-version-date");
        self
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    pub fn json(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    pub fn send(self) -> Answer {
        self.try_send().unwrap()
    }

    pub fn try_send(self) -> Result<Answer, ureq::Error> {
        let key = self.client.sandbox.api_key(&self.key);
        let request = self.request.header("authorization", format!("Bearer {key}"));
        let agent = &self.client.agent;
        let mut response = match self.body {
            Some(body) => {
                agent.run(request.header("content-type", "application/json").body(body.to_string()).unwrap())?
            }
            None => agent.run(request.body(()).unwrap())?,
        };
        let text = response.body_mut().read_to_string()?;
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), text })
    }
}

impl Answer {
    /// The error of the current API: its status, type and message.
    pub fn error(&self) -> (u16, String, String) {
        let error = self.json()["error"].clone();
        let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.text)).to_owned();
        (self.status, text("type"), text("message"))
    }

    /// The names of the answer's members.
    pub fn names(&self) -> BTreeSet<String> {
        self.json().as_object().unwrap().keys().cloned().collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
