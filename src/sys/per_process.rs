//! What a process has for itself, and a forked child does not share with its parent.

use once_cell::race::OnceBox;

use super::generation;

/// A value that is made anew in a forked child. No lock guards it, which a fork could leave locked.
pub(crate) struct PerProcess<T> {
    first: OnceBox<Owned<T>>,
}

struct Owned<T> {
    /// The generation that may use the value; what it inherits stays in memory, untouched.
    generation: u64,
    value: T,
    next: OnceBox<Owned<T>>,
}

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> PerProcess<T> {
    pub const fn new() -> Self {
        Self { first: OnceBox::new() }
    }

    pub fn get_or_init(&self, make: impl Fn() -> T) -> &T {
        let generation = generation();
        let mut place = &self.first;
        loop {
            let owned = place.get_or_init(|| Box::new(Owned { generation, value: make(), next: OnceBox::new() }));
            if owned.generation == generation {
                return &owned.value;
            }
            place = &owned.next;
        }
    }
}
