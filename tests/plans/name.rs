//! Each call names its creation, so that it can be repeated: under a name that no other call has, in no process.

#![allow(unsafe_code, reason = "a fork")]

use std::collections::HashSet;
use std::thread;

use whop_license::{Api, Error};

use crate::support::{Act, Peer, Then, answer, failure, plan};

fn created() -> Act {
    Act::Send(answer(201, r#"{"id":"plan_1"}"#))
}

fn names(peer: &Peer) -> Vec<String> {
    let name = |request: &String| {
        request.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).unwrap_or_default().to_owned()
    };
    peer.seen().iter().map(name).collect()
}

#[test]
fn name_is_another_for_each_call() {
    let peer = Peer::start([created()]);
    let client = peer.client_of(Api::Current).build().unwrap();
    let other = peer.client_of(Api::Current).build().unwrap();
    thread::scope(|threads| {
        for client in [&client, &client, &other, &other] {
            threads.spawn(move || (0..100).for_each(|_| assert!(client.create_plan(plan()).is_ok())));
        }
    });
    let names = names(&peer);
    assert!(
        names.iter().all(|name| name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())),
        "{names:?}"
    );
    assert_eq!((names.len(), names.into_iter().collect::<HashSet<_>>().len()), (400, 400));
}

#[test]
fn name_is_another_in_a_forked_child() {
    let peer = Peer::start([created()]);
    let client = peer.client_of(Api::Current).build().unwrap();
    assert!(client.create_plan(plan()).is_ok());
    let mut children = Vec::new();
    for _ in 0..4 {
        // SAFETY: the child makes one call, which the library promises to work there, and exits without unwinding.
        match unsafe { libc::fork() } {
            0 => {
                let is_created = client.create_plan(plan()).is_ok();
                // SAFETY: ends the child at once.
                unsafe { libc::_exit(if is_created { 0 } else { 1 }) }
            }
            child => children.push(child),
        }
    }
    assert!(client.create_plan(plan()).is_ok());
    for child in children {
        let mut status = 0;
        // SAFETY: a child of this process, and a place to write to.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert_eq!(status, 0, "the child's creation");
    }
    let names = names(&peer);
    assert_eq!((names.len(), names.iter().collect::<HashSet<_>>().len()), (6, 6), "{names:?}");
}

#[test]
fn lost_creation_is_repeated_as_it_was() {
    let reset = Act::Play(crate::support::Script { then: Then::Reset, ..Default::default() });
    for lost in [
        Act::SendAndClose(String::new()),
        Act::SendAndClose("HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{".into()),
        reset,
        Act::SendAndClose(answer(502, "<html>")),
        Act::SendAndClose(answer(503, "")),
        Act::SendAndClose(answer(504, "")),
        Act::Send(failure(409, "A request with this key is still running")),
    ] {
        let peer = Peer::start([lost.clone(), lost.clone(), created()]);
        let client = peer.client_of(Api::Current).build().unwrap();
        assert_eq!(client.create_plan(plan()).unwrap().id(), "plan_1", "{lost:?}");
        let seen = peer.seen();
        assert!(seen.len() == 3 && seen.iter().all(|request| *request == seen[0]), "{lost:?}: the same bytes");
    }
}

#[test]
fn conflict_that_stays_leaves_it_open_whether_there_is_a_plan() {
    for retries in [0, 1, 3] {
        let peer = Peer::start([Act::Send(failure(409, "A request with this key is still running"))]);
        let client = peer.client_of(Api::Current).max_retries(retries).build().unwrap();
        let error = client.create_plan(plan()).unwrap_err();
        assert!(matches!(error, Error::NoAnswer { .. }), "{error}");
        assert!(error.to_string().contains("409"), "{error}");
        assert_eq!(peer.seen().len(), 1 + retries as usize);
    }
}

#[test]
fn refusal_after_a_try_that_may_have_arrived_does_not_say_that_there_is_no_plan() {
    for (refusal, said) in [
        (failure(400, "The key was used with another body"), "another body"),
        (failure(401, "no"), "does not accept the API key"),
        (failure(403, "no"), "lacks"),
        (failure(404, "Product not found"), "Product not found"),
        (failure(422, "no"), "refused the request (422)"),
        (failure(429, "wait"), "too many requests"),
        (failure(500, "trouble"), "trouble"),
        (answer(200, "<html>"), "web page"),
        (answer(200, "{}"), "not a plan"),
        (answer(302, ""), "302"),
    ] {
        for lost in
            [Act::SendAndClose(String::new()), Act::Send(failure(409, "running")), Act::SendAndClose(answer(503, ""))]
        {
            let peer = Peer::start([lost.clone(), Act::Send(refusal.clone())]);
            let error = peer.client_of(Api::Current).build().unwrap().create_plan(plan()).unwrap_err();
            assert!(matches!(error, Error::NoAnswer { .. }), "{lost:?} {refusal}: {error}");
            let told = error.to_string();
            assert!(told.contains("an earlier try may have created the plan") && told.contains(said), "{told}");
            assert_eq!(peer.seen().len(), 2);
        }
    }
}

#[test]
fn refusal_at_first_is_what_it_is() {
    for (status, retries) in [(400, 1), (401, 1), (422, 1), (429, 1), (500, 1)] {
        let peer = Peer::start([Act::Send(failure(status, "no")), created()]);
        let error = peer.client_of(Api::Current).build().unwrap().create_plan(plan()).unwrap_err();
        assert!(!matches!(error, Error::NoAnswer { .. }), "{status}: {error}");
        assert_eq!(peer.seen().len(), retries);
    }
}
