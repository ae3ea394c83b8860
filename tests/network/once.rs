//! A creation reaches the server once at the most, whatever the network does.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use whop_license::PlanRequest;

use crate::support::{Act, Peer, Reads, Script, Then, answer};

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

/// `FAULTS=10000` tries more, `SEED=…` the same again.
#[test]
fn creation_reaches_the_server_once_at_the_most() {
    let seed = number("SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let cases = number("FAULTS").unwrap_or(1000) as u32;
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner.run(&prop::collection::vec(acts(), 1..4), |acts| {
        let peer = Peer::start(acts);
        let client = peer.client().timeout(Duration::from_millis(250)).max_retries(10).build().unwrap();
        let _ = client.create_plan(&PlanRequest::default());
        prop_assert!(peer.seen().len() <= 1, "{} creations", peer.seen().len());
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("SEED={seed}: {failure}"));
}
