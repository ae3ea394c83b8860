//! The last requests, each open to its bodies.

use std::time::Instant;

use maud::{Markup, html};

use crate::redact;
use crate::request_log::Entry;

pub fn requests(newest: &[Entry]) -> Markup {
    html! {
        section #requests data-fresh {
            h2 { "Last requests" }
            @if newest.is_empty() {
                p { "None yet." }
            } @else {
                p { "Open one to see what was sent. License keys, metadata and the buyer's data are cut short." }
                @for entry in newest { (request(entry)) }
            }
        }
    }
}

fn request(entry: &Entry) -> Markup {
    let request = &entry.request;
    html! {
        details id={ "request-" (entry.number) } {
            summary {
                (status(request.status))
                code { (request.method) " " (redact::path(&request.path)) }
                small { (request.api_key.unwrap_or("–")) }
                small.when { (ago(request.arrived)) }
            }
            @if let Some(date) = &request.api_version_date { p { "Api-Version-Date: " (date) } }
            @if let Some(key) = &request.idempotency_key { p { "Idempotency-Key: " (redact::short(key)) } }
            (body("Request", &entry.asked))
            (body("Answer", &entry.answered))
        }
    }
}

fn body(title: &str, text: &str) -> Markup {
    html! {
        h3 { (title) }
        @if text.is_empty() { p { "No body." } } @else { pre { (text) } }
    }
}

fn status(status: u16) -> Markup {
    let good = (200..400).contains(&status);
    html! {
        span.good[good].bad[!good] { @if status == 0 { "none" } @else { (status) } }
    }
}

fn ago(then: Instant) -> String {
    match then.elapsed().as_secs() {
        seconds @ 0..60 => format!("{seconds} s ago"),
        seconds @ 60..3600 => format!("{} min ago", seconds / 60),
        seconds => format!("{} h ago", seconds / 3600),
    }
}
