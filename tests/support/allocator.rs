//! An allocator that knows, for each thread, how much memory it holds and whether memory that it frees still holds a secret.

#![allow(unsafe_code, reason = "an allocator is unsafe by its nature")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What no memory may hold when it is freed.
pub const SECRET: &[u8] = b"apik_secret_to_be_wiped";

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
    /// How many times memory was freed with the secret in it, while somebody wants to know: to look costs time.
    static SPILT: Cell<Option<usize>> = const { Cell::new(None) };
}

pub struct Watching;

// SAFETY: the system's allocator does the work. Memory that moves is counted twice for that moment, as the trait's own
// realloc() takes the new before it gives back the old.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.set(HELD.get() + layout.size() as isize);
        MOST.set(MOST.get().max(HELD.get()));
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.set(HELD.get() - layout.size() as isize);
        if let Some(spilt) = SPILT.get() {
            // SAFETY: the block is the caller's until it is given back, and alloc() has filled it.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            SPILT.set(Some(spilt + usize::from(bytes.windows(SECRET.len()).any(|bytes| bytes == SECRET))));
        }
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

/// The most memory that this thread held at once on account of the work, in bytes.
pub fn most_held(work: impl FnOnce()) -> usize {
    let before = HELD.get();
    MOST.set(before);
    work();
    (MOST.get() - before).try_into().unwrap_or(0)
}

/// How many times the work on this thread freed memory that held the secret.
pub fn secrets_spilt(work: impl FnOnce()) -> usize {
    SPILT.set(Some(0));
    work();
    SPILT.take().unwrap_or(0)
}
