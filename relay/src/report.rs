//! What a check leaves behind: figures, and lines in the log. Neither tells who asked for what.

use std::sync::{Once, OnceLock};
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::log::Names;
use crate::question::{Later, Outcome, Question};
use crate::request::Refusal;
use crate::signer::Unsigned;

/// The figures of this process, which are kept from the first call on. None if somebody else keeps them.
pub(crate) fn figures() -> Option<&'static PrometheusHandle> {
    static FIGURES: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let begin = || {
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?;
        let handle = builder.install_recorder().ok()?;
        describe();
        Some(handle)
    };
    FIGURES.get_or_init(begin).as_ref()
}

/// A check that came to an outcome.
pub(crate) fn checked(
    names: &Names,
    question: &Question,
    outcome: &Outcome,
    unsigned: Option<Unsigned>,
    took: Duration,
) {
    let said = outcome.name();
    let has_lease = question.has_lease.known();
    let customer = match has_lease {
        Some(true) => "yes",
        Some(false) => "no",
        // Answered from what is kept.
        None => "not looked at",
    };
    counter!("whop_relay_answers_total", "outcome" => said, "lease" => customer).increment(1);
    histogram!(SECONDS, "lease" => customer).record(took);
    match unsigned {
        Some(Unsigned::NoCommonKey) => counter!("whop_relay_unsigned_total", "why" => "no common key").increment(1),
        Some(Unsigned::NoNonce) => counter!("whop_relay_unsigned_total", "why" => "no nonce").increment(1),
        Some(Unsigned::NothingToSay) | None => {}
    }
    let (from, ms) = (&question.from, took.as_millis());
    // Each argument is made only if its line is written.
    match outcome {
        Outcome::Known(facts) if facts.valid => {
            tracing::debug!(license = names.name(&question.license_key), ?from, ?has_lease, ms, ?unsigned, "{said}");
        }
        Outcome::Known(_) | Outcome::Denied(_) => {
            tracing::info!(license = names.name(&question.license_key), ?from, ?has_lease, ms, ?unsigned, "{said}");
        }
        Outcome::Later(why, wait) => {
            let wait = wait.as_secs();
            // Whoever guesses keys must not fill the disk with what he is told.
            match why {
                Later::AddressTooBusy | Later::LicenseTooBusy | Later::LimitIsNear => {
                    tracing::debug!(license = names.name(&question.license_key), ?from, ?has_lease, ms, wait, "{said}");
                }
                _ => tracing::info!(license = names.name(&question.license_key), ?from, ?has_lease, ms, wait, "{said}"),
            }
        }
    }
    if unsigned == Some(Unsigned::NoCommonKey) {
        tracing::info!(license = names.name(&question.license_key), "not signed: the program trusts none of the keys");
    }
}

/// A request that was not read.
pub(crate) fn refused(refusal: Refusal) {
    let why = match refusal {
        Refusal::Malformed(_) => "malformed",
        Refusal::MembershipId => "membership id",
        Refusal::TooLarge => "too large",
        Refusal::MediaType => "media type",
        Refusal::TooSlow => "too slow",
    };
    counter!("whop_relay_requests_refused_total", "why" => why).increment(1);
    tracing::debug!(why, "request refused");
}

/// A request that found no place.
pub(crate) fn full() {
    counter!("whop_relay_requests_refused_total", "why" => "full").increment(1);
}

/// A check that a trusted proxy sent without saying for whom.
pub(crate) fn unnamed() {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| tracing::warn!("a trusted proxy sends no X-Forwarded-For: its customers count as one address"));
    counter!("whop_relay_unnamed_total").increment(1);
}

/// A check that panicked.
pub(crate) fn panicked() {
    counter!("whop_relay_panics_total").increment(1);
}

/// Files that were read again.
pub(crate) fn reloaded(what: &'static str, outcome: Result<(), String>) {
    let is_good = if outcome.is_ok() { "yes" } else { "no" };
    counter!("whop_relay_reloads_total", "file" => what, "good" => is_good).increment(1);
    match outcome {
        Ok(()) => tracing::info!("{what} was read again"),
        Err(fault) => tracing::error!(fault, "{what} changed and cannot be used: the one before stays"),
    }
}

/// How many connections are open.
pub(crate) fn connections(count: usize) {
    gauge!("whop_relay_connections").set(u32::try_from(count).unwrap_or(u32::MAX));
}

fn describe() {
    describe_counter!(
        "whop_relay_answers_total",
        "Checks by what was answered, to customers with a lease and to others"
    );
    describe_histogram!(SECONDS, "How long checks took, in seconds");
    describe_counter!("whop_relay_unsigned_total", "Answers that could not be signed for the program that asked");
    describe_counter!("whop_relay_requests_refused_total", "Requests that were not read");
    describe_counter!("whop_relay_connections_refused_total", "Connections that found no place");
    describe_counter!("whop_relay_unnamed_total", "Checks that a trusted proxy sent without X-Forwarded-For");
    describe_counter!("whop_relay_panics_total", "Faults of this program");
    describe_counter!("whop_relay_reloads_total", "Files that changed and were read again");
    describe_gauge!("whop_relay_connections", "Connections that are open");
}

const SECONDS: &str = "whop_relay_check_seconds";
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.0, 5.0, 15.0];
