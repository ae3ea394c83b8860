//! What relays share, in a real Redis.

#![cfg(test)]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../engine/support/redis_server.rs"]
mod redis_server;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use redis_server::RedisServer;
use whop_relay::store::{Class, Kept, Lock, Locking, Now, Operation, Rate, Stamp, Store, Taken, hash};

const NOW: Now = Now(Duration::from_secs(1000));
const LONG: Duration = Duration::from_secs(60);
const LOCK: Duration = Duration::from_secs(20);

fn store(server: &RedisServer) -> Store {
    Store::redis(&server.url(), [7; 32]).unwrap()
}

async fn stamp(store: &Store) -> Stamp {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    loop {
        // There is always something left of the limit.
        let now = Now(NOW.0 + Duration::from_secs(1) * CALLS.fetch_add(1, Ordering::Relaxed));
        match store.take(Operation::Read, Class::Inner, Rate::new(8), now).await {
            Taken::Granted(Some(stamp)) => return stamp,
            Taken::Wait(wait) => tokio::time::sleep(wait).await,
            other => panic!("{other:?}"),
        }
    }
}

fn kept(stamp: Stamp, json: &str) -> Kept {
    let asked = SystemTime::UNIX_EPOCH + Duration::from_millis(1_790_000_000_000);
    Kept { stamp, asked, json: json.into() }
}

/// A lock of a store that has met its server, and a later time at which that gives locks.
async fn locked(store: &Store, name: &str, now: Now) -> Lock {
    match store.lock(hash(name), LOCK, now).await {
        Locking::Locked(lock) => lock,
        other => panic!("{other:?}"),
    }
}

async fn settled(store: &Store) -> Now {
    let settling = store.lock(hash("settle"), LOCK, NOW).await;
    assert!(matches!(settling, Locking::Away(wait) if wait <= LOCK), "{settling:?}");
    Now(NOW.0 + LOCK)
}

#[tokio::test]
async fn what_was_asked_later_stays_whoever_comes_last_and_what_was_dropped_stays_dropped() {
    let server = RedisServer::start();
    let (one, other) = (store(&server), store(&server));
    let license = hash("K");
    let (older, newer) = (stamp(&one).await, stamp(&other).await);
    assert!(older < newer);
    other.put(license, &kept(newer, "newer"), LONG).await;
    one.put(license, &kept(older, "older"), LONG).await;
    assert_eq!(one.get(license).await, Some(kept(newer, "newer")));
    one.forget(license, LONG).await;
    assert_eq!(other.get(license).await, None);
    other.put(license, &kept(newer, "newer"), LONG).await;
    assert_eq!(other.get(license).await, None, "asked before it was dropped");
    let newest = stamp(&other).await;
    other.put(license, &kept(newest, "newest"), LONG).await;
    assert_eq!(one.get(license).await, Some(kept(newest, "newest")));
    assert_eq!(one.get(hash("L")).await, None);
}

#[tokio::test]
async fn one_has_a_lock_and_its_end_tells_what_was_read_before() {
    for is_shared in [true, false] {
        let server = RedisServer::start();
        let (one, other, now) = if is_shared {
            let (one, other) = (store(&server), store(&server));
            settled(&one).await;
            let now = settled(&other).await;
            (one, other, now)
        } else {
            let memory = Store::memory();
            (memory.clone(), memory, NOW)
        };
        let before = stamp(&one).await;
        let lock = locked(&one, "mem_1", now).await;
        assert!(before > lock.fence, "nobody had it before");
        assert!(matches!(other.lock(hash("mem_1"), LOCK, now).await, Locking::Busy(left) if left <= LOCK));
        locked(&other, "mem_2", now).await;
        let within = stamp(&one).await;
        assert!(one.unlock(&lock, None, now).await);
        assert!(!one.unlock(&lock, None, now).await, "not a second time");
        let next = locked(&other, "mem_1", now).await;
        assert!(within < next.fence && before < next.fence);
        let after = stamp(&other).await;
        assert!(after > next.fence);
        assert!(!one.unlock(&lock, None, now).await, "another has it");
        assert!(other.unlock(&next, None, now).await);
    }
}

#[tokio::test]
async fn lock_that_nobody_ends_ends_by_itself_and_counts_as_held_until_then() {
    let memory = Store::memory();
    let lost = locked(&memory, "mem_1", NOW).await;
    let later = Now(NOW.0 + LOCK);
    assert!(!memory.unlock(&lost, None, later).await);
    let next = locked(&memory, "mem_1", later).await;
    assert_eq!(next.ends, later.0 + LOCK);

    let server = RedisServer::start();
    let redis = store(&server);
    let now = settled(&redis).await;
    let lost = locked(&redis, "mem_1", now).await;
    let read = stamp(&redis).await;
    server.run::<()>(&["DEL", &server.keys("whop-relay:lock:*")[0]]);
    assert!(!redis.unlock(&lost, None, now).await);
    let next = locked(&redis, "mem_1", now).await;
    assert!(read < next.fence, "its writing may arrive until the lock would have ended");
}

#[tokio::test]
async fn what_was_written_under_a_lock_is_kept_only_if_it_was_held_to_the_end() {
    let server = RedisServer::start();
    let redis = store(&server);
    let now = settled(&redis).await;
    let (license, lock) = (hash("K"), locked(&redis, "mem_1", now).await);
    let written = kept(stamp(&redis).await, "written");
    assert!(redis.unlock(&lock, Some((license, &written, LONG)), now).await);
    assert_eq!(redis.get(license).await, Some(written));

    let lock = locked(&redis, "mem_1", now).await;
    let written = kept(stamp(&redis).await, "again");
    server.run::<()>(&["FLUSHALL"]);
    assert!(!redis.unlock(&lock, Some((license, &written, LONG)), now).await);
    assert_eq!(redis.get(license).await, None);
}

#[tokio::test]
async fn server_that_took_over_gives_no_locks_until_those_of_the_one_before_have_ended() {
    let mut server = RedisServer::start();
    let redis = store(&server);
    let now = settled(&redis).await;
    let lock = locked(&redis, "mem_1", now).await;
    server.kill();
    server.come_back();
    let began = Instant::now();
    loop {
        match redis.lock(hash("mem_1"), LOCK, now).await {
            Locking::Away(wait) if wait > LOCK / 2 => break,
            // Not asked for a moment after it was away.
            Locking::Away(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            other => panic!("{other:?}"),
        }
        assert!(began.elapsed() < LONG);
    }
    assert!(!redis.unlock(&lock, None, now).await);
    let later = Now(now.0 + LOCK);
    let next = locked(&redis, "mem_1", later).await;
    assert!(next.not_before >= later.0, "what was read before is not used");
}

#[tokio::test]
async fn server_that_does_not_answer_is_away_after_a_second_and_a_quarter_of_the_limit_is_used_alone() {
    let server = RedisServer::start();
    let redis = store(&server);
    stamp(&redis).await;
    server.pause(true);
    let began = Instant::now();
    assert!(matches!(redis.lock(hash("K"), LOCK, NOW).await, Locking::Away(_)));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(redis.is_away());
    let mut alone = 0;
    for second in 0..60 {
        for _ in 0..20 {
            match redis
                .take(Operation::Read, Class::Inner, Rate::new(8), Now(NOW.0 + Duration::from_secs(second)))
                .await
            {
                Taken::Granted(None) => alone += 1,
                Taken::Wait(_) => break,
                other => panic!("{other:?}"),
            }
        }
    }
    assert!((115..=125).contains(&alone), "{alone} in a minute, of 480");
    server.pause(false);
    let began = Instant::now();
    while redis.is_away() {
        redis.get(hash("K")).await;
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stamp(&redis).await;
}

#[tokio::test]
async fn after_a_429_nobody_is_let_through_however_the_waits_overlap() {
    let server = RedisServer::start();
    let (one, other) = (store(&server), store(&server));
    one.cool_down(Duration::from_secs(30), NOW).await;
    other.cool_down(Duration::from_secs(5), NOW).await;
    let taken = other.take(Operation::List, Class::Lease, Rate::new(8), Now(NOW.0 + Duration::from_secs(6))).await;
    assert!(matches!(taken, Taken::Cooldown(wait) if wait > Duration::from_secs(20)), "{taken:?}");
    assert_eq!(one.cooldown(NOW.0), Some(Duration::from_secs(30)));
    // Also where the shared store is gone meanwhile.
    server.pause(true);
    let taken = one.take(Operation::Read, Class::Inner, Rate::new(8), NOW).await;
    assert_eq!(taken, Taken::Cooldown(Duration::from_secs(30)));
    server.pause(false);
}
