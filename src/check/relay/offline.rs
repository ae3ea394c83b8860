//! The leases that are kept: what is stored after a signed answer, and what stands in where there is none.

use super::{Asked, Relay};
use crate::answer::Answer;
use crate::check::Verdict;
use crate::error::Error;
use crate::http::is_canceled;
use crate::lease::{self, Damaged, Lease, LeaseFile, Stored, WaitLimit};

/// A grant that is stored.
pub(super) struct Held {
    pub lease: Lease,
    /// Whether it would stand in now.
    pub is_good: bool,
}

impl Relay<'_> {
    /// The newest answer that is stored for this, if it is a grant.
    pub(super) fn held(&self, asked: &Asked<'_>) -> Option<Held> {
        let stored = self.lease_file?.read().ok()?;
        let (verdict, lease) = self.stored(stored.lease(&asked.subject()), asked).ok()?;
        let is_good = lease::check(lease.claims(), stored.latest, lease::now()).is_ok();
        verdict.is_allowed().then_some(Held { lease, is_good })
    }

    /// Keeps a signed answer. Where that fails, the answer stands and says so.
    pub(super) fn keep(&self, verdict: &mut Verdict, lease: &Lease, asked: &Asked<'_>) {
        let Some(file) = self.lease_file else { return };
        let is_allowed = verdict.is_allowed();
        let kept = file.update(wait_limit(asked), Damaged::IsReplaced, |stored| {
            stored.keep(&asked.subject(), lease, is_allowed, asked.began, lease::now_in_milliseconds());
            stored.latest = lease.claims().iat;
        });
        if let Err(fault) = kept {
            // Whom it denies, no use without network is taken from.
            let what =
                if is_allowed { "It is not kept for use without network" } else { "This answer could not be stored" };
            verdict.set_remark(format!("{what}: {fault}."));
        }
    }

    /// What the stored lease says, after a call that ended with this error.
    pub(super) fn offline(&self, error: Error, asked: &Asked<'_>) -> Result<Verdict, Error> {
        let Some(file) = self.lease_file else { return Err(Error::relay(error, None)) };
        match self.grant(file, asked) {
            // A canceled call decides nothing.
            _ if is_canceled() => Err(Error::Canceled),
            Ok((mut verdict, until)) => {
                let (until, error) = (lease::in_words(until), Error::relay(error, None));
                verdict.set_remark(format!("It stands on the lease of the last answer, until {until}: {error}."));
                Ok(verdict)
            }
            Err(fault) => Err(Error::relay(error, Some(fault))),
        }
    }

    /// The grant that is stored, and when it ends: else why there is none.
    fn grant(&self, file: &LeaseFile, asked: &Asked<'_>) -> Result<(Verdict, i64), String> {
        let now = lease::now();
        // The time that is seen counts only when it is stored: else a clock could be set back again and again.
        let (token, latest) = file.update(wait_limit(asked), Damaged::Stays, |stored: &mut Stored| {
            let latest = stored.latest;
            stored.latest = latest.max(now);
            (stored.lease(&asked.subject()).map(str::to_owned), latest)
        })?;
        let (verdict, lease) = self.stored(token.as_deref(), asked)?;
        let claims = lease.claims();
        if !verdict.is_allowed() {
            return Err(format!("the last signed answer, of {}, was no: {verdict}", lease::in_words(claims.iat)));
        }
        lease::check(claims, latest, now)?;
        Ok((verdict, claims.exp))
    }

    /// What a stored lease says, whenever that was: nothing of it is believed but what was signed.
    fn stored(&self, token: Option<&str>, asked: &Asked<'_>) -> Result<(Verdict, Lease), String> {
        let token = token.ok_or("no lease is stored for this license, device and product")?;
        let lease = Lease::verify(token, self.public_keys).map_err(|fault| format!("the stored lease: {fault}"))?;
        let lease = self.is_about(lease, asked)?;
        let verdict = self.judge(lease.claims(), Answer::stored(lease.said()), asked);
        Ok((verdict.map_err(|error| error.to_string())?, lease))
    }
}

fn wait_limit(asked: &Asked<'_>) -> WaitLimit {
    WaitLimit { until: asked.deadline, is_canceled }
}
