//! Asking Whop for a membership of the seller, which proves that the API key is good.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use whop_license::{Lookup, Membership};

use super::entry::Asked;
use super::judge::Judge;
use super::trouble::{IN_A_MINUTE, LEAST, Trouble};
use super::whop::{ApiKey, Unheard, Whop};
use crate::question::Later;
use crate::store::Operation;

impl Whop {
    /// Proves that the key was good when Whop said, so asked, that there is no such license.
    pub async fn prove(&self, key: &Arc<ApiKey>, asked: Asked, judge: &Judge) -> Result<(), Trouble> {
        let proof = &key.proof;
        let mut last = proof.last.lock().await;
        let now = self.clock.now();
        if proof.holds_after(asked.at, now) {
            return Ok(());
        }
        if let Some(left) = last.failed.and_then(|failed| (failed + FAILED_FOR).checked_sub(now)) {
            return Err(Trouble::Later(Later::NotProved, left.max(LEAST)));
        }
        // All who come meanwhile are proved by the same one.
        let once_in = Duration::from_secs_f64((PART_OF_LIMIT / self.rate.per_second).max(1.0));
        if let Some(left) = last.began.and_then(|began| (began + once_in).checked_sub(now)) {
            sleep(left).await;
        }
        last.began = Some(self.clock.now());
        let control = self.control().map(str::to_owned);
        let mut is_shown = false;
        let mut has_failed = false;
        for (id, is_control) in [(control, true), (proof.id(), false)] {
            if let Some(id) = id.filter(|_| !is_shown) {
                is_shown = self.shows(key, id, judge, is_control).await?;
                has_failed |= is_control && !is_shown;
            }
        }
        if !is_shown {
            is_shown = self.lists(key, judge).await?;
        }
        has_failed |= !is_shown;
        proof.set_failing(has_failed);
        if has_failed {
            metrics::counter!("whop_relay_control_failures_total").increment(1);
            match is_shown {
                true => tracing::error!("the control cannot be read, and another membership proves the API key"),
                false => tracing::error!(
                    "no membership could be read that proves the API key: has it been revoked, or is it another's?"
                ),
            }
        }
        // Whatever was shown must have been shown to this key, after the answer that it is to prove.
        match is_shown && proof.holds_after(asked.at, self.clock.now()) {
            true => Ok(()),
            false => {
                last.failed = Some(self.clock.now());
                Err(Trouble::Later(Later::NotProved, IN_A_MINUTE))
            }
        }
    }

    /// Whether Whop shows this membership to the key.
    async fn shows(&self, key: &Arc<ApiKey>, id: String, judge: &Judge, is_control: bool) -> Result<bool, Trouble> {
        let permit = self.permit(Operation::Read, self.clock.now() + LONGEST).await?;
        let read = self.send(Operation::Read, permit, move |client| client.membership_unproved(&id), lookup_answer);
        match read.await {
            Ok(heard) if !Arc::ptr_eq(&heard.key, key) => Err(CHANGED),
            Ok(heard) => match heard.said {
                // The seller named it: whatever product it is of.
                Lookup::Found(membership) if is_control || judge.serves(&membership) => {
                    key.was_shown(Operation::Read, heard.asked, membership.id().filter(|_| !is_control));
                    Ok(true)
                }
                _ => Ok(false),
            },
            Err(unheard) => not_shown(unheard),
        }
    }

    /// Whether Whop lists a membership of a product that is served.
    async fn lists(&self, key: &Arc<ApiKey>, judge: &Judge) -> Result<bool, Trouble> {
        let permit = self.permit(Operation::List, self.clock.now() + LONGEST).await?;
        match self.send(Operation::List, permit, |client| client.memberships(100), |list| list_answer(list)).await {
            Ok(heard) if !Arc::ptr_eq(&heard.key, key) => Err(CHANGED),
            Ok(heard) => {
                let ours = heard.said.iter().find(|membership| judge.serves(membership));
                ours.inspect(|membership| key.was_shown(Operation::List, heard.asked, membership.id()));
                Ok(ours.is_some())
            }
            Err(unheard) => not_shown(unheard),
        }
    }
}

/// An answer that cannot be used shows nothing; where Whop could not be asked, that is what is told.
fn not_shown(unheard: Unheard) -> Result<bool, Trouble> {
    match unheard.trouble {
        Trouble::Later(Later::Unusable, _) | Trouble::NotFound => Ok(false),
        later => Err(later),
    }
}

pub(super) fn lookup_answer(lookup: &Lookup) -> Option<&whop_license::Answer> {
    Some(match lookup {
        Lookup::Found(membership) => membership.answer(),
        Lookup::NotFound(answer) => answer,
    })
}

pub(super) fn list_answer(list: &[Membership]) -> Option<&whop_license::Answer> {
    list.first().map(Membership::answer)
}

/// The key was exchanged meanwhile.
const CHANGED: Trouble = Trouble::Later(Later::NotProved, LEAST);
/// One request in so many may be for the proof: else guesses would cost twice.
const PART_OF_LIMIT: f64 = 8.0;
/// How long it is not tried again after it has failed.
const FAILED_FOR: Duration = Duration::from_secs(5);
/// For leave to ask.
const LONGEST: Duration = Duration::from_secs(3);
