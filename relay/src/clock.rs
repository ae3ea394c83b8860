//! What time it is. Tests move it.

use std::fmt::Debug;
use std::time::{Duration, Instant, SystemTime};

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// Time that only goes forward, since a moment of the clock's own.
    fn now(&self) -> Duration;

    /// What the machine believes that the time is.
    fn wall(&self) -> SystemTime;
}

/// The machine's own clock.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// Begins now.
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The machine's clock, moved: for tests, which do not wait.
#[derive(Debug, Default)]
pub struct MovedClock {
    clock: SystemClock,
    moved: std::sync::Mutex<Moved>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Moved {
    both: Duration,
    true_wall: Duration,
    /// In seconds.
    wall: i64,
}

impl MovedClock {
    /// Moves both times forward, as if one had waited.
    pub fn forward(&self, by: Duration) {
        self.moved().both += by;
    }

    /// Sets the wall time alone, forward or back, as people do.
    pub fn set_wall(&self, seconds: i64) {
        self.moved().wall += seconds;
    }

    /// Takes what the wall time was set by for the true one: everybody else has it then as well.
    pub fn agree(&self) {
        let mut moved = self.moved();
        let by = Duration::from_secs(moved.wall.unsigned_abs());
        moved.true_wall = if moved.wall < 0 { moved.true_wall.saturating_sub(by) } else { moved.true_wall + by };
        moved.wall = 0;
    }

    /// What time it is for everybody else: the wall time without what it was set by.
    pub fn true_wall(&self) -> SystemTime {
        let Moved { both, true_wall, .. } = *self.moved();
        self.clock.wall() + both + true_wall
    }

    fn moved(&self) -> std::sync::MutexGuard<'_, Moved> {
        self.moved.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Duration {
        self.clock.now() + self.moved().both
    }

    fn wall(&self) -> SystemTime {
        let wall = self.moved().wall;
        let now = self.true_wall();
        let by = Duration::from_secs(wall.unsigned_abs());
        if wall < 0 { now - by } else { now + by }
    }
}
