//! The script that takes a request of the limit does what `bucket.rs` does.

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../../tests/engine/support/redis_server.rs"]
mod redis_server;

use std::time::Duration;

use self::redis_server::RedisServer;
use super::*;

const KEY: &str = "whop-relay:limit:read";

/// Numbers that look like chance, and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64 * most
    }
}

#[tokio::test]
async fn script_and_bucket_take_the_same() {
    let server = RedisServer::start();
    let redis = Redis::new(&server.url(), [1; 32]).unwrap();
    let (mut numbers, mut granted) = (Numbers(1), 0);
    for round in 0..300 {
        let rate = Rate { per_second: 1.0 + numbers.below(9.0), burst: 10.0 };
        let (leases, strangers) = (numbers.below(2.0), numbers.below(1.2));
        let time: (u64, u64) = server.run(&["TIME"]);
        // From a moment ago, or one to come, as a clock that was set back has it.
        let before = time.0 * 1_000_000 + time.1 + 200_000 - numbers.below(400_000.0) as u64;
        let [l, s, at] = [leases.to_string(), strangers.to_string(), before.to_string()];
        server.run::<()>(&["HSET", KEY, "leases", &l, "strangers", &s, "at", &at]);
        let class = [Class::Lease, Class::Stranger, Class::Inner][round % 3];
        let taken = redis.take(Operation::Read, class, rate, Duration::ZERO).await;

        let after: (f64, f64, u64) = server.run(&["HMGET", KEY, "leases", "strangers", "at"]);
        let mut bucket = Bucket::of(leases, strangers, Duration::from_micros(before));
        let expected = bucket.take(class, rate, Duration::from_micros(after.2));
        match (taken, expected) {
            (Taken::Granted(Some(Stamp(stamp))), Ok(())) => {
                assert!(stamp <= after.2);
                granted += 1;
            }
            (Taken::Wait(wait), Err(expected)) => {
                assert!(wait.abs_diff(expected) < Duration::from_micros(10), "{round}: {wait:?} {expected:?}");
            }
            other => panic!("{round} {class:?}: {other:?}"),
        }
        let (leases, strangers) = bucket.parts();
        assert!((leases - after.0).abs() < 1e-6 && (strangers - after.1).abs() < 1e-6, "{round} {class:?}: {after:?}");
    }
    assert!((50..280).contains(&granted), "{granted}");
}
