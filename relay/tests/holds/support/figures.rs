//! What was measured, as rows of a table.

use std::fmt::Display;
use std::time::Duration;

/// Prints a row: what, the goal, what was measured.
pub fn figure(what: &str, goal: &str, measured: impl Display) {
    println!("| {what} | {goal} | {measured} |");
}

/// The time that so many of a hundred were not slower than. Sorts them.
pub fn percentile(of_hundred: f64, times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    let place = (times.len() as f64 * of_hundred / 100.0).ceil() as usize;
    times.get(place.saturating_sub(1)).copied().unwrap_or_default()
}
