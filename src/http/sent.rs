//! Whether a byte of a request was written, which ureq's own errors cannot tell. A request stays on the thread that began
//! it, so that each thread notes its own.

use std::cell::Cell;

thread_local! {
    static WRITTEN: Cell<bool> = const { Cell::new(false) };
}

/// Before a request.
pub(super) fn begin() {
    WRITTEN.set(false);
}

/// Before bytes of a request are written: those that fail may have arrived.
pub(super) fn note() {
    WRITTEN.set(true);
}

/// Whether a byte of the request that began last may have arrived.
pub(super) fn was_written() -> bool {
    WRITTEN.get()
}
