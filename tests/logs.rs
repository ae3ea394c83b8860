//! What a Rust program logs while it uses the library holds no secret.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Mutex;

use support::{Act, Peer, answer};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LINES.lock().unwrap().push(record.args().to_string());
    }

    fn flush(&self) {}
}

#[test]
fn up_to_debug_the_log_holds_no_secret() {
    log::set_logger(&Log).unwrap();
    log::set_max_level(log::LevelFilter::Debug);
    let peer = Peer::start([Act::Send(answer(201, r#"{"valid":true,"email":"user@example.com"}"#))]);
    peer.client().build().unwrap().validate_license("KEY-1", r#"{"hwid":"3f0c"}"#).unwrap();

    let lines = LINES.lock().unwrap().join("\n");
    assert!(lines.contains("POST"), "nothing was logged: {lines}");
    for secret in ["apik_secret", "KEY-1", "user@example.com", "3f0c"] {
        assert!(!lines.contains(secret), "{lines}");
    }
}
