//! Whom a program talks to: a sandbox, or a port that refuses.

use std::net::{Ipv4Addr, TcpListener, TcpStream};

use serde_json::{Value, json};
use whop_sandbox::{Options, Sandbox};

pub fn sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, ..Options::default() }).unwrap()
}

pub fn tls_sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, tls: true, ..Options::default() }).unwrap()
}

/// Posts JSON to a sandbox, with every right, and hands over the JSON of its answer.
pub fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Value {
    let answer = ureq::post(format!("{}{path}", sandbox.origin()))
        .config()
        .proxy(None)
        .build()
        .header("Authorization", format!("Bearer {}", sandbox.api_key("full")))
        .content_type("application/json")
        .send(body.to_string());
    let text = answer.unwrap().into_body().read_to_string().unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Buys the sandbox's plan: a new license key, bound to no device.
pub fn purchase(sandbox: &Sandbox) -> String {
    let bought = post(sandbox, "/sandbox/purchases", &json!({"plan": "plan_sandbox"}));
    bought["license_key"].as_str().unwrap().to_owned()
}

/// A port that refuses connections, and that nobody else can be given: it is this end of a connection.
pub struct RefusingPort {
    stream: TcpStream,
    _other_end: TcpListener,
}

impl RefusingPort {
    pub fn new() -> Self {
        let other_end = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let stream = TcpStream::connect(other_end.local_addr().unwrap()).unwrap();
        Self { stream, _other_end: other_end }
    }

    pub fn number(&self) -> u16 {
        self.stream.local_addr().unwrap().port()
    }
}
