//! What is repeated.

#![cfg(test)]

mod support;

use support::authority::Authority;
use support::{Act, BOTH, DEVICE, Peer, Reads, Script, answer, entitled};
use whop_license::{Api, Client, Error};
use whop_sandbox::{Options, Sandbox};

#[test]
fn validation_whose_answer_was_lost_after_the_binding_was_stored_succeeds_on_repeat() {
    // With the current API: look up, bind, look up again.
    for (api, requests) in [(Api::Current, 3), (Api::V2, 2)] {
        let settings = |sandbox: &Sandbox| Client::builder(&sandbox.api_key("full")).api(api).clone();
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let client = settings(&sandbox).max_retries(0).build().unwrap();
        assert!(matches!(client.validate_license("SANDBOX-DROP", DEVICE), Err(Error::NoAnswer { .. })), "{api:?}");
        assert!(client.validate_license("SANDBOX-DROP", DEVICE).unwrap().is_allowed());

        let other = Sandbox::start(Options::default()).unwrap();
        let client = settings(&other).build().unwrap();
        assert!(client.validate_license("SANDBOX-DROP", DEVICE).unwrap().is_allowed());
        assert_eq!(other.requests().len(), requests, "{api:?}: {:?}", other.requests());
    }
}

#[test]
fn request_is_repeated_with_the_same_bytes() {
    for api in BOTH {
        for lost in [
            Act::SendAndClose(String::new()),
            Act::SendAndClose(answer(502, "<html>")),
            Act::SendAndClose(answer(503, "")),
            Act::SendAndClose(answer(504, "{}")),
        ] {
            let peer = Peer::start([lost.clone(), lost, Act::Send(entitled(api, "K"))]);
            let client = peer.client_of(api).build().unwrap();
            assert!(client.validate_license("K", DEVICE).unwrap().is_allowed());
            let seen = peer.seen();
            assert_eq!(seen.len(), 3);
            assert!(seen.iter().all(|request| *request == seen[0]));
        }
    }
}

#[test]
fn request_that_was_sent_is_not_called_unreachable_when_its_repeats_are() {
    let gone = Act::Play(Script { reads: Reads::Nothing, ..Script::default() });
    let (authority, file) = (Authority::new(), tempfile::NamedTempFile::new().unwrap());
    authority.write_to(file.path());
    for api in BOTH {
        for sent in [Act::SendAndClose(String::new()), Act::SendAndClose(answer(503, ""))] {
            // Over TLS, what is gone before the handshake was sent nothing.
            let peer = Peer::start_tls([sent, gone.clone()], authority.server(&["localhost"]));
            let mut settings = peer.client_of(api);
            settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(file.path().to_str().unwrap());
            let outcome = settings.proxy("").build().unwrap().validate_license("K", DEVICE);
            assert!(matches!(outcome, Err(Error::NoAnswer { .. })), "{outcome:?}");
            assert_eq!(peer.connections(), 3);
        }
    }
}
