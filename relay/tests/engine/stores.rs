//! Redis is killed and comes back, a relay is killed, and others write into Redis.

use std::time::Duration;

use whop_license::lease::Reason;
use whop_relay::question::{Later, Outcome};
use whop_relay::store::Store;

use crate::support::{Act, Gate, RedisServer, Setup, is_valid, later, numbered, question};

const ELSEWHERE: Outcome = Outcome::Denied(Reason::DeviceMismatch);

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_bound_devices_are_confirmed_and_first_uses_wait() {
    let (setup, mut redis) = (Setup::new(), RedisServer::start());
    let engine = setup.engine_with(setup.settings(), redis.store());
    setup.settle(std::slice::from_ref(&engine)).await;
    let (bound, kept, new) = (setup.buy(), setup.buy(), setup.buy());
    redis.refill();
    for key in [&bound, &kept] {
        assert!(is_valid(&engine.check(&question(key, "mine")).await));
    }
    engine.forget(&bound).await;
    redis.kill();
    setup.peer.forget();
    assert!(is_valid(&engine.check(&question(&kept, "mine")).await), "from what is kept");
    assert!(is_valid(&engine.check(&question(&bound, "mine")).await), "from Whop");
    assert_eq!(later(&engine.check(&question(&new, "mine")).await), Some(Later::StoreIsAway));
    assert!(engine.health().store_away);
    assert_eq!(setup.asked().iter().filter(|line| line.starts_with("PATCH")).count(), 0);
    redis.come_back();
    // A Redis that has just begun may have forgotten a lock.
    setup.meet(&engine, &new, "mine").await;
    assert!(!engine.health().store_away);
    setup.clock.forward(Duration::from_secs(20));
    assert!(is_valid(&engine.check(&question(&new, "mine")).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_that_is_killed_in_the_middle_of_a_first_use_lets_nobody_win_twice() {
    let (setup, mut redis) = (Setup::new(), RedisServer::start());
    let [one, other] = [0; 2].map(|_| setup.engine_with(setup.settings(), redis.store()));
    setup.settle(&[one.clone(), other.clone()]).await;
    redis.refill();
    let (key, gate) = (setup.buy(), Gate::default());
    setup.peer.set({
        let gate = gate.clone();
        move |line| if line.starts_with("PATCH") { Act::Hold(gate.clone()) } else { Act::Pass }
    });
    let first = tokio::spawn({
        let (one, question) = (one.clone(), numbered(&key, 1));
        async move { one.check(&question).await }
    });
    gate.reached().await;
    redis.kill();
    redis.come_back();
    // The lock is forgotten, and nobody else gets one all the same.
    setup.meet(&other, &key, "device-2").await;
    gate.open();
    // It has written, and does not know whether it was alone.
    assert_eq!(later(&first.await.unwrap()), Some(Later::StoreIsAway));
    setup.clock.forward(Duration::from_secs(30));
    setup.peer.set(|_| Act::Pass);
    redis.refill();
    let outcomes = [other.check(&numbered(&key, 2)).await, one.check(&numbered(&key, 1)).await];
    assert!(outcomes[0] == ELSEWHERE && is_valid(&outcomes[1]), "{outcomes:?}");
    assert_eq!(setup.metadata(&key)["hwid"], "device-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn relay_that_is_killed_in_the_middle_of_a_first_use_leaves_a_lock_that_ends() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let other = setup.engine_with(setup.settings(), redis.store());
    setup.settle(std::slice::from_ref(&other)).await;
    let (key, gate) = (setup.buy(), Gate::default());
    setup.peer.set({
        let gate = gate.clone();
        move |line| if line.starts_with("PATCH") { Act::Hold(gate.clone()) } else { Act::Pass }
    });
    // The killed one: its runtime ends with all its tasks, and the request is on its way.
    let killed = {
        let (engine, key) = (setup.engine_with(setup.settings(), redis.store()), key.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // It meets the young Redis only now.
            let settling = runtime.block_on(engine.check(&numbered(&key, 1)));
            (runtime, engine, settling)
        })
    };
    let (runtime, engine, settling) = killed.join().unwrap();
    assert_eq!(later(&settling), Some(Later::StoreIsAway));
    setup.clock.forward(Duration::from_secs(30));
    redis.refill();
    let killing = std::thread::spawn({
        let (gate, key) = (gate.clone(), key.clone());
        move || {
            let task = runtime.spawn(async move { engine.check(&numbered(&key, 1)).await });
            runtime.block_on(gate.reached());
            task.abort();
            runtime.shutdown_background();
        }
    });
    killing.join().unwrap();
    let locks = redis.keys("whop-relay:lock:*");
    assert_eq!(locks.len(), 1);
    let left: i64 = redis.run(&["PTTL", &locks[0]]);
    assert!(left > 0 && left <= 14_000, "{left}");
    assert_eq!(later(&other.check(&numbered(&key, 2)).await), Some(Later::LicenseTooBusy));
    // Its request arrives at last, as long as the lock holds.
    gate.open();
    setup.peer.set(|_| Act::Pass);
    while setup.metadata(&key)["hwid"] != "device-1" {
        tokio::task::yield_now().await;
    }
    // As if the lock had ended by itself.
    redis.run::<()>(&["DEL", &locks[0]]);
    redis.refill();
    assert_eq!(other.check(&numbered(&key, 2)).await, ELSEWHERE);
    assert!(is_valid(&other.check(&numbered(&key, 1)).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_relay_has_read_the_other_does_not_ask_for_and_what_others_write_there_is_nothing() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let [one, other] = [0; 2].map(|_| setup.engine_with(setup.settings(), redis.store()));
    setup.settle(&[one.clone(), other.clone()]).await;
    redis.refill();
    let key = setup.buy();
    assert!(is_valid(&one.check(&question(&key, "mine")).await));
    setup.peer.forget();
    assert!(is_valid(&other.check(&question(&key, "mine")).await));
    assert!(setup.asked().is_empty(), "{:?}", setup.asked());

    // Neither the license key nor the API key is there to read.
    for name in redis.keys("*") {
        let kind: String = redis.run(&["TYPE", &name]);
        let text = if kind == "string" { redis.run::<String>(&["GET", &name]) } else { String::new() };
        for secret in [&*key, "full", "BOUGHT"] {
            assert!(!name.contains(secret) && !text.contains(secret), "{name}: {text}");
        }
    }

    // An entry that is another license's, or was changed, is none.
    let (second, free) = (setup.buy(), setup.engine_with(setup.settings(), redis.store()));
    setup.reset(&key);
    for name in redis.keys("whop-relay:license:*") {
        let text: String = redis.run(&["GET", &name]);
        redis.run::<()>(&["SET", &name, &text.replace("mine", "evil"), "PX", "600000"]);
    }
    assert_eq!(later(&free.check(&question(&second, "evil")).await), Some(Later::StoreIsAway));
    setup.peer.forget();
    assert_ne!(free.check(&question(&key, "evil")).await, Outcome::Denied(Reason::LicenseNotFound));
    assert!(setup.asked().contains(&format!("GET {key}")), "{:?}", setup.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn entry_that_somebody_keeps_for_longer_is_not_older_than_its_time() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let [one, other] = [0; 2].map(|_| setup.engine_with(setup.settings(), redis.store()));
    setup.settle(&[one.clone(), other.clone()]).await;
    redis.refill();
    let key = setup.buy();
    assert!(is_valid(&one.check(&question(&key, "mine")).await));
    for name in redis.keys("whop-relay:license:*") {
        redis.run::<()>(&["PERSIST", &name]);
    }
    setup.clock.forward(Duration::from_secs(15 * 60 - 60));
    assert!(!is_valid(&other.check(&question("SANDBOX-EXPIRED", "x")).await));
    setup.peer.set(|_| Act::Refuse);
    setup.peer.forget();
    assert!(is_valid(&other.check(&question(&key, "mine")).await), "from the other relay, a minute before its end");
    assert!(setup.asked().is_empty());
    setup.clock.forward(Duration::from_secs(61));
    assert_eq!(later(&other.check(&question(&key, "mine")).await), Some(Later::WhopIsAway));
    assert_eq!(later(&one.check(&question(&key, "mine")).await), Some(Later::WhopIsAway));
}

#[tokio::test]
async fn redis_that_was_never_there_is_told_and_bound_devices_are_confirmed() {
    let setup = Setup::new();
    let memory = setup.engine();
    assert!(is_valid(&memory.check(&question("SANDBOX-ACTIVE", "mine")).await));
    // Nobody listens on port 1.
    let engine = setup.engine_with(setup.settings(), Store::redis("redis://127.0.0.1:1/", [1; 32]).unwrap());
    assert!(is_valid(&engine.check(&question("SANDBOX-ACTIVE", "mine")).await));
    assert_eq!(later(&engine.check(&question("SANDBOX-COMPLETED", "mine")).await), Some(Later::StoreIsAway));
    assert!(engine.health().store_away);
    assert!(Store::redis("no address", [1; 32]).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_that_hangs_holds_up_nobody_for_long() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let engine = setup.engine_with(setup.settings(), redis.store());
    setup.settle(std::slice::from_ref(&engine)).await;
    redis.refill();
    let key = setup.buy();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await));
    redis.pause(true);
    let began = std::time::Instant::now();
    assert!(is_valid(&engine.check(&question(&key, "mine")).await), "from what is kept");
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    let outcome = engine.check(&question("SANDBOX-EXPIRED", "mine")).await;
    assert!(matches!(outcome, Outcome::Known(_)), "{outcome:?}");
    assert_eq!(later(&engine.check(&question("SANDBOX-COMPLETED", "mine")).await), Some(Later::StoreIsAway));
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    redis.pause(false);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_before_another_relay_had_the_lock_is_read_again_under_it() {
    let (setup, redis) = (Setup::new(), RedisServer::start());
    let [one, other] = [0; 2].map(|_| setup.engine_with(setup.settings(), redis.store()));
    setup.settle(&[one.clone(), other.clone()]).await;
    redis.refill();
    let (key, gate) = (setup.buy(), Gate::default());
    setup.peer.set({
        let gate = gate.clone();
        let is_first = std::sync::atomic::AtomicBool::new(true);
        move |_| match is_first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            true => Act::HoldAnswer(gate.clone()),
            false => Act::Pass,
        }
    });
    let late = tokio::spawn({
        let (other, question) = (other.clone(), numbered(&key, 2));
        async move { other.check(&question).await }
    });
    gate.reached().await;
    assert!(is_valid(&one.check(&numbered(&key, 1)).await));
    // Nor does it help that the one has kept what became of it.
    for name in redis.keys("whop-relay:license:*") {
        redis.run::<()>(&["DEL", &name]);
    }
    gate.open();
    assert_eq!(late.await.unwrap(), ELSEWHERE);
    let get = format!("GET {key}");
    assert_eq!(setup.asked()[2..], [get.clone(), get.clone(), format!("PATCH {key}"), get]);
}
