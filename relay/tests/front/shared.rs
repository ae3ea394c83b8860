//! Relays that share a Redis.

use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use whop_relay::Relay;
use whop_relay::clock::MovedClock;
use whop_relay::settings::Source;
use whop_sandbox::Sandbox;

use crate::redis_server::RedisServer;
use crate::support::{Files, NONCE, check_url, get, post, sandbox, settings};

/// A relay that shares this Redis, once it knows that no lock of before can be lost.
fn relay(whop: &Sandbox, redis: &RedisServer, files: &Files, free_license: &str) -> Relay {
    let clock = Arc::new(MovedClock::default());
    let mut settings = settings(whop, vec![Source::File(files.path("signing-key.pem"))]);
    settings.redis = Some(redis.url().into());
    let relay = Relay::start_with(settings, clock.clone()).unwrap();
    // A Redis that has begun just now may have forgotten locks: first uses wait for as long as those are held.
    for _ in 0..10 {
        let body = r#"{"metadata":{"hwid":"my-pc"}}"#;
        match post(&check_url(relay.url(), free_license), &[], body.as_bytes()).status {
            201 => return relay,
            status => assert_eq!(status, 503),
        }
        clock.forward(Duration::from_secs(10));
    }
    panic!("the relay does not settle")
}

#[test]
fn relays_that_share_a_store_bind_one_device() {
    let (whop, redis) = (sandbox(), RedisServer::start());
    let (files, key) = Files::new(&whop);
    let relays = ["SANDBOX-TRIALING", "SANDBOX-CANCELING"].map(|free| relay(&whop, &redis, &files, free));
    let start = Barrier::new(6);
    let answered: Vec<_> = thread::scope(|scope| {
        let asked = (0..6).map(|number| {
            let (url, key, start) = (relays[number % 2].url(), &key, &start);
            scope.spawn(move || {
                let body = format!(r#"{{"metadata":{{"hwid":"pc-{number}"}}}}"#);
                let headers = [("whop-license-nonce", NONCE), ("whop-license-keys", key.id())];
                start.wait();
                post(&check_url(url, "SANDBOX-ACTIVE"), &headers, body.as_bytes()).status
            })
        });
        asked.collect::<Vec<_>>().into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(answered.iter().filter(|status| **status == 201).count(), 1, "{answered:?}");
    assert!(answered.iter().all(|status| [201, 400, 429].contains(status)), "{answered:?}");
    let bound =
        whop.requests().iter().filter(|request| request.method == "PATCH" && request.path.contains("ACTIVE")).count();
    assert_eq!(bound, 1);
}

#[test]
fn store_that_is_away_is_told() {
    let (whop, mut redis) = (sandbox(), RedisServer::start());
    let (files, key) = Files::new(&whop);
    let relay = relay(&whop, &redis, &files, "SANDBOX-TRIALING");
    let headers = [("whop-license-nonce", NONCE), ("whop-license-keys", key.id())];
    let ask = |license_key: &str, device: &str| {
        let body = format!(r#"{{"metadata":{{"hwid":"{device}"}}}}"#);
        post(&check_url(relay.url(), license_key), &headers, body.as_bytes())
    };
    let ready = || get(&format!("{}/readyz", relay.admin_url().unwrap())).json();
    assert_eq!(ask("SANDBOX-ACTIVE", "my-pc").status, 201);
    assert_eq!(ready()["ready"], true);
    redis.kill();
    assert_eq!(ask("SANDBOX-OTHER-DEVICE", "another-device").status, 201, "what is bound is confirmed");
    let first_use = ask("SANDBOX-COMPLETED", "my-pc");
    assert_eq!((first_use.status, first_use.lease()), (503, None));
    assert_eq!((&ready()["ready"], &ready()["store"]), (&false.into(), &false.into()));
}
