//! The wall that no panic passes.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs the body; after a panic in it, the fallback is the answer.
pub(super) fn guard<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}
