//! Who asks Whop next. Those with a lease have a line of their own; of the others each address has one place.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{sleep, timeout};

use super::trouble::{LEAST, SOON, Trouble};
use crate::address::Group;
use crate::clock::Clock;
use crate::question::Later;
use crate::store::{Class, Now, Operation, Rate, Stamp, Store, Taken};

/// Leave to send one request to Whop, at once.
pub(super) struct Permit {
    /// Held until the request has ended.
    _slot: OwnedSemaphorePermit,
    pub stamp: Option<Stamp>,
}

/// Who waits for Whop's limit.
pub(super) struct Queue {
    lines: Mutex<Lines>,
    store: Store,
    clock: Arc<dyn Clock>,
    rate: Rate,
    most: usize,
    slots_of_leases: Arc<Semaphore>,
    slots_of_strangers: Arc<Semaphore>,
}

#[derive(Default)]
struct Lines {
    leases: Line,
    strangers: Line,
    /// Strangers from where somebody asked for a license that there is not, a short time ago.
    guessers: VecDeque<Waiting>,
    /// Strangers in a row who were no guessers.
    others_in_a_row: u8,
    groups: HashSet<Group>,
    guesses: HashMap<Group, Duration>,
    next_id: u64,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    is_served: bool,
}

struct Waiting {
    id: u64,
    group: Option<Group>,
    permit: oneshot::Sender<Result<Permit, Trouble>>,
}

/// A place in a line. Whoever drops it leaves.
pub(super) struct Place {
    queue: Arc<Queue>,
    class: Class,
    id: u64,
    permit: oneshot::Receiver<Result<Permit, Trouble>>,
}

impl Permit {
    pub fn new(slot: OwnedSemaphorePermit, stamp: Option<Stamp>) -> Self {
        Self { _slot: slot, stamp }
    }
}

impl Queue {
    pub fn new(store: Store, clock: Arc<dyn Clock>, rate: Rate, most: usize) -> Self {
        Self {
            lines: Mutex::default(),
            store,
            clock,
            rate,
            most,
            slots_of_leases: Arc::new(Semaphore::new(SLOTS_OF_LEASES)),
            slots_of_strangers: Arc::new(Semaphore::new(SLOTS_OF_STRANGERS)),
        }
    }

    /// Takes a place, unless it would be one in vain.
    pub fn enter(self: &Arc<Self>, from: Group, has_lease: bool) -> Result<Place, Trouble> {
        let class = if has_lease { Class::Lease } else { Class::Stranger };
        let now = self.clock.now();
        let mut lines = self.lines();
        let is_guesser = !has_lease && lines.is_guesser(from, now);
        let wait = self.wait(&lines, class, is_guesser);
        if !has_lease && lines.groups.contains(&from) {
            return Err(Trouble::Later(Later::AddressTooBusy, wait.max(LEAST)));
        }
        if lines.len() >= self.most || wait > longest(class) {
            return Err(Trouble::Later(Later::LimitIsNear, wait.max(LEAST)));
        }
        let (sender, permit) = oneshot::channel();
        lines.next_id += 1;
        let id = lines.next_id;
        let group = (!has_lease).then_some(from);
        lines.groups.extend(group);
        let waiting = Waiting { id, group, permit: sender };
        match class {
            Class::Lease => lines.leases.waiting.push_back(waiting),
            _ if is_guesser => lines.guessers.push_back(waiting),
            _ => lines.strangers.waiting.push_back(waiting),
        }
        lines.tell();
        let line = lines.line(class);
        if !std::mem::replace(&mut line.is_served, true) {
            tokio::spawn(self.clone().serve(class));
        }
        Ok(Place { queue: self.clone(), class, id, permit })
    }

    /// Notes that somebody has asked for a license that there is not.
    pub fn note_guess(&self, from: Group) {
        let now = self.clock.now();
        let mut lines = self.lines();
        if lines.guesses.len() >= MOST_GUESSERS {
            lines.guesses.retain(|_, until| now < *until);
        }
        // Whoever has so many addresses is not held up by this.
        if lines.guesses.len() < MOST_GUESSERS {
            lines.guesses.insert(from, now + GUESSER_FOR);
        }
    }

    /// Hands out permits until nobody waits.
    async fn serve(self: Arc<Self>, class: Class) {
        let slots = if class == Class::Lease { &self.slots_of_leases } else { &self.slots_of_strangers };
        loop {
            // Before the limit is touched, so that what is taken of it is sent at once.
            let Ok(slot) = slots.clone().acquire_owned().await else { return };
            if !self.goes_on(class) {
                return;
            }
            match self.store.take(Operation::Read, class, self.rate, Now(self.clock.now())).await {
                Taken::Granted(stamp) => self.give(class, Permit::new(slot, stamp)),
                Taken::Wait(wait) => sleep(wait.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)).await,
                Taken::Cooldown(wait) => self.send_away(class, wait),
            }
        }
    }

    /// Whether somebody waits. If not, the line is not served any more.
    fn goes_on(&self, class: Class) -> bool {
        let mut lines = self.lines();
        let goes_on = !lines.is_empty(class);
        lines.line(class).is_served = goes_on;
        goes_on
    }

    fn give(&self, class: Class, permit: Permit) {
        let mut permit = Ok(permit);
        while let Some(next) = self.lines().pop(class) {
            match next.permit.send(permit) {
                Ok(()) => return,
                // Gone meanwhile.
                Err(back) => permit = back,
            }
        }
    }

    fn send_away(&self, class: Class, wait: Duration) {
        while let Some(next) = self.lines().pop(class) {
            // Whoever is gone needs no answer.
            let _ = next.permit.send(Err(Trouble::Later(Later::LimitIsNear, wait.max(LEAST))));
        }
    }

    /// How long who comes now will wait.
    fn wait(&self, lines: &Lines, class: Class, is_guesser: bool) -> Duration {
        let (ahead, share) = match class {
            Class::Lease => (lines.leases.waiting.len(), 0.75),
            _ => {
                let guessers = if is_guesser { lines.guessers.len() } else { 0 };
                let share = if lines.leases.waiting.is_empty() { 1.0 } else { 0.25 };
                (lines.strangers.waiting.len() + guessers, share)
            }
        };
        Duration::from_secs_f64(ahead as f64 / (self.rate.per_second * share))
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits for leave to ask.
    pub async fn permit(mut self) -> Result<Permit, Trouble> {
        match timeout(longest(self.class), &mut self.permit).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => Err(Trouble::Later(Later::LimitIsNear, SOON)),
            Err(_) => {
                let lines = self.queue.lines();
                let wait = self.queue.wait(&lines, self.class, false);
                Err(Trouble::Later(Later::LimitIsNear, wait.max(LEAST)))
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.lines().leave(self.class, self.id);
    }
}

impl Lines {
    fn line(&mut self, class: Class) -> &mut Line {
        if class == Class::Lease { &mut self.leases } else { &mut self.strangers }
    }

    fn len(&self) -> usize {
        self.leases.waiting.len() + self.strangers.waiting.len() + self.guessers.len()
    }

    fn is_empty(&self, class: Class) -> bool {
        match class {
            Class::Lease => self.leases.waiting.is_empty(),
            _ => self.strangers.waiting.is_empty() && self.guessers.is_empty(),
        }
    }

    /// The next of a line. Guessers have one turn in four.
    fn pop(&mut self, class: Class) -> Option<Waiting> {
        let next = match class {
            Class::Lease => self.leases.waiting.pop_front(),
            _ if self.others_in_a_row >= OTHERS_IN_A_ROW || self.strangers.waiting.is_empty() => {
                self.others_in_a_row = 0;
                self.guessers.pop_front().or_else(|| self.strangers.waiting.pop_front())
            }
            _ => {
                self.others_in_a_row += 1;
                self.strangers.waiting.pop_front()
            }
        };
        if let Some(group) = next.as_ref().and_then(|next| next.group) {
            self.groups.remove(&group);
        }
        self.tell();
        next
    }

    fn leave(&mut self, class: Class, id: u64) {
        let Self { leases, strangers, guessers, groups, .. } = self;
        let lines: &mut [_] = match class {
            Class::Lease => &mut [&mut leases.waiting],
            _ => &mut [&mut strangers.waiting, guessers],
        };
        for line in lines {
            if let Some(at) = line.iter().position(|waiting| waiting.id == id) {
                let left = line.remove(at);
                if let Some(group) = left.and_then(|left| left.group) {
                    groups.remove(&group);
                }
            }
        }
        self.tell();
    }

    fn is_guesser(&self, group: Group, now: Duration) -> bool {
        self.guesses.get(&group).is_some_and(|until| now < *until)
    }

    fn tell(&self) {
        let lines = [
            ("leases", self.leases.waiting.len()),
            ("strangers", self.strangers.waiting.len()),
            ("guessers", self.guessers.len()),
        ];
        for (line, length) in lines {
            metrics::gauge!("whop_relay_waiting", "line" => line).set(length as f64);
        }
    }
}

/// How long somebody waits for leave to ask: who has a lease can run from that.
fn longest(class: Class) -> Duration {
    if class == Class::Lease { Duration::from_millis(1500) } else { Duration::from_secs(5) }
}

const SLOTS_OF_LEASES: usize = 24;
const SLOTS_OF_STRANGERS: usize = 16;
const OTHERS_IN_A_ROW: u8 = 3;
/// How long after a guess somebody counts as a guesser.
const GUESSER_FOR: Duration = Duration::from_secs(10 * 60);
const MOST_GUESSERS: usize = 100_000;
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
