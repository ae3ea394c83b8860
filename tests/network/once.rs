//! With API v2, a creation reaches the server once at the most, whatever the network does.

use std::cell::Cell;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use whop_license::Api;

use crate::support::authority::Authority;
use crate::support::{Act, Peer, Reads, Script, Then, answer, plan};

/// Answers to be cut off, dripped or left out.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let status =
        prop::sample::select(vec![100, 102, 200, 201, 204, 301, 307, 400, 401, 404, 408, 425, 429, 500, 502, 503, 504]);
    let body = prop::sample::select(vec!["", "{}", r#"{"id":"plan_1"}"#, "<html>", "{\"id\":"]);
    let well_formed = (status, body).prop_map(|(status, body)| answer(status, body).into_bytes());
    let waiting = Just(b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nConnection: close\r\n\r\n".to_vec());
    prop_oneof![6 => well_formed, 1 => waiting, 1 => prop::collection::vec(any::<u8>(), 0..64)]
}

fn acts() -> impl Strategy<Value = Act> {
    let reads = prop::sample::select(vec![Reads::Nothing, Reads::Head, Reads::All]);
    let then =
        prop_oneof![4 => Just(Then::Close), 4 => Just(Then::Reset), 2 => Just(Then::Keep), 1 => Just(Then::StayMute)];
    let part = prop_oneof![Just(None), any::<Index>().prop_map(Some)];
    (reads, answers(), part, then).prop_map(|(reads, mut sends, part, then)| {
        if let Some(part) = part {
            sends.truncate(part.index(sends.len() + 1));
        }
        Act::Play(Script { reads, sends, then, ..Script::default() })
    })
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// One creation, over TLS or not, that meets these acts one after the other; how many connections it made.
fn create(acts: Vec<Act>, tls: Option<&(Authority, PathBuf)>) -> Result<usize, TestCaseError> {
    let peer = match tls {
        Some((authority, _)) => Peer::start_tls(acts, authority.server(&["localhost"])),
        None => Peer::start(acts),
    };
    let mut settings = peer.client_of(Api::V2);
    if let Some((_, ca_file)) = tls {
        settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(ca_file.to_str().unwrap());
    }
    let client = settings.proxy("").timeout(Duration::from_millis(250)).max_retries(10).build().unwrap();
    let _ = client.create_plan(plan());
    // Over TLS, what precedes the handshake holds no request.
    let creations = peer.seen().iter().filter(|request| tls.is_none() || request.contains("/v2/plans")).count();
    prop_assert!(creations <= 1, "{} creations", creations);
    Ok(peer.connections())
}

/// Runs so many cases; how many of them made a second attempt.
fn explore(cases: u32, seed: u64) -> usize {
    let directory = tempfile::tempdir().unwrap();
    let tls = (Authority::new(), directory.path().join("ca.pem"));
    tls.0.write_to(&tls.1);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let repeated = Cell::new(0);
    let outcome = runner.run(&(prop::collection::vec(acts(), 1..4), any::<bool>()), |(acts, is_tls)| {
        let connections = create(acts, is_tls.then_some(&tls))?;
        repeated.set(repeated.get() + usize::from(connections > 1));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    repeated.get()
}

/// `FAULTS=10000` tries more, `SEED=…` the same again.
#[test]
fn creation_reaches_the_server_once_at_the_most() {
    let seed = number("SEED").unwrap_or_else(|| fastrand::u64(..));
    let cases = number("FAULTS").unwrap_or(1000) as u32;
    println!("SEED={seed} FAULTS={cases}");
    let repeated: usize = thread::scope(|threads| {
        let explorers = [0, 1, 2, 3].map(|part| threads.spawn(move || explore(cases / 4, seed.wrapping_add(part))));
        explorers.into_iter().map(|explorer| explorer.join().unwrap()).sum()
    });
    println!("at most one creation in {cases} calls, {repeated} of which were tried again");
    assert!(repeated > 0, "nothing was ever tried again");
}
