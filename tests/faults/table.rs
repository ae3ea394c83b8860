//! Every fault, with the status that a call ends with.

use std::time::Duration;

use crate::support::{Act, Reads, Script, Then, answer};

/// What goes wrong in place of one answer.
pub struct Fault {
    pub name: &'static str,
    pub act: Act,
    /// The status that a call ends with whose every request, from one of them on, meets this.
    pub status: i32,
}

const OK: i32 = 0;
const REJECTED: i32 = 203;
const NO_ANSWER: i32 = 301;
const BAD_RESPONSE: i32 = 304;

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
fn headers(headers: &str, good: &str) -> Act {
    send(format!("HTTP/1.1 201 Created\r\n{headers}\r\n{good}"))
}

/// A good body with more behind its last field.
fn more(good: &str, fields: &str) -> String {
    format!("{},{fields}", good.strip_suffix('}').unwrap())
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
pub fn connections(body: &str) -> Vec<Fault> {
    let good = answer(201, body);
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
            headers("Content-Length: 28\r\nTransfer-Encoding: chunked\r\n", body),
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

pub fn all(body: &str) -> Vec<Fault> {
    [connections(body), framing(body), bodies(body)].into_iter().flatten().collect()
}

/// Headers and framing.
pub fn framing(body: &str) -> Vec<Fault> {
    let (good, length) = (answer(201, body), body.len());
    vec![
        fault("not HTTP", send("SSH-2.0-OpenSSH_9.2\r\n\r\n"), BAD_RESPONSE),
        fault("HTTP/2", send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), BAD_RESPONSE),
        fault("status 000", send("HTTP/1.1 000 Nothing\r\n\r\n"), BAD_RESPONSE),
        fault("status 999", Act::Send(answer(999, body)), BAD_RESPONSE),
        fault("204 without a body", send("HTTP/1.1 204 No Content\r\n\r\n"), BAD_RESPONSE),
        fault("no length, whole", Act::SendAndClose(format!("HTTP/1.1 201 Created\r\n\r\n{body}")), OK),
        fault(
            "no length, cut off",
            Act::SendAndClose("HTTP/1.1 201 Created\r\n\r\n{\"valid\":tr".into()),
            BAD_RESPONSE,
        ),
        fault(
            "two lengths that differ",
            headers(&format!("Content-Length: {length}\r\nContent-Length: 27\r\n"), body),
            BAD_RESPONSE,
        ),
        fault("length that is negative", headers("Content-Length: -1\r\n", body), BAD_RESPONSE),
        fault("length that overflows", headers("Content-Length: 99999999999999999999\r\n", body), BAD_RESPONSE),
        fault("good chunks", chunked(&format!("{length:x}\r\n{body}\r\n0\r\n\r\n"), Then::Keep), OK),
        fault("chunk size that is no number", chunked("xyz\r\n{}\r\n0\r\n\r\n", Then::Keep), BAD_RESPONSE),
        fault("chunk size that overflows", chunked("fffffffffffffffff\r\n{}\r\n", Then::Keep), BAD_RESPONSE),
        fault("chunk that ends early", chunked("ff\r\n{\"valid\":true}\r\n", Then::Close), NO_ANSWER),
        fault("chunks without an end", chunked(&format!("{length:x}\r\n{body}\r\n"), Then::Close), NO_ANSWER),
        fault("200 kB of headers", headers(&format!("X: {}\r\n", "x".repeat(200_000)), body), BAD_RESPONSE),
        fault("10,000 headers", headers(&"X: y\r\n".repeat(10_000), body), BAD_RESPONSE),
        fault("a NUL in a header", headers(&format!("X: a\0b\r\nContent-Length: {length}\r\n"), body), BAD_RESPONSE),
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
pub fn bodies(good: &str) -> Vec<Fault> {
    let deep = "[".repeat(100_000);
    vec![
        fault("empty", body(""), BAD_RESPONSE),
        fault("3 MB", body(&more(good, &format!("\"x\":\"{}\"}}", "x".repeat(3_000_000)))), BAD_RESPONSE),
        fault("a NUL in a string", raw(more(good, "\"x\":\"a\0b\"}").as_bytes()), BAD_RESPONSE),
        fault("a NUL behind the JSON", raw(format!("{good}\0").as_bytes()), BAD_RESPONSE),
        fault("invalid UTF-8", raw(&[more(good, "\"x\":\"").as_bytes(), b"\xff\xfe\"}"].concat()), BAD_RESPONSE),
        fault("UTF-16", raw(b"\xff\xfe{\0}\0"), BAD_RESPONSE),
        fault("100,000 brackets", body(&deep), BAD_RESPONSE),
        fault("100,000 brackets in a field", body(&more(good, &format!("\"x\":{deep}"))), BAD_RESPONSE),
        fault("1e999", body(&more(good, r#""quantity":1e999}"#)), BAD_RESPONSE),
        fault("a field twice", body(&more(good, r#""x":1,"x":2}"#)), BAD_RESPONSE),
        fault("HTML with 200", Act::Send(answer(200, "<!doctype html><title>Welcome</title>")), BAD_RESPONSE),
        fault("an array", body("[true]"), BAD_RESPONSE),
        fault("two answers in one", Act::Send(answer(201, good).repeat(2)), OK),
    ]
}
