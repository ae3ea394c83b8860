//! A first use: one at a time for each license, whichever process it comes to.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use whop_license::Verdict;

use super::Inner;
use super::entry::Entry;
use super::judge::{Ruling, pair};
use super::settings::BEFORE_THE_END;
use super::trouble::{LEAST, SOON, Trouble};
use super::whop_time::Agreement;
use crate::question::{Later, Question};
use crate::store::{Hash, Lock, Locking, Now, Operation, hash};

impl Inner {
    /// Gives the device a place, if one is free still when it is its turn. `seen` is what a place was free in.
    pub(super) async fn first_use(
        self: Arc<Self>,
        license: Hash,
        question: Question,
        seen: Arc<Entry>,
    ) -> Result<Ruling, Trouble> {
        let membership = seen.membership().map_err(|_| UNUSABLE)?;
        // By its id: the same license may be asked for in small letters as well.
        let id = hash(membership.id().unwrap_or_default());
        let busy = Trouble::Later(Later::LicenseTooBusy, LEAST * 2);
        let Some(_turn) = self.turns.wait(id, LONGEST_WAIT).await else { return Err(busy) };
        // Who had the turn before may have left something newer.
        if let Some(ruling) = self.decided_meanwhile(self.cache.get(license).await, &seen, &question) {
            return Ok(ruling);
        }
        let lock = self.lock(id).await?;
        let ruling = self.under_lock(license, &question, seen, &lock).await;
        if let Err(Ended::Unlocked(_)) = &ruling {
            // If it is not held any more, nothing was written under it either.
            self.store.unlock(&lock, None, self.now()).await;
        }
        ruling.map_err(|(Ended::Unlocked(trouble) | Ended::Lost(trouble))| trouble)
    }

    async fn lock(&self, id: Hash) -> Result<Lock, Trouble> {
        let until = self.clock.now() + LONGEST_WAIT;
        loop {
            match self.store.lock(id, self.settings.lock(), self.now()).await {
                Locking::Locked(lock) => return Ok(lock),
                Locking::Away(wait) => return Err(Trouble::Later(Later::StoreIsAway, wait.max(LEAST))),
                Locking::Busy(left) if self.clock.now() >= until => {
                    return Err(Trouble::Later(Later::LicenseTooBusy, left.max(LEAST)));
                }
                Locking::Busy(_) => sleep(PAUSE).await,
            }
        }
    }

    async fn under_lock(
        self: &Arc<Self>,
        license: Hash,
        question: &Question,
        seen: Arc<Entry>,
        lock: &Lock,
    ) -> Result<Ruling, Ended> {
        let device = &*question.device;
        // What was read after the last one who could write had ended is as good as what is read now.
        let is_fresh = |entry: &Entry| {
            entry.asked.stamp.is_some_and(|stamp| stamp > lock.fence)
                && entry.asked.at >= lock.not_before
                && entry.asked.age(self.clock.now(), self.clock.wall()) < FRESH_FOR
        };
        let shared = self.shared(license, FRESH_FOR).await.filter(|shared| shared.asked.stamp > seen.asked.stamp);
        let entry = match shared.unwrap_or(seen) {
            entry if is_fresh(&entry) => entry,
            _ => {
                let permit = self.whop.permit(Operation::Read, lock.ends - self.for_writing()).await?;
                self.read(license, question, permit).await?
            }
        };
        let name = match self.rule(&entry, device) {
            Ruling::FirstUse(name) => name,
            decided => {
                self.store.unlock(lock, None, self.now()).await;
                return Ok(decided);
            }
        };
        // The answer could not be told, and a place that nobody is told of must not be taken.
        if self.agreement() != Agreement::Agrees {
            return Err(Trouble::Later(Later::ClockIsWrong, SOON).into());
        }
        let permit = self.whop.permit(Operation::Bind, lock.ends - self.for_writing()).await?;
        if self.clock.now() + self.for_writing() > lock.ends {
            return Err(Trouble::Later(Later::WhopIsAway, SOON).into());
        }
        let (license_key, metadata) = (question.license_key.clone(), pair(&name, device));
        let write = move |client: &whop_license::Client| client.bind(&license_key, &*metadata);
        let heard = match self.whop.send(Operation::Bind, permit, write, |verdict| Some(verdict.answer())).await {
            Ok(heard) => heard,
            Err(unheard) if unheard.may_have_worked => {
                // Nobody begins until the lock ends by itself, and who comes then reads what became of it.
                self.forget_hash(license).await;
                return Err(Ended::Lost(unheard.trouble));
            }
            Err(unheard) => return Err(unheard.trouble.into()),
        };
        let (Verdict::Allowed(membership) | Verdict::Inactive(membership) | Verdict::DeviceMismatch(membership)) =
            heard.said
        else {
            self.forget_hash(license).await;
            return Err(Ended::Lost(UNUSABLE));
        };
        heard.key.was_shown(Operation::Bind, heard.asked, membership.id());
        let entry = Arc::new(self.entry(&membership, heard.asked));
        let ruling = self.rule(&entry, device);
        let kept = entry.to_keep().map(|kept| (kept, self.left(&entry)));
        let keep = kept.as_ref().filter(|(_, left)| !left.is_zero()).map(|(kept, left)| (license, kept, *left));
        if !self.store.unlock(lock, keep, self.now()).await {
            // The lock was lost with the store: another may have written after this one. Whop is asked again next time.
            self.forget_hash(license).await;
            return Err(Ended::Lost(Trouble::Later(Later::StoreIsAway, SOON)));
        }
        self.cache.put(license, entry).await;
        match ruling {
            // It was written, and is not there.
            Ruling::FirstUse(_) => Err(Ended::Lost(UNUSABLE)),
            ruling => Ok(ruling),
        }
    }

    fn decided_meanwhile(&self, kept: Option<Arc<Entry>>, seen: &Entry, question: &Question) -> Option<Ruling> {
        let newer = kept.filter(|kept| kept.asked.at > seen.asked.at)?;
        match self.rule(&newer, &question.device) {
            Ruling::FirstUse(_) => None,
            decided => Some(decided),
        }
    }

    /// What the writing of a device needs before its lock ends.
    fn for_writing(&self) -> Duration {
        self.settings.whop_timeout + BEFORE_THE_END
    }

    fn now(&self) -> Now {
        Now(self.clock.now())
    }
}

/// Why a first use has ended without a ruling.
enum Ended {
    /// Nothing was written: the lock may be given up.
    Unlocked(Trouble),
    /// Something may have been written, or the lock is gone.
    Lost(Trouble),
}

impl From<Trouble> for Ended {
    fn from(trouble: Trouble) -> Self {
        Self::Unlocked(trouble)
    }
}

const UNUSABLE: Trouble = Trouble::Later(Later::Unusable, SOON);
/// For the turn in this process, and for the lock.
const LONGEST_WAIT: Duration = Duration::from_secs(3);
/// Between two tries for the lock.
const PAUSE: Duration = Duration::from_millis(50);
/// How old what is used under a lock may be. Shorter than a fence is remembered.
const FRESH_FOR: Duration = Duration::from_secs(30);
