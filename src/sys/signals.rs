//! Which thread a signal of the host is delivered to.

#[cfg(unix)]
use std::mem::MaybeUninit;

/// Does work, such as to start a thread, with every signal blocked: a thread that is started so takes none that the host waits
/// for.
#[cfg(unix)]
pub(crate) fn without_signals<T>(work: impl FnOnce() -> T) -> T {
    let mut all = MaybeUninit::uninit();
    let mut before = MaybeUninit::uninit();
    // SAFETY: both sets are written before they are read, and the mask is that of this thread alone.
    let is_blocked = unsafe {
        libc::sigfillset(all.as_mut_ptr()) == 0
            && libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) == 0
    };
    let outcome = work();
    if is_blocked {
        // SAFETY: `before` was written when the signals were blocked.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut()) };
    }
    outcome
}

#[cfg(not(unix))]
pub(crate) fn without_signals<T>(work: impl FnOnce() -> T) -> T {
    work()
}
