//! How long a check from what is kept takes: for a build with optimizations.

use std::time::{Duration, Instant};

use whop_relay::engine::EngineSettings;
use whop_relay::store::Store;

use crate::support::{ACTIVE, Setup, is_valid, question};

#[tokio::test]
#[ignore = "measures, and tells nothing without optimizations"]
async fn cached_check_takes_a_small_part_of_a_tenth_of_a_millisecond() {
    let setup = Setup::new();
    for devices in [1, 10] {
        let engine = setup.engine_with(EngineSettings { devices, ..setup.settings() }, Store::memory());
        let question = question(ACTIVE, "mine");
        assert!(is_valid(&engine.check(&question).await));
        let began = Instant::now();
        for _ in 0..20_000 {
            assert!(is_valid(&engine.check(&question).await));
        }
        let each = began.elapsed() / 20_000;
        println!("{each:?} each, of {devices} devices");
        assert!(each < Duration::from_micros(50), "{each:?}");
    }
}
