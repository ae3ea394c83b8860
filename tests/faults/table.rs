//! Every fault, with the status that a call ends with.

use std::time::Duration;

use crate::support::{Act, Reads, Script, Then, answer};

pub struct Fault {
    pub name: &'static str,
    pub act: Act,
    /// The status that either call ends with.
    pub status: i32,
}

const OK: i32 = 0;
const REJECTED: i32 = 203;
const NO_ANSWER: i32 = 301;
const BAD_RESPONSE: i32 = 304;

/// A body that either call is content with: for a creation, the peer makes a plan of it.
const GOOD: &str = r#"{"valid":true,"id":"mem_12"}"#;
const MINUTE: Duration = Duration::from_secs(60);

fn fault(name: &'static str, act: Act, status: i32) -> Fault {
    Fault { name, act, status }
}

fn play(reads: Reads, sends: impl Into<Vec<u8>>, then: Then) -> Act {
    Act::Play(Script { reads, sends: sends.into(), then, ..Script::default() })
}

fn send(bytes: impl Into<Vec<u8>>) -> Act {
    play(Reads::All, bytes, Then::Keep)
}

fn body(body: &str) -> Act {
    Act::Send(answer(201, body))
}

/// A good body under other headers.
fn headers(headers: &str) -> Act {
    send(format!("HTTP/1.1 201 Created\r\n{headers}\r\n{GOOD}"))
}

fn redirect(status: u16, location: &str) -> Act {
    send(format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"))
}

fn chunked(chunks: &str, then: Then) -> Act {
    play(Reads::All, format!("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"), then)
}

/// Bytes that are no text, under a right length.
fn raw(body: &[u8]) -> Act {
    send([format!("HTTP/1.1 201 Created\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat())
}

/// Silence, and connections that end. Some last until the deadline.
pub fn connections() -> Vec<Fault> {
    let good = answer(201, GOOD);
    let half_head = &good[..20];
    let half_body = &good[..good.len() - 3];
    vec![
        fault("mute", Act::StayMute, NO_ANSWER),
        fault("mute, reads nothing", play(Reads::Nothing, "", Then::StayMute), NO_ANSWER),
        fault("mute half-way through the headers", play(Reads::All, half_head, Then::StayMute), NO_ANSWER),
        fault("mute half-way through the body", play(Reads::All, half_body, Then::StayMute), NO_ANSWER),
        fault("a byte a second", Act::Drip(good.clone(), Duration::from_secs(1)), NO_ANSWER),
        fault("first byte after a minute", Act::Drip(good.clone(), MINUTE), NO_ANSWER),
        fault("100 without an end", Act::Send("HTTP/1.1 100 Continue\r\n\r\n".repeat(9)), NO_ANSWER),
        fault(
            "a length and chunks that are none",
            headers("Content-Length: 28\r\nTransfer-Encoding: chunked\r\n"),
            NO_ANSWER,
        ),
        fault("reset before the request is read", play(Reads::Nothing, "", Then::Reset), NO_ANSWER),
        fault("reset while it is read", play(Reads::Head, "", Then::Reset), NO_ANSWER),
        fault("reset after it is read", play(Reads::All, "", Then::Reset), NO_ANSWER),
        fault("closed before the request is read", play(Reads::Nothing, "", Then::Close), NO_ANSWER),
        fault("closed while it is read", play(Reads::Head, "", Then::Close), NO_ANSWER),
        fault("closed after it is read", play(Reads::All, "", Then::Close), NO_ANSWER),
        fault("closed half-way through the headers", play(Reads::All, half_head, Then::Close), NO_ANSWER),
        fault("closed half-way through the body", play(Reads::All, half_body, Then::Close), NO_ANSWER),
        fault("reset half-way through the headers", play(Reads::All, half_head, Then::Reset), NO_ANSWER),
        fault("reset half-way through the body", play(Reads::All, half_body, Then::Reset), NO_ANSWER),
        fault("closes after each answer, unannounced", Act::SendAndClose(good), OK),
        fault("answers before the body is read", play(Reads::Head, answer(413, "{}"), Then::Keep), REJECTED),
        fault("answers before anything is read", play(Reads::Nothing, answer(422, "{}"), Then::Keep), REJECTED),
    ]
}

/// Headers and framing.
pub fn framing() -> Vec<Fault> {
    let good = answer(201, GOOD);
    vec![
        fault("not HTTP", send("SSH-2.0-OpenSSH_9.2\r\n\r\n"), BAD_RESPONSE),
        fault("HTTP/2", send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), BAD_RESPONSE),
        fault("status 000", send("HTTP/1.1 000 Nothing\r\n\r\n"), BAD_RESPONSE),
        fault("status 999", Act::Send(answer(999, GOOD)), BAD_RESPONSE),
        fault("204 without a body", send("HTTP/1.1 204 No Content\r\n\r\n"), BAD_RESPONSE),
        fault("no length, whole", Act::SendAndClose(format!("HTTP/1.1 201 Created\r\n\r\n{GOOD}")), OK),
        fault(
            "no length, cut off",
            Act::SendAndClose("HTTP/1.1 201 Created\r\n\r\n{\"valid\":tr".into()),
            BAD_RESPONSE,
        ),
        fault("two lengths that differ", headers("Content-Length: 28\r\nContent-Length: 27\r\n"), BAD_RESPONSE),
        fault("length that is negative", headers("Content-Length: -1\r\n"), BAD_RESPONSE),
        fault("length that overflows", headers("Content-Length: 99999999999999999999\r\n"), BAD_RESPONSE),
        fault("good chunks", chunked(&format!("1c\r\n{GOOD}\r\n0\r\n\r\n"), Then::Keep), OK),
        fault("chunk size that is no number", chunked("xyz\r\n{}\r\n0\r\n\r\n", Then::Keep), BAD_RESPONSE),
        fault("chunk size that overflows", chunked("fffffffffffffffff\r\n{}\r\n", Then::Keep), BAD_RESPONSE),
        fault("chunk that ends early", chunked("ff\r\n{\"valid\":true}\r\n", Then::Close), NO_ANSWER),
        fault("chunks without an end", chunked(&format!("1c\r\n{GOOD}\r\n"), Then::Close), NO_ANSWER),
        fault("200 kB of headers", headers(&format!("X: {}\r\n", "x".repeat(200_000))), BAD_RESPONSE),
        fault("10,000 headers", headers(&"X: y\r\n".repeat(10_000)), BAD_RESPONSE),
        fault("a NUL in a header", headers("X: a\0b\r\nContent-Length: 28\r\n"), BAD_RESPONSE),
        fault("gzip that nobody asked for", raw(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0"), BAD_RESPONSE),
        fault("100 first", Act::Send(format!("HTTP/1.1 100 Continue\r\n\r\n{good}")), OK),
        fault("103 first", Act::Send(format!("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n{good}")), OK),
        fault("101", send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), BAD_RESPONSE),
        fault("redirect to itself", redirect(307, "/api/v2/plans"), BAD_RESPONSE),
        fault("redirect to another host", redirect(308, "https://localhost:9/"), BAD_RESPONSE),
        fault("redirect to http", redirect(302, "http://localhost:9/"), BAD_RESPONSE),
        fault("redirect to nowhere", send("HTTP/1.1 303 See Other\r\nContent-Length: 0\r\n\r\n"), BAD_RESPONSE),
    ]
}

/// Bodies.
pub fn bodies() -> Vec<Fault> {
    let deep = "[".repeat(100_000);
    vec![
        fault("empty", body(""), BAD_RESPONSE),
        fault(
            "3 MB",
            body(&format!("{{\"id\":\"mem_1\",\"valid\":true,\"x\":\"{}\"}}", "x".repeat(3_000_000))),
            BAD_RESPONSE,
        ),
        fault("a NUL in a string", raw(b"{\"id\":\"mem_1\",\"valid\":true,\"x\":\"a\0b\"}"), BAD_RESPONSE),
        fault("a NUL behind the JSON", raw(b"{\"id\":\"mem_1\",\"valid\":true}\0"), BAD_RESPONSE),
        fault("invalid UTF-8", raw(b"{\"id\":\"mem_1\",\"valid\":true,\"x\":\"\xff\xfe\"}"), BAD_RESPONSE),
        fault("UTF-16", raw(b"\xff\xfe{\0}\0"), BAD_RESPONSE),
        fault("100,000 brackets", body(&deep), BAD_RESPONSE),
        fault(
            "100,000 brackets in a field",
            body(&format!("{{\"id\":\"mem_1\",\"valid\":true,\"x\":{deep}")),
            BAD_RESPONSE,
        ),
        fault("1e999", body(r#"{"valid":true,"id":"mem_1","quantity":1e999}"#), BAD_RESPONSE),
        fault("duplicate keys", body(r#"{"valid":false,"valid":true,"id":"mem_1","id":"mem_2"}"#), BAD_RESPONSE),
        fault("HTML with 200", Act::Send(answer(200, "<!doctype html><title>Welcome</title>")), BAD_RESPONSE),
        fault("an array", body("[true]"), BAD_RESPONSE),
        fault("two answers in one", Act::Send(answer(201, GOOD).repeat(2)), OK),
    ]
}
