//! That the relay holds: real relays behind a real proxy with a real Redis, and thousands of customers.
//!
//! The quick ones run with every test. Those that take minutes run with `make test-deep`, and `make bench-relay` measures.

#![cfg(test)]
#![cfg(target_os = "linux")]

mod scenario;
#[allow(dead_code, unused_imports, reason = "the benchmark uses the rest")]
mod support;

/// A test of several threads, small and large.
macro_rules! scenario {
    ($name:ident, $size:expr, $run:path) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            $run($size).await;
        }
    };
    (deep $name:ident, $size:expr, $run:path) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "takes minutes: make test-deep"]
        async fn $name() {
            $run($size).await;
        }
    };
}

mod quick {
    use crate::scenario::*;

    scenario!(nobody_is_denied_on_a_patch_day, patch_day::Size::QUICK, patch_day::run);
    scenario!(one_of_200_first_uses_wins, first_uses::Size::QUICK, first_uses::run);
    scenario!(relay_killed_in_a_first_use_and_only_who_is_stored_is_let_in, (), relay_killed::run);
    scenario!(redis_killed_and_back, redis_killed::Size::QUICK, redis_killed::run);
    scenario!(whop_away_and_back, (), whop_away::run);
    scenario!(whop_away_for_an_hour, (), whop_away::for_an_hour);
    scenario!(wait_of_a_429_is_kept_by_all_relays, (), cooldown::run);
    scenario!(revoked_api_key_denies_nobody, "revoked", api_key::run);
    scenario!(api_key_of_another_company_denies_nobody, "foreign", api_key::run);
    scenario!(grant_is_never_older_than_its_cache_time, (), cache_age::run);
    scenario!(guessing_stops_no_customer, guessing::Size::QUICK, guessing::run);
    scenario!(hostile_connections_stop_no_customer, hostile::Size::QUICK, hostile::run);
    scenario!(cached_licenses_take_little_memory, memory::Size::QUICK, memory::run);
}

mod deep {
    use crate::scenario::*;

    scenario!(deep nobody_is_denied_on_a_patch_day, patch_day::Size::DEEP, patch_day::run);
    scenario!(deep one_of_200_first_uses_wins_in_each_of_300_runs, first_uses::Size::DEEP, first_uses::run);
    scenario!(deep relays_killed_at_any_moment, 20, relay_killed::at_random);
    scenario!(deep redis_killed_again_and_again, redis_killed::Size::DEEP, redis_killed::run);
    scenario!(deep million_guesses_stop_no_customer, guessing::Size::DEEP, guessing::run);
    scenario!(deep hostile_connections_stop_no_customer, hostile::Size::DEEP, hostile::run);
    scenario!(deep hundred_thousand_cached_licenses_take_little_memory, memory::Size::DEEP, memory::run);
}
