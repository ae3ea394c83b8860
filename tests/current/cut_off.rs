//! "Nothing was sent" is said only where no byte of any request was written.

use std::fs;

use serde_json::json;
use whop_license::{Api, Error};

use crate::support::authority::Authority;
use crate::support::workshop::Workshop;
use crate::support::{Act, DEVICE, Peer, Reads, Script, Stored, answer, entitled, failure, status_of_error};

/// Says this, and closes, so that the next request needs a connection.
fn say(bytes: String) -> Act {
    Act::SendAndClose(bytes)
}

fn free() -> Act {
    say(answer(200, &Stored::new("K", json!({})).shown().to_string()))
}

fn ours() -> Act {
    say(entitled(Api::Current, "K"))
}

fn not_found() -> Act {
    say(failure(404, "Membership not found"))
}

/// What a check ends with, over TLS, where these are answered and nobody is there for the next request.
fn cut_off_after(acts: &[Act]) -> Error {
    let (authority, workshop) = (Authority::new(), Workshop::new());
    let ca_file = workshop.path("ca.pem");
    fs::write(&ca_file, authority.pem()).unwrap();
    // Over TLS, what is gone before the handshake was sent nothing.
    let gone = Act::Play(Script { reads: Reads::Nothing, ..Script::default() });
    let peer = Peer::start_tls([acts, &[gone]].concat(), authority.server(&["localhost"]));
    let mut settings = peer.client_of(Api::Current);
    settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(ca_file.to_str().unwrap()).proxy("");
    let error = settings.build().unwrap().validate_license("K", DEVICE).unwrap_err();
    // All of the retries are used, one of them perhaps on the connection that is about to be closed.
    let tries = peer.connections() - acts.len();
    assert!(tries == 3 || tries == 2 && !acts.is_empty(), "{tries}: {error}");
    error
}

#[test]
fn server_that_is_gone_before_the_first_request_was_sent_nothing() {
    let error = cut_off_after(&[]);
    assert_eq!(status_of_error(&error), 300, "{error}");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
}

#[test]
fn server_that_is_gone_before_a_later_request_was_sent_something() {
    for acts in [&[free()][..], &[free(), ours()], &[not_found()]] {
        let error = cut_off_after(acts);
        assert_eq!(status_of_error(&error), 301, "after {} answers: {error}", acts.len());
        assert!(!error.to_string().contains("nothing was sent"), "{error}");
    }
}
