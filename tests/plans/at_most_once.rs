//! Sequences of faults between a creation and a server that takes each name once, as Whop documents it: of one call comes
//! one plan at the most, exactly one after Ok, and none after an error that says so.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;
use whop_license::{Api, Error};

use crate::support::authority::Authority;
use crate::support::{Act, Peer, Reads, Script, Then, answer, failure, plan, status_of_error};

/// What the server knows.
struct Ledger {
    random: Rng,
    /// The plans, which are never unmade.
    plans: Vec<String>,
    by_name: HashMap<String, Entry>,
    requests: usize,
    /// From which request on a route is gone.
    variants_end: usize,
    plans_end: usize,
    says_gone: String,
}

struct Entry {
    /// Path, date and body, which a repeat must have in common.
    request: String,
    said: String,
    /// So many repeats find it still running.
    running: usize,
}

impl Ledger {
    fn new(mut random: Rng) -> Self {
        let never = usize::MAX;
        let ends = |random: &mut Rng, often: u8| match random.u8(..100) {
            part if part < often => 0,
            part if part < 2 * often => random.usize(1..5),
            _ => never,
        };
        let shapes = [failure(410, "gone"), failure(404, "Not Found"), answer(404, "<html>"), answer(404, "")];
        let says_gone = random.choice(shapes).unwrap();
        let (variants_end, plans_end) = (ends(&mut random, 30), ends(&mut random, 5));
        Self { random, plans: Vec::new(), by_name: HashMap::new(), requests: 0, variants_end, plans_end, says_gone }
    }

    /// Takes one request, and says what becomes of its answer.
    fn take(&mut self, request: &str) -> Act {
        let number = self.requests;
        self.requests += 1;
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        let whole = format!("{path} {} {body}", header("api-version-date: "));
        let name = header("idempotency-key: ");
        let is_gone = number >= if path.ends_with("/variants") { self.variants_end } else { self.plans_end };
        // Which of the two is looked at first is nowhere said.
        if is_gone && (self.random.bool() || !self.by_name.contains_key(&name)) {
            return Act::Send(self.says_gone.clone());
        }
        let said = match self.by_name.get_mut(&name) {
            Some(known) if known.request != whole => failure(400, "The key was used with another request"),
            Some(known) if known.running > 0 => {
                known.running -= 1;
                failure(409, "A request with this key is still running")
            }
            Some(known) => known.said.replace("\r\n\r\n", "\r\nIdempotent-Replayed: true\r\n\r\n"),
            None => match self.random.u8(..100) {
                0..60 => self.create(name, whole),
                // Refused or lost before anything came of it.
                60..80 => {
                    let status = [400, 401, 403, 408, 422, 425, 429, 500, 502, 503, 504, 404];
                    failure(self.random.choice(status).unwrap(), "No such Product")
                }
                80..90 => return self.broken(answer(503, "").into_bytes(), true),
                // A refusal that is kept, as Whop keeps 4xx.
                _ => {
                    let said = failure(422, "The price is too low");
                    self.by_name.insert(name, Entry { request: whole, said: said.clone(), running: 0 });
                    said
                }
            },
        };
        self.lose(said)
    }

    fn create(&mut self, name: String, request: String) -> String {
        let id = format!("plan_{}", self.plans.len() + 1);
        self.plans.push(id.clone());
        let status = self.random.choice([200, 201]).unwrap();
        let said = answer(status, &json!({"id": id}).to_string());
        let running = if self.random.u8(..100) < 25 { self.random.usize(1..4) } else { 0 };
        self.by_name.insert(name, Entry { request, said: said.clone(), running });
        if running > 0 { failure(409, "A request with this key is still running") } else { said }
    }

    /// Most answers arrive; some are lost, or are another's.
    fn lose(&mut self, said: String) -> Act {
        match self.random.u8(..100) {
            0..45 => Act::Send(said),
            45..55 => Act::SendAndClose(said),
            55..95 => {
                let is_cut = self.random.bool();
                self.broken(said.into_bytes(), is_cut)
            }
            _ => Act::Send(self.random.choice(GATEWAY).unwrap()()),
        }
    }

    fn broken(&mut self, mut sends: Vec<u8>, is_cut: bool) -> Act {
        if is_cut {
            sends.truncate(self.random.usize(..sends.len()));
        } else {
            sends = answer(self.random.choice([500, 502, 503, 504]).unwrap(), "").into_bytes();
        }
        let then = match self.random.u8(..100) {
            0..50 => Then::Close,
            50..98 => Then::Reset,
            _ => Then::StayMute,
        };
        Act::Play(Script { sends, then, ..Script::default() })
    }
}

/// What stands between the library and Whop may say in its place.
const GATEWAY: [fn() -> String; 5] = [
    || answer(200, "<html>sign in</html>"),
    || answer(200, "{}"),
    || answer(302, ""),
    || answer(502, "<html>"),
    || "SSH-2.0-OpenSSH\r\n\r\n".into(),
];

/// What the first requests meet before the server: nothing, or a connection that is gone.
fn acts(random: &mut Rng, ledger: &Arc<Mutex<Ledger>>) -> Vec<Act> {
    let take = {
        let ledger = ledger.clone();
        Act::ask(move |request| ledger.lock().unwrap().take(request))
    };
    let mut acts: Vec<_> = (0..random.usize(..4))
        .map(|_| {
            let then = if random.bool() { Then::Close } else { Then::Reset };
            match random.u8(..100) {
                0..25 => Act::Play(Script { reads: Reads::Nothing, then, ..Script::default() }),
                25..35 => Act::Play(Script { reads: Reads::Head, then, ..Script::default() }),
                _ => take.clone(),
            }
        })
        .collect();
    acts.push(take);
    acts
}

/// One call that meets one sequence: how it ended, and in how many requests.
fn meet(seed: u64, tls: &(Authority, PathBuf)) -> (i32, usize) {
    let mut random = Rng::with_seed(seed);
    let ledger = Arc::new(Mutex::new(Ledger::new(random.fork())));
    let acts = acts(&mut random, &ledger);
    let is_tls = random.u8(..100) < 20;
    let peer = match is_tls {
        true => Peer::start_tls(acts, tls.0.server(&["localhost"])),
        false => Peer::start(acts),
    };
    let mut settings = peer.client_of(Api::Current);
    if is_tls {
        settings.base_url(&format!("https://localhost:{}/api", peer.port())).ca_file(tls.1.to_str().unwrap()).proxy("");
    }
    let client = settings.timeout(Duration::from_secs(2)).max_retries(random.u32(..5)).build().unwrap();
    let outcome = client.create_plan(plan());
    let plans = ledger.lock().unwrap().plans.clone();
    assert!(plans.len() <= 1, "SEED={seed}: {} plans of one call, which says {outcome:?}", plans.len());
    match &outcome {
        Ok(plan) => assert_eq!(plans, [plan.id()], "SEED={seed}: the plan that there is"),
        // After these there may be a plan, and the documentation says so.
        Err(Error::NoAnswer { .. } | Error::ServerError(_) | Error::BadResponse { .. }) => {}
        Err(error) => assert!(plans.is_empty(), "SEED={seed}: {plans:?} after {error}"),
    }
    let names = ledger.lock().unwrap().by_name.len();
    assert!(names <= 1, "SEED={seed}: {names} names that count");
    (outcome.as_ref().err().map_or(0, status_of_error), peer.seen().len())
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// `FAULTS=10000` tries more, `SEED=…` with `FAULTS=1` one again.
#[test]
fn of_one_call_comes_one_plan_at_the_most() {
    let seed = number("SEED").unwrap_or_else(|| fastrand::u64(..));
    let count = number("FAULTS").unwrap_or(2000) as usize;
    println!("SEED={seed} FAULTS={count}");
    let directory = tempfile::tempdir().unwrap();
    let tls = (Authority::new(), directory.path().join("ca.pem"));
    tls.0.write_to(&tls.1);
    let (next, ends) = (AtomicUsize::new(0), Mutex::new(BTreeMap::<(i32, bool), usize>::new()));
    // Most of the time is pauses.
    thread::scope(|threads| {
        for _ in 0..count.min(150) {
            threads.spawn(|| {
                while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < count) {
                    let (status, requests) = meet(seed.wrapping_add(number as u64), &tls);
                    *ends.lock().unwrap().entry((status, requests > 1)).or_default() += 1;
                }
            });
        }
    });
    let ends = ends.into_inner().unwrap();
    println!("one plan at the most in {count} calls; (status, whether repeated): how many: {ends:?}");
    if count >= 1000 {
        for expected in [(0, false), (0, true), (301, true), (203, false)] {
            assert!(ends.get(&expected).is_some_and(|count| *count > 0), "never came to {expected:?}: {ends:?}");
        }
    }
}
