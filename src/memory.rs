//! Whether there is memory for what comes from outside. Rust's collections end the process where there is none.

use std::hint::black_box;

/// Whether a JSON text of so many bytes can be worked on.
pub(crate) fn has_room_for_json(length: usize) -> bool {
    let mut room = Vec::<u8>::new();
    // Hidden from the compiler, which may leave out memory that nobody uses.
    black_box(&mut room).try_reserve_exact((length * WORK).min(MOST)).is_ok()
}

/// What the work takes at the most, as a multiple of the text.
const WORK: usize = 32;
/// What the longest answer takes beside itself; `tests/memory.rs` limits both together.
const MOST: usize = 5 << 20;
