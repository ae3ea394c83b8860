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
use crate::store::{Class, Hash, Now, Operation, Rate, Stamp, Store, Taken};

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
    /// Strangers from where somebody asked for a license that there is not, or for one after the other, a short time ago.
    guessers: VecDeque<Waiting>,
    /// Strangers in a row who were no guessers.
    others_in_a_row: u8,
    groups: HashSet<Group>,
    guesses: HashMap<Group, Guesses>,
    /// When what is forgotten of those was dropped last.
    swept: Duration,
    next_id: u64,
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Waiting>,
    is_served: bool,
}

/// What somebody has asked for that nobody knows to be a license.
struct Guesses {
    /// When that is forgotten.
    until: Duration,
    /// Who asks for one license again and again waits for it; who asks for another each time guesses.
    licenses: [Hash; GUESSES],
    count: usize,
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

    /// Takes a place to ask for a license, unless it would be one in vain.
    pub fn enter(self: &Arc<Self>, license: Hash, from: Group, has_lease: bool) -> Result<Place, Trouble> {
        let class = if has_lease { Class::Lease } else { Class::Stranger };
        let now = self.clock.now();
        let mut lines = self.lines();
        // Also who is sent away: else as many addresses as like could have their turns before they are told apart.
        let is_guesser = !has_lease && lines.note(from, license, now);
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
        if let Some(guesses) = self.lines().guesses(from, now) {
            guesses.count = GUESSES + 1;
            guesses.until = now + GUESSER_FOR;
        }
    }

    /// Notes that what somebody has asked for is a license.
    pub fn note_license(&self, from: Group, license: Hash) {
        if let Some(guesses) = self.lines().guesses.get_mut(&from) {
            guesses.remove(license);
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

impl Guesses {
    fn add(&mut self, license: Hash, until: Duration) {
        if self.licenses.iter().take(self.count).any(|noted| *noted == license) {
            return;
        }
        if let Some(free) = self.licenses.get_mut(self.count) {
            *free = license;
        }
        self.count = (self.count + 1).min(GUESSES + 1);
        self.until = until;
    }

    /// Who counts as a guesser stays one.
    fn remove(&mut self, license: Hash) {
        let noted = self.licenses.get_mut(..self.count).unwrap_or_default();
        if let Some(place) = noted.iter().position(|noted| *noted == license) {
            if let Some(rest) = noted.get_mut(place..) {
                rest.rotate_left(1);
            }
            self.count -= 1;
        }
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

    /// Notes what is asked for, and says whether it is one guess of many.
    fn note(&mut self, from: Group, license: Hash, now: Duration) -> bool {
        self.guesses(from, now).is_some_and(|guesses| {
            guesses.add(license, now + GUESSER_FOR);
            guesses.count > GUESSES
        })
    }

    /// What is noted of an address. None where there are too many: whoever has so many is not held up by this.
    fn guesses(&mut self, from: Group, now: Duration) -> Option<&mut Guesses> {
        if self.guesses.len() >= MOST_GUESSERS && !self.guesses.contains_key(&from) {
            if now < self.swept + SWEEP_AFTER {
                return None;
            }
            self.swept = now;
            self.guesses.retain(|_, guesses| now < guesses.until);
            if self.guesses.len() >= MOST_GUESSERS {
                return None;
            }
        }
        let nothing = Guesses { until: now + GUESSER_FOR, licenses: [[0; 32]; GUESSES], count: 0 };
        let guesses = self.guesses.entry(from).or_insert(nothing);
        if guesses.until <= now {
            (guesses.count, guesses.until) = (0, now + GUESSER_FOR);
        }
        Some(guesses)
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
/// How many licenses that nobody knows somebody may ask for before he counts as a guesser: a family has more than one.
const GUESSES: usize = 3;
/// How long after a guess somebody counts as a guesser.
const GUESSER_FOR: Duration = Duration::from_secs(10 * 60);
const MOST_GUESSERS: usize = 100_000;
const SWEEP_AFTER: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_for_one_license_after_the_other_guesses_and_who_asks_for_one_again_does_not() {
        let (mut lines, now) = (Lines::default(), Duration::from_secs(1));
        let from = |last: u8| Group::from(std::net::IpAddr::from([127, 0, 0, last]));
        let mut note = |who: u8, license: u8, now: Duration| lines.note(from(who), [license; 32], now);
        assert_eq!([1, 2, 3, 4, 5].map(|license| note(1, license, now)), [false, false, false, true, true]);
        assert!((0..100).all(|_| !note(2, 1, now)));
        assert!(!note(1, 6, now + GUESSER_FOR), "forgotten");
        // A license that is one counts no more.
        assert_eq!([1, 2, 3].map(|license| note(3, license, now)), [false; 3]);
        lines.guesses.get_mut(&from(3)).unwrap().remove([2; 32]);
        let mut note = |license: u8| lines.note(from(3), [license; 32], now);
        assert_eq!([1, 3, 4, 5].map(&mut note), [false, false, false, true]);
    }
}
