//! What a relay's client is told, which sends no API key and knows none.

use crate::cases::{Case, DEVICE, LICENSE_KEY, Machine, OF_ADDRESS, OF_DEVICE, OF_LICENSE_KEY, Way};
use crate::support::{Act, answer};

/// RFC 8032, section 7.1.
const PUBLIC_KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// What somebody says who answers in the relay's place: what was sent, and the address.
const ALL: &str = "KEY/0b96f4a2 KEY%2F0b96f4a2 e4f0c853 buyer.77d1ab09@example.com";

/// A creation and a reset are refused before anything is sent.
fn case(name: &'static str, act: Act, status: i32) -> Case {
    Case {
        name,
        way: Way::Relay,
        acts: vec![act],
        statuses: [status, 200, 200],
        machine: Machine::Usual,
        key: PUBLIC_KEY,
        url: "http://PEER".into(),
        proxy: "-".into(),
        license_key: LICENSE_KEY.into(),
        metadata: DEVICE,
        plan: r#"{"product_id":"prod_1"}"#,
    }
}

fn said(status: u16, said: &str) -> Act {
    Act::Send(answer(status, &format!(r#"{{"error":{{"message":"Not for {said} here"}},"lease":"{said}"}}"#)))
}

pub fn cases() -> Vec<Case> {
    [answers(), writings(), no_answers(), misplaced()].into_iter().flatten().collect()
}

fn answers() -> Vec<Case> {
    let unsigned = [200, 201, 302, 400, 404, 422].map(|status| case("not signed", said(status, ALL), 306));
    let others = [(401, 201), (403, 202), (429, 302), (500, 303), (503, 303)];
    let others = others.map(|(http, status)| case("another status", said(http, ALL), status));
    let chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n";
    let not_json = [
        answer(201, ALL),
        answer(404, &format!("<html>{ALL}")),
        answer(201, &format!(r#"{{"{ALL}":0,"{ALL}":0}}"#)),
        format!("HTTP/1.1 302 {ALL}\r\nLocation: http://{ALL}/\r\n\r\n"),
        format!("HTTP/1.1 {ALL}\r\n\r\n"),
        format!("HTTP/1.1 201 Created\r\n{ALL}\r\n\r\n"),
        format!("{chunked}{ALL}\r\n"),
    ];
    let not_json = not_json.map(|bytes| case("not JSON", Act::SendAndClose(bytes), 306));
    unsigned.into_iter().chain(others).chain(not_json).collect()
}

fn writings() -> Vec<Case> {
    let writings = OF_LICENSE_KEY.iter().chain(&OF_DEVICE).chain(&OF_ADDRESS);
    writings.map(|writing| case("in another writing", said(404, writing), 306)).collect()
}

fn no_answers() -> Vec<Case> {
    let half = format!("HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n{ALL}");
    let refusing_proxy = format!("HTTP/1.1 407 {ALL}\r\nX: {ALL}\r\n\r\n{ALL}");
    let proxied = |proxy: &str, case| Case { url: "https://relay.example".into(), proxy: proxy.into(), ..case };
    let unasked = |name, status| case(name, said(404, ALL), status);
    vec![
        case("half an answer", Act::SendAndClose(half), 301),
        Case { url: "http://NOBODY/".into(), ..unasked("nobody there", 300) },
        proxied("http://77d1ab09:91bb26fe@PEER", case("proxy that refuses", Act::SendAndClose(refusing_proxy), 300)),
        proxied("http://77d1ab09:91bb26fe@NOBODY", unasked("proxy that is gone", 300)),
        Case { machine: Machine::WithoutIdentity, metadata: "-", ..unasked("no identity", 305) },
        Case { machine: Machine::WithoutClock, statuses: [900; 3], ..unasked("a bug", 900) },
    ]
}

fn misplaced() -> Vec<Case> {
    let unsent = |name| case(name, said(404, ALL), 200);
    vec![
        Case { key: "apik_3c7e51d0", ..unsent("API key for a public key") },
        Case { url: "http://77d1ab09:91bb26fe@PEER".into(), ..unsent("password in the URL") },
        Case { license_key: LICENSE_KEY.repeat(99), ..unsent("license key without end") },
        Case { metadata: "e4f0c853", ..unsent("metadata without braces") },
        Case { metadata: r#"{"hwid":"e4f0c853","a":"5ad8e6b1"}"#, ..unsent("metadata of two pairs") },
        Case { metadata: "{\"hwid\":\"e4f0c853\u{e9}\"}", ..unsent("metadata that is not ASCII") },
        Case { metadata: r#"{"hwid":["e4f0c853"]}"#, ..unsent("metadata of another type") },
    ]
}
