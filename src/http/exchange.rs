//! What a request and the connection under it tell each other past ureq. A request stays on the thread that began it, so that
//! each thread has its own.

use std::cell::Cell;

thread_local! {
    static MAY_REUSE: Cell<bool> = const { Cell::new(false) };
    static WAS_KEPT: Cell<bool> = const { Cell::new(false) };
    static WAS_WRITTEN: Cell<bool> = const { Cell::new(false) };
}

/// Before a request, which may go over a connection that was kept from one before, or may not.
pub(super) fn begin(may_reuse: bool) {
    MAY_REUSE.set(may_reuse);
    WAS_KEPT.set(false);
    WAS_WRITTEN.set(false);
}

/// Whether the request may go over a connection that was kept.
pub(super) fn may_reuse() -> bool {
    MAY_REUSE.get()
}

/// Notes that it does.
pub(super) fn note_kept() {
    WAS_KEPT.set(true);
}

/// Whether the request that began last went over a connection that was kept.
pub(super) fn was_kept() -> bool {
    WAS_KEPT.get()
}

/// Before bytes of a request are written: those that fail may have arrived.
pub(super) fn note_written() {
    WAS_WRITTEN.set(true);
}

/// Whether a byte of the request that began last may have arrived.
pub(super) fn was_written() -> bool {
    WAS_WRITTEN.get()
}
