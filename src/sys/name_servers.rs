//! The C library's connection to the name servers.

/// Lets this thread of a forked child make its own. glibc may have given it the socket of a thread that was lost in the fork,
/// and the parent's thread would take its answers.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn forget_name_servers() {
    if super::fork::is_forked() {
        // SAFETY: it touches what belongs to this thread alone.
        unsafe { libc::res_init() };
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn forget_name_servers() {}
