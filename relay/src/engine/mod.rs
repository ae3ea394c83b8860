//! What is said of a license: asked from Whop, one first use at a time, and kept for a while.

mod cache;
mod control;
mod entry;
mod first_use;
mod health;
mod judge;
mod lookups;
mod proof;
mod queue;
mod settings;
mod trouble;
mod turns;
mod whop;
mod whop_time;

pub use health::Health;
pub use settings::EngineSettings;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use whop_license::lease::Reason;
use whop_license::{Error, Lookup, Membership};

use self::cache::Cache;
use self::control::{list_answer, lookup_answer};
use self::entry::{Asked, Entry};
use self::judge::{Judge, Ruling};
use self::lookups::{LookedUp, Lookups};
use self::queue::{Permit, Queue};
use self::trouble::{LEAST, SOON, Trouble};
use self::turns::Turns;
use self::whop::{Heard, Whop, builder};
use self::whop_time::Agreement;
use crate::clock::Clock;
use crate::question::{Later, Outcome, Question};
use crate::store::{Hash, Operation, Store, hash};

/// Answers questions about licenses. Clones are the same one.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    settings: EngineSettings,
    judge: Judge,
    whop: Whop,
    queue: Arc<Queue>,
    cache: Cache,
    lookups: Lookups,
    turns: Turns,
    store: Store,
    clock: Arc<dyn Clock>,
    /// Of entries that other settings have no use for.
    prefix: String,
    is_asking_the_time: AtomicBool,
}

impl Engine {
    /// Makes an engine. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for an API key or a setting that cannot be used.
    pub fn new(settings: EngineSettings, api_key: &str, store: Store, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        settings.check()?;
        let names = settings.device_names();
        let of_product = |product: &String| -> Result<_, Error> {
            let mut builder = builder(&settings, FOR_JUDGING);
            builder.product_id(product);
            for name in &names {
                builder.metadata_key(name);
            }
            Ok((product.clone(), builder.build()?))
        };
        let products = settings.products.iter().map(of_product).collect::<Result<_, _>>()?;
        let judge = Judge::new(products, names);
        let whop = Whop::new(&settings, api_key, store.clone(), clock.clone())?;
        Ok(Self(Arc::new(Inner {
            queue: Arc::new(Queue::new(store.clone(), clock.clone(), whop.rate, settings.waiting)),
            cache: Cache::new(&settings, clock.clone()),
            prefix: format!("{:?}\n{}\n", settings.base_url, judge.names().join("\n")),
            lookups: Lookups::default(),
            turns: Turns::default(),
            is_asking_the_time: AtomicBool::new(false),
            judge,
            whop,
            settings,
            store,
            clock,
        })))
    }

    /// Says what is to be said of a license on a device. The front has refused what is no license key and no device:
    /// membership ids, control characters, more than 256 bytes, values that begin with `released:`.
    ///
    /// A caller that goes away ends nothing: a first use is finished, and an answer of Whop's is kept.
    pub async fn check(&self, question: &Question) -> Outcome {
        let outcome = self.0.check(question).await.unwrap_or_else(|trouble| match trouble {
            Trouble::NotFound => Outcome::Denied(Reason::LicenseNotFound),
            Trouble::Later(later, wait) => Outcome::Later(later, wait),
        });
        // Nothing is said without the time of Whop's.
        let outcome = match (outcome, self.0.agreement()) {
            (later @ Outcome::Later(..), _) => later,
            (said, Agreement::Agrees) => said,
            _ => Outcome::Later(Later::ClockIsWrong, SOON),
        };
        count(question, &outcome);
        outcome
    }

    /// Takes another API key, at once. What was proved with the one before proves nothing for this one.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] for a key that cannot be used: the one before stays.
    pub fn set_api_key(&self, api_key: &str) -> Result<(), Error> {
        self.0.whop.set_api_key(api_key)
    }

    /// Forgets what is kept of a license, in the shared store as well: what was asked before is not kept any more.
    pub async fn forget(&self, license_key: &str) {
        self.0.forget_hash(self.0.hash(license_key)).await;
    }

    /// How the engine is, for `/readyz`.
    pub fn health(&self) -> Health {
        let key = self.0.whop.key();
        Health {
            api_key_refused: key.is_refused(),
            control_failing: key.proof.is_failing(),
            store_away: self.0.store.is_away(),
            clock_wrong: match self.0.agreement() {
                Agreement::Agrees => false,
                Agreement::Differs { .. } => true,
                // Before Whop was asked for the first time, nothing is wrong.
                Agreement::Unknown => self.0.whop.time.is_missing(),
            },
            cooldown: self.0.store.cooldown(self.0.clock.now()),
        }
    }
}

impl Inner {
    async fn check(self: &Arc<Self>, question: &Question) -> Result<Outcome, Trouble> {
        if let Agreement::Differs { heard } = self.agreement() {
            if heard >= ASK_THE_TIME_AFTER {
                self.ask_the_time();
            }
            return Err(Trouble::Later(Later::ClockIsWrong, SOON));
        }
        let license = self.hash(&question.license_key);
        let mut entry = match self.cache.get(license).await {
            Some(entry) => {
                count_cache("hit");
                entry
            }
            None if self.cache.is_unknown(license).await => {
                count_cache("hit");
                return Err(Trouble::NotFound);
            }
            None => {
                count_cache("miss");
                self.fetch(license, question, Duration::MAX).await?
            }
        };
        let mut ruling = self.rule(&entry, &question.device);
        if ruling == Ruling::Elsewhere && self.age(&entry) >= ASK_AGAIN_AFTER {
            // The device that had the place may have been released since.
            match self.ask_again(license, question, &entry).await {
                Ok(newer) => (ruling, entry) = (self.rule(&newer, &question.device), newer),
                Err(Trouble::NotFound) => return Err(Trouble::NotFound),
                // What is not older than a no may be is proof enough of one.
                Err(_) if self.age(&entry) < self.settings.cache_others => {}
                Err(later) => return Err(later),
            }
        }
        let is_too_old_for_a_no = self.age(&entry) >= self.settings.cache_others.max(ASK_AGAIN_AFTER);
        if let Ruling::FirstUse(_) = ruling {
            let first_use = tokio::spawn(self.clone().first_use(license, question.clone(), entry));
            ruling = first_use.await.unwrap_or(Err(Trouble::Later(Later::Unusable, SOON)))?;
        } else if ruling == Ruling::Elsewhere && is_too_old_for_a_no {
            // From a lookup that had begun for somebody else, to whom it was new enough.
            return Err(Trouble::Later(Later::LimitIsNear, LEAST));
        }
        match ruling {
            Ruling::Known(facts) => Ok(Outcome::Known(facts)),
            Ruling::Elsewhere => Ok(Outcome::Denied(Reason::DeviceMismatch)),
            Ruling::OtherProduct => Ok(Outcome::Denied(Reason::ProductMismatch)),
            Ruling::FirstUse(_) | Ruling::Unusable => Err(Trouble::Later(Later::Unusable, SOON)),
        }
    }

    async fn ask_again(self: &Arc<Self>, license: Hash, question: &Question, entry: &Entry) -> LookedUp {
        match entry.ask_again(self.clock.now(), ASK_AGAIN_AFTER) {
            Ok(()) => self.fetch(license, question, ASK_AGAIN_AFTER).await,
            Err(wait) => Err(Trouble::Later(Later::LimitIsNear, wait.max(LEAST))),
        }
    }

    /// The membership, of no such age: from another process, or from Whop.
    async fn fetch(self: &Arc<Self>, license: Hash, question: &Question, no_such_age: Duration) -> LookedUp {
        loop {
            let find = || self.clone().find(license, question.clone(), no_such_age);
            match self.lookups.join(license, find).await {
                // Which was another's address, or a stranger's place in the queue.
                (Err(Trouble::Later(Later::AddressTooBusy, _)), true) => {}
                (Err(Trouble::Later(Later::LimitIsNear, _)), true) if question.has_lease.get() => {}
                (outcome, _) => return outcome,
            }
        }
    }

    async fn find(self: Arc<Self>, license: Hash, question: Question, no_such_age: Duration) -> LookedUp {
        if let Some(entry) = self.shared(license, no_such_age).await {
            self.cache.put(license, entry.clone()).await;
            return Ok(entry);
        }
        let permit = self.queue.enter(license, question.from, question.has_lease.get())?.permit().await?;
        self.read(license, &question, permit).await
    }

    /// Asks Whop.
    async fn read(&self, license: Hash, question: &Question, permit: Permit) -> LookedUp {
        let mut heard = self.look_up(question, permit).await?;
        if matches!(heard.said, Lookup::NotFound(_)) && self.cache.was_found(license) {
            // A part of Whop that is away may not find it once, while another part proves the API key.
            let permit = self.whop.permit(Operation::Read, self.clock.now() + LONGEST_FOR_A_SECOND_LOOK).await?;
            heard = self.look_up(question, permit).await?;
        }
        match heard.said {
            Lookup::Found(membership) => {
                self.queue.note_license(question.from, license);
                if self.judge.serves(&membership) {
                    heard.key.was_shown(Operation::Read, heard.asked, membership.id());
                }
                Ok(self.keep(license, &membership, heard.asked).await)
            }
            Lookup::NotFound(_) => {
                self.whop.prove(&heard.key, heard.asked, &self.judge).await?;
                if !question.has_lease.get() {
                    self.queue.note_guess(question.from);
                }
                self.cache.put_unknown(license, heard.asked).await;
                Err(Trouble::NotFound)
            }
        }
    }

    async fn look_up(&self, question: &Question, permit: Permit) -> Result<Heard<Lookup>, Trouble> {
        let license_key = question.license_key.clone();
        let request = move |client: &whop_license::Client| client.membership_unproved(&license_key);
        let heard = self.whop.send(Operation::Read, permit, request, lookup_answer).await;
        heard.map_err(|unheard| unheard.trouble)
    }

    /// Keeps what Whop said, here and for others.
    async fn keep(&self, license: Hash, membership: &Membership, asked: Asked) -> Arc<Entry> {
        let entry = Arc::new(self.entry(membership, asked));
        let left = self.left(&entry);
        if !left.is_zero() {
            self.cache.put(license, entry.clone()).await;
            if let Some(kept) = entry.to_keep() {
                self.store.put(license, &kept, left).await;
            }
        }
        entry
    }

    /// What another process has kept, of no such age.
    async fn shared(&self, license: Hash, no_such_age: Duration) -> Option<Arc<Entry>> {
        // Its age is judged by the own clock, which Whop has to confirm first.
        if !self.store.is_shared() || self.agreement() != Agreement::Agrees {
            return None;
        }
        let kept = self.store.get(license).await?;
        let lifetime = self.lifetime(&Membership::from_json(&kept.json).ok()?);
        let entry = Entry::of_kept(kept, self.clock.now(), self.clock.wall(), lifetime)?;
        (!self.left(&entry).is_zero() && self.age(&entry) < no_such_age).then(|| Arc::new(entry))
    }

    fn entry(&self, membership: &Membership, asked: Asked) -> Entry {
        Entry::new(membership, self.judge.names(), asked, self.lifetime(membership))
    }

    /// How long a membership is kept: not at all what cannot be used.
    fn lifetime(&self, membership: &Membership) -> Duration {
        match self.judge.rule(membership, ANY_DEVICE) {
            Ruling::Unusable => Duration::ZERO,
            Ruling::OtherProduct => self.settings.cache_others,
            _ if self.judge.entitles(membership) => self.settings.cache_allowed,
            _ => self.settings.cache_others,
        }
    }

    fn rule(&self, entry: &Entry, device: &str) -> Ruling {
        entry.membership().map_or(Ruling::Unusable, |membership| self.judge.rule(&membership, device))
    }

    fn age(&self, entry: &Entry) -> Duration {
        entry.asked.age(self.clock.now(), self.clock.wall())
    }

    fn left(&self, entry: &Entry) -> Duration {
        entry.left(self.clock.now(), self.clock.wall())
    }

    fn hash(&self, license_key: &str) -> Hash {
        hash(&format!("{}{license_key}", self.prefix))
    }

    async fn forget_hash(&self, license: Hash) {
        self.cache.forget(license).await;
        self.store.forget(license, self.settings.lock()).await;
    }

    fn agreement(&self) -> Agreement {
        self.whop.time.agreement(&*self.clock)
    }

    /// Asks Whop for anything, since the time comes with it.
    fn ask_the_time(self: &Arc<Self>) {
        if self.is_asking_the_time.swap(true, Ordering::Relaxed) {
            return;
        }
        let this = self.clone();
        tokio::spawn(async move {
            let until = this.clock.now() + ASK_THE_TIME_AFTER;
            if let Ok(permit) = this.whop.permit(Operation::List, until).await {
                // The time is noted, and nothing else is wanted.
                let _ = this
                    .whop
                    .send(Operation::List, permit, |client| client.memberships(1), |list| list_answer(list))
                    .await;
            }
            this.is_asking_the_time.store(false, Ordering::Relaxed);
        });
    }
}

fn count(question: &Question, outcome: &Outcome) {
    if outcome.is_denial() && question.has_lease.get() {
        metrics::counter!("whop_relay_grants_turned_into_denials_total", "outcome" => outcome.name()).increment(1);
    }
}

fn count_cache(result: &'static str) {
    metrics::counter!("whop_relay_cache_total", "result" => result).increment(1);
}

/// How old what is known must be before Whop is asked again for another device, and how often that may be.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// How long ago Whop's time came before it is asked for.
const ASK_THE_TIME_AFTER: Duration = Duration::from_secs(10);
/// For leave to ask Whop again about a license that it does not find any more.
const LONGEST_FOR_A_SECOND_LOOK: Duration = Duration::from_secs(3);
/// In place of an API key, where nothing is sent.
const FOR_JUDGING: &str = "none";
/// A device, to see whether a membership says enough for one.
const ANY_DEVICE: &str = "-";
