//! What the relay must hold through. Each asserts counts and what must never be; the times that it takes are figures.

pub mod api_key;
pub mod cache_age;
pub mod cooldown;
pub mod first_uses;
pub mod guessing;
pub mod hostile;
pub mod memory;
pub mod patch_day;
pub mod redis_killed;
pub mod relay_killed;
pub mod whop_away;

use std::time::Duration;

use crate::support::{Operation, Whop, figure, most_in};

/// That Whop's side never saw more than it allows, and more than the relays are set to: so many a second, and a burst
/// of 10. What was sent on time can arrive bunched, so that the second is asserted with another second's worth.
fn check_limit(whop: &Whop, limit: usize, prefix: &str) {
    for operation in [Operation::Read, Operation::List, Operation::Update] {
        let times = whop.gate.times(operation);
        let [second, ten, minute] = [1, 10, 60].map(|seconds| most_in(Duration::from_secs(seconds), &times));
        assert!(second <= 2 * limit + 10, "{operation:?}: {second} in a second");
        assert!(ten <= 11 * limit + 10, "{operation:?}: {ten} in ten seconds");
        assert!(minute <= 600.min(61 * limit + 10), "{operation:?}: {minute} in a minute");
        figure(
            &format!("{prefix}: {operation:?} at Whop, most in a second, in 10, in a minute"),
            &format!("<= {} (with the burst), {}, {}", limit + 10, 10 * limit + 10, 600.min(60 * limit + 10)),
            format!("{second}, {ten}, {minute}, of {} in all", times.len()),
        );
    }
    assert_eq!(whop.gate.refused(), 0, "Whop itself said 429");
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}
