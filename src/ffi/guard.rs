//! The wall that no panic passes.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body; after a panic in it, the fallback is the answer.
pub(super) fn guard<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    let body = || {
        #[cfg(test)]
        forced::panic_if_due();
        body()
    };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

/// A bug on order. It exists in the tests of this crate alone.
#[cfg(test)]
pub(super) mod forced {
    use std::cell::Cell;

    thread_local! {
        static DUE: Cell<bool> = const { Cell::new(false) };
    }

    /// Makes a call panic, inside the guard.
    pub fn panic_in<T>(call: impl FnOnce() -> T) -> T {
        DUE.set(true);
        let answer = call();
        assert!(!DUE.get(), "the call is not inside the guard");
        answer
    }

    pub fn panic_if_due() {
        assert!(!DUE.take(), "a bug on order");
    }
}
