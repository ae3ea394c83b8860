//! `doctor` where the network, a proxy, a certificate or a clock is the trouble.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use whop_sandbox::{Options, Sandbox};

use crate::proxy::Proxy;
use crate::support::{closed_port, run, tool};

fn doctor(base_url: &str) -> std::process::Command {
    tool(&["doctor", "--device-id", "pc", "--timeout", "5s", "--base-url", base_url])
}

fn tls_sandbox() -> (Sandbox, String) {
    let whop = Sandbox::start(Options { tls: true, ..Options::default() }).unwrap();
    let url = format!("https://localhost:{}/api", whop.port());
    (whop, url)
}

#[test]
fn no_network_is_told_with_what_was_not_looked_at() {
    let said = run(&mut doctor("https://no-such-name.invalid/api"));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  DNS          no-such-name.invalid has no address").has("Whop         not looked at");
    said.lacks("TCP").lacks("API key");

    let said = run(&mut doctor(&format!("https://127.0.0.1:{}/api", closed_port())));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  TCP          127.0.0.1:").has("firewall").lacks("FAIL  TLS");
}

#[test]
fn certificate_is_told_with_who_issued_it() {
    let (whop, url) = tls_sandbox();
    let said = run(&mut doctor(&url));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  TLS          certificate of \"localhost\", issued by \"Whop sandbox\"").has("antivirus");

    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, whop.ca_pem().unwrap()).unwrap();
    let said = run(doctor(&url).args(["--ca-file", ca_file.to_str().unwrap()]));
    assert_eq!(said.status, 0, "{said:?}");
    said.has("ok    TLS          certificate of \"localhost\"").has("trusted by the given CA file");
    said.has("ok    current API");
}

#[test]
fn proxy_is_told_with_its_variable_and_without_its_password() {
    let (whop, url) = tls_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, whop.ca_pem().unwrap()).unwrap();
    let proxy = Proxy::to(whop.port());
    for (variable, scheme) in [("https_proxy", "http"), ("ALL_PROXY", "http")] {
        let address = format!("{scheme}://user-name:pass-word@{}", proxy.host());
        let said = run(doctor(&url).args(["--ca-file", ca_file.to_str().unwrap()]).env(variable, &address));
        assert_eq!(said.status, 0, "{said:?}");
        said.has(&format!("proxy        {}, from the variable {variable}", proxy.host())).has("ok    current API");
        said.lacks("user-name").lacks("pass-word");
    }
    let said = run(doctor(&url).env("HTTPS_PROXY", "socks4://user-name:pass-word@localhost"));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  proxy").has("HTTPS_PROXY").lacks("user-name").lacks("pass-word");

    let refusing = Proxy::answering("HTTP/1.1 407 No\r\n\r\n".into(), whop.port());
    let said = run(doctor(&url).env("https_proxy", format!("http://{}", refusing.host())));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  proxy").has("407");
}

/// Answers every request as Whop answers an unknown API key, at this time.
fn server_at(date: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/api", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let body = r#"{"error":{"type":"unauthorized","message":"The API key is not valid."}}"#;
            let head =
                format!("HTTP/1.1 401 No\r\nDate: {date}\r\nContent-Type: application/json\r\nConnection: close\r\n");
            _ = stream.read(&mut [0; 8192]);
            _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    url
}

#[test]
fn clock_that_is_off_is_told_with_how_far() {
    let said = run(&mut doctor(&server_at("Sun, 06 Nov 1994 08:49:37 GMT")));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  clock").has("s ahead of that of this server").has("set its clock");
    let said = run(&mut doctor(&server_at("Fri, 01 Jan 2100 00:00:00 GMT")));
    said.has("FAIL  clock").has("s behind that of this server");
}
