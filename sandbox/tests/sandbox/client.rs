//! A client of a sandbox of its own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{HeaderMap, Request};
use whop_sandbox::{Options, Sandbox};

pub const TIMEOUT: Duration = Duration::from_secs(10);

pub struct Client {
    pub sandbox: Sandbox,
    agent: ureq::Agent,
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
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.sandbox.origin()))
            .header("authorization", format!("Bearer {}", self.sandbox.api_key(key)));
        let mut response = match body {
            Some(body) => {
                let request = request.header("content-type", "application/json").body(body.to_string()).unwrap();
                self.agent.run(request)?
            }
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let text = response.body_mut().read_to_string()?;
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), text })
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
        self.try_send("POST", &path, "validate", Some(serde_json::json!({ "metadata": metadata })))
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

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}
