//! How many come in a span of time, wherever it begins.

use std::time::{Duration, Instant};

/// The most that came in any such span.
pub fn most_in(span: Duration, times: &[Instant]) -> usize {
    let mut times = times.to_vec();
    times.sort_unstable();
    let mut from = 0;
    let mut most = 0;
    for (to, time) in times.iter().enumerate() {
        while time.duration_since(times[from]) >= span {
            from += 1;
        }
        most = most.max(to + 1 - from);
    }
    most
}

#[test]
fn the_most_in_a_span_is_found_wherever_it_begins() {
    let start = Instant::now();
    let at = |millis: &[u64]| millis.iter().map(|&millis| start + Duration::from_millis(millis)).collect::<Vec<_>>();
    let second = Duration::from_secs(1);
    assert_eq!(most_in(second, &at(&[])), 0);
    assert_eq!(most_in(second, &at(&[0, 1000, 2000])), 1);
    assert_eq!(most_in(second, &at(&[0, 900, 999, 1500, 1899, 1900, 5000])), 4);
}
