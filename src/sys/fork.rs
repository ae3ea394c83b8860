//! What tells a forked child from its parent. A process id does not: both may be process 1 of their PID namespaces.

use std::process;
use std::ptr;
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// Where the number of this process is: a page that a fork empties, or `ORDINARY`. Null until it is first needed.
static MARK: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());
static ORDINARY: AtomicU64 = AtomicU64::new(0);

/// A child inherits it and goes on counting, so that no process has the number of one that it came from.
static TAKEN: AtomicU32 = AtomicU32::new(0);

/// A number that stays the same within a process, and is in a forked child another one than each of its ancestors had.
///
/// It takes no lock, which a fork could leave locked.
pub(crate) fn generation() -> u64 {
    // Without a way to notice forks, every call gets a new number.
    let Some(mark) = mark() else { return fresh() };
    let known = mark.load(Ordering::Acquire);
    if known != 0 && (!ptr::eq(mark, &ORDINARY) || is_of_this_process_id(known)) {
        return known;
    }
    let fresh = fresh();
    // Another thread that was faster has numbered the process.
    mark.compare_exchange(known, fresh, Ordering::AcqRel, Ordering::Acquire).map_or_else(|faster| faster, |_| fresh)
}

/// Whether this may be the child of a process that has used the library.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn is_forked() -> bool {
    generation() as u32 > 1
}

/// Never 0.
fn fresh() -> u64 {
    let taken = TAKEN.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
    u64::from(process::id()) << 32 | u64::from(taken)
}

/// Without a page, a child that was made by a raw system call is known by its process id at least.
fn is_of_this_process_id(number: u64) -> bool {
    number >> 32 == u64::from(process::id())
}

fn mark() -> Option<&'static AtomicU64> {
    let known = MARK.load(Ordering::Acquire);
    let mark = if known.is_null() { prepare()? } else { known };
    // SAFETY: what stands in MARK is never unmapped.
    Some(unsafe { &*mark })
}

fn prepare() -> Option<*mut AtomicU64> {
    // SAFETY: the handler does nothing but load and store atomics, as is allowed in a child of many threads.
    let is_told = unsafe { libc::pthread_atfork(None, None, Some(forget)) } == 0;
    let page = wiped_on_fork();
    let mark = match page {
        Some(page) => page,
        None if is_told => (&raw const ORDINARY).cast_mut(),
        None => return None,
    };
    let outcome = MARK.compare_exchange(ptr::null_mut(), mark, Ordering::AcqRel, Ordering::Acquire);
    if let (Err(_), Some(page)) = (outcome, page) {
        unmap(page);
    }
    Some(outcome.map_or_else(|faster| faster, |_| mark))
}

/// Runs in the child, after `fork()`.
extern "C" fn forget() {
    let mark = MARK.load(Ordering::Acquire);
    if !mark.is_null() {
        // SAFETY: what stands in MARK is never unmapped.
        unsafe { &*mark }.store(0, Ordering::Release);
    }
    for descriptor in &CLOSED_IN_CHILD {
        let descriptor = descriptor.swap(NONE, Ordering::AcqRel);
        if descriptor != NONE {
            // SAFETY: the thread that had it open is not in the child.
            unsafe { libc::close(descriptor) };
        }
    }
}

/// As long as this lives, a child that is forked closes a descriptor: a lock of its file would else last until the child ends, if
/// the parent ends first.
pub(super) struct ClosedInChild(Option<&'static AtomicI32>);

impl ClosedInChild {
    pub fn new(descriptor: i32) -> Self {
        // Has the handler that closes it.
        generation();
        let is_taken =
            |place: &&AtomicI32| place.compare_exchange(NONE, descriptor, Ordering::AcqRel, Ordering::Acquire).is_ok();
        Self(CLOSED_IN_CHILD.iter().find(is_taken))
    }
}

impl Drop for ClosedInChild {
    fn drop(&mut self) {
        if let Some(place) = self.0 {
            place.store(NONE, Ordering::Release);
        }
    }
}

/// More than a program has lease files.
static CLOSED_IN_CHILD: [AtomicI32; 16] = [const { AtomicI32::new(NONE) }; 16];
const NONE: i32 = -1;

/// More than the number needs, and not more than the smallest page.
const LENGTH: usize = 4096;

/// A page that is all zeros in a child, however it was made: `fork()`, `_Fork()` or a system call.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn wiped_on_fork() -> Option<*mut AtomicU64> {
    let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping, wherever there is room.
    let page = unsafe { libc::mmap(ptr::null_mut(), LENGTH, access, kind, -1, 0) };
    if page == libc::MAP_FAILED {
        return None;
    }
    // SAFETY: the page is ours alone, and advice that exists nowhere changes nothing.
    let (is_wiped, is_anything_taken) =
        unsafe { (libc::madvise(page, LENGTH, libc::MADV_WIPEONFORK) == 0, libc::madvise(page, LENGTH, -1) == 0) };
    // Some emulators take any advice, and follow none.
    if is_wiped && !is_anything_taken {
        return Some(page.cast());
    }
    unmap(page.cast());
    None
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn wiped_on_fork() -> Option<*mut AtomicU64> {
    None
}

fn unmap(page: *mut AtomicU64) {
    // SAFETY: it came from mmap with this length, and nobody else has seen it.
    unsafe { libc::munmap(page.cast(), LENGTH) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forked() -> libc::pid_t {
        // SAFETY: the child compares numbers and exits.
        unsafe { libc::fork() }
    }

    /// A child that is made without the C library, so that no handler runs.
    #[cfg(target_os = "linux")]
    fn forked_by_system_call() -> libc::pid_t {
        // SAFETY: as for `forked`; no flag but the signal, so it is a fork.
        let id = unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) };
        libc::pid_t::try_from(id).unwrap()
    }

    /// Whether it holds in a child that is made like this.
    fn holds_in_child(fork: fn() -> libc::pid_t, condition: impl FnOnce() -> bool) -> bool {
        let id = fork();
        assert!(id >= 0);
        if id == 0 {
            // SAFETY: ends the child, without the parent's handlers.
            unsafe { libc::_exit(i32::from(!condition())) };
        }
        let mut status = -1;
        // SAFETY: the child is ours, and the status is written.
        assert_eq!(unsafe { libc::waitpid(id, &raw mut status, 0) }, id);
        libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
    }

    fn each_process_has_its_own(fork: fn() -> libc::pid_t) {
        let parent = generation();
        assert_eq!(generation(), parent);
        assert!(holds_in_child(fork, || {
            let child = generation();
            child != parent
                && generation() == child
                && holds_in_child(fork, || ![parent, child].contains(&generation()))
                && generation() == child
        }));
        assert_eq!(generation(), parent);
    }

    #[test]
    fn a_child_and_its_child_have_other_numbers() {
        each_process_has_its_own(forked);
        #[cfg(target_os = "linux")]
        each_process_has_its_own(forked_by_system_call);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_page_is_wiped_though_no_handler_runs() {
        generation();
        let mark = mark().unwrap();
        assert!(!ptr::eq(mark, &ORDINARY));
        assert!(holds_in_child(forked_by_system_call, || mark.load(Ordering::Acquire) == 0));
    }

    /// In a child, because the mark is that of the whole process.
    #[test]
    fn without_a_page_the_handler_does() {
        generation();
        assert!(holds_in_child(forked, || {
            MARK.store((&raw const ORDINARY).cast_mut(), Ordering::Release);
            let parent = generation();
            generation() == parent
                && holds_in_child(forked, || ORDINARY.load(Ordering::Acquire) == 0 && generation() != parent)
                && generation() == parent
        }));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn without_page_and_handler_the_process_id_does() {
        generation();
        assert!(holds_in_child(forked, || {
            MARK.store((&raw const ORDINARY).cast_mut(), Ordering::Release);
            let parent = generation();
            holds_in_child(forked_by_system_call, || {
                ORDINARY.load(Ordering::Acquire) == parent && generation() != parent
            })
        }));
    }
}
