//! Copies that C borrows from an object, made when they are first asked for.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicPtr, Ordering};

/// The copies of parts of one text. It takes no lock, which a fork could leave locked.
#[derive(Default)]
pub(super) struct Copies {
    newest: AtomicPtr<Copied>,
}

struct Copied {
    /// Where in the text it begins, which no other part does.
    start: usize,
    part: CString,
    older: *mut Copied,
}

impl Copies {
    /// The copy of the part of a text that begins at `start`: the same one each time. None for a part with a NUL in it.
    pub fn copy(&self, start: usize, part: &str) -> Option<&CStr> {
        let mut newest = self.newest.load(Ordering::Acquire);
        if let Some(known) = self.find(start, newest) {
            return Some(known);
        }
        let mut copied = Box::new(Copied { start, part: CString::new(part).ok()?, older: newest });
        loop {
            let pointer = Box::into_raw(copied);
            match self.newest.compare_exchange(newest, pointer, Ordering::AcqRel, Ordering::Acquire) {
                // SAFETY: what is in the list is neither changed nor freed before the list is dropped.
                Ok(_) => return Some(unsafe { &(*pointer).part }),
                Err(newer) => {
                    // SAFETY: the box that it came from, which is not in the list.
                    copied = unsafe { Box::from_raw(pointer) };
                    // Another thread was faster, perhaps with the same part.
                    if let Some(known) = self.find(start, newer) {
                        return Some(known);
                    }
                    copied.older = newer;
                    newest = newer;
                }
            }
        }
    }

    /// Looks from a copy on to the oldest one.
    fn find(&self, start: usize, mut from: *const Copied) -> Option<&CStr> {
        // SAFETY: what is in the list is neither changed nor freed before the list is dropped.
        while let Some(copied) = unsafe { from.as_ref() } {
            if copied.start == start {
                return Some(&copied.part);
            }
            from = copied.older;
        }
        None
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        let mut next = *self.newest.get_mut();
        while !next.is_null() {
            // SAFETY: each was made by a Box, and is in the list once.
            next = unsafe { Box::from_raw(next) }.older;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{ptr, thread};

    use super::*;

    #[test]
    fn threads_are_given_the_same_copy() {
        const TEXT: &str = "0123456789";
        let copies = Copies::default();
        let borrow = || {
            let copy = |start: usize| copies.copy(start % 10, &TEXT[start % 10..]).unwrap();
            (0..10_000).map(|start| (copy(start), &TEXT[start % 10..])).collect::<Vec<_>>()
        };
        let borrowed: Vec<_> = thread::scope(|scope| {
            let threads = [(); 4].map(|()| scope.spawn(borrow));
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        for (index, (copy, part)) in borrowed.iter().enumerate() {
            assert_eq!(copy.to_str(), Ok(*part));
            assert!(ptr::eq(*copy, borrowed[index % 10].0));
        }
    }

    #[test]
    fn part_that_c_would_cut_is_not_given() {
        assert_eq!(Copies::default().copy(0, "a\0b"), None);
    }

    #[test]
    fn many_copies_are_dropped_without_a_deep_stack() {
        let copies = Copies::default();
        for start in 0..2_000 {
            assert!(copies.copy(start, "x").is_some());
        }
        thread::Builder::new().stack_size(64 * 1024).spawn(|| drop(copies)).unwrap().join().unwrap();
    }
}
