//! What is repeated.

#![cfg(test)]

mod support;

use support::authority::Authority;
use support::{Act, Peer, Reads, Script, answer};
use whop_license::{Error, Verdict};
use whop_sandbox::{Options, Sandbox};

const DEVICE: &str = r#"{"hwid":"this-device"}"#;

#[test]
fn validation_whose_answer_was_lost_after_the_binding_was_stored_succeeds_on_repeat() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let mut settings = whop_license::Client::builder(&sandbox.api_key("validate"));
    let client = settings.max_retries(0).build().unwrap();
    assert!(matches!(client.validate_license("SANDBOX-DROP", DEVICE), Err(Error::NoAnswer { .. })));
    assert!(client.validate_license("SANDBOX-DROP", DEVICE).unwrap().is_allowed());

    let other = Sandbox::start(Options::default()).unwrap();
    let client = whop_license::Client::builder(&other.api_key("validate")).build().unwrap();
    assert!(client.validate_license("SANDBOX-DROP", DEVICE).unwrap().is_allowed());
    assert_eq!(other.requests().len(), 2, "one that was lost, one that was answered");
}

#[test]
fn validation_is_repeated_with_the_same_bytes() {
    let good = Act::Send(answer(201, r#"{"id":"mem_1","valid":true}"#));
    for lost in [
        Act::SendAndClose(String::new()),
        Act::SendAndClose(answer(502, "<html>")),
        Act::SendAndClose(answer(503, "")),
        Act::SendAndClose(answer(504, "{}")),
    ] {
        let peer = Peer::start([lost.clone(), lost, good.clone()]);
        let client = peer.client().build().unwrap();
        assert!(matches!(client.validate_license("K", DEVICE), Ok(Verdict::Allowed(_))));
        let seen = peer.seen();
        assert_eq!(seen.len(), 3);
        assert!(seen.iter().all(|request| *request == seen[0]));
    }
}

#[test]
fn request_that_was_sent_is_not_called_unreachable_when_its_repeats_are() {
    let gone = Act::Play(Script { reads: Reads::Nothing, ..Script::default() });
    for sent in [Act::SendAndClose(String::new()), Act::SendAndClose(answer(503, ""))] {
        let (authority, file) = (Authority::new(), tempfile::NamedTempFile::new().unwrap());
        authority.write_to(file.path());
        // Over TLS, what is gone before the handshake was sent nothing.
        let peer = Peer::start_tls([sent, gone.clone()], authority.server(&["localhost"]));
        let mut settings = peer.client();
        settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(file.path().to_str().unwrap());
        let outcome = settings.proxy("").build().unwrap().validate_license("K", DEVICE);
        assert!(matches!(outcome, Err(Error::NoAnswer { .. })), "{outcome:?}");
        assert_eq!(peer.connections(), 3);
    }
}
