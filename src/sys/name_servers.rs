//! The C library's connection to the name servers.

/// Lets this thread make its own. In a forked child of glibc's, a new thread may be given the socket of a thread that was lost
/// in the fork, and the parent's thread of that number takes its answers.
#[cfg(target_env = "gnu")]
pub(crate) fn forget_name_servers() {
    // SAFETY: it touches what belongs to this thread alone.
    unsafe { libc::res_init() };
}

#[cfg(not(target_env = "gnu"))]
pub(crate) fn forget_name_servers() {}
