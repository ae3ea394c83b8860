//! The page for people: what is in the sandbox, what was asked of it, and the buyer's button.

use std::time::Instant;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::api_keys::ApiKey;
use crate::fixtures::LICENSE_KEYS;
use crate::memberships::Membership;
use crate::request_log::Request;
use crate::state::App;
use crate::store::Store;

const STYLE: &str = include_str!("page.css");
const SHOWN_REQUESTS: usize = 40;

/// No script runs, nothing is loaded, no other page frames the button.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// `GET /`
pub async fn show(State(app): State<App>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, page(&app))
}

fn page(app: &App) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="icon" href="data:,";
                title { "Whop sandbox" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Whop sandbox" }
                    ul {
                        li { "API " code { (app.origin()) "/api" } }
                        @for key in ApiKey::ALL {
                            li { code { (key.text(app.port)) } " " small { (key.may()) } }
                        }
                    }
                    a href="/" { "Refresh" }
                }
                main {
                    (memberships(&app.store()))
                    (requests(&app.log.newest(SHOWN_REQUESTS)))
                }
            }
        }
    }
}

fn memberships(store: &Store) -> Markup {
    // What was bought is looked for more often than what is always there.
    let (fixed, bought) = store.memberships.split_at(LICENSE_KEYS.len());
    html! {
        section {
            h2 { "Memberships" }
            p { "Play the buyer: “Reset key” frees a license for the next device that checks it." }
            table {
                thead { tr { th { "License key" } th { "Status" } th { "Bound to" } } }
                tbody { @for membership in bought.iter().rev().chain(fixed) { (row(membership)) } }
            }
        }
    }
}

fn row(membership: &Membership) -> Markup {
    let fixture = LICENSE_KEYS.iter().find(|fixture| fixture.key == membership.license_key);
    html! {
        tr {
            td {
                code { (membership.license_key) }
                small { @if let Some(fixture) = fixture { (fixture.does) } @else { "bought: " (membership.plan) } }
            }
            td { span.good[membership.valid()].bad[!membership.valid()] { (membership.status) } }
            td {
                @if membership.metadata.is_empty() {
                    small { "no device yet" }
                } @else {
                    div.bound {
                        code { (serde_json::Value::from(membership.metadata.clone())) }
                        form method="post" action={ "/sandbox/memberships/" (membership.id) "/reset" } {
                            button aria-label={ "Reset key " (membership.license_key) } { "Reset key" }
                        }
                    }
                }
            }
        }
    }
}

fn requests(newest: &[Request]) -> Markup {
    html! {
        section {
            h2 { "Last requests" }
            @if newest.is_empty() {
                p { "None yet." }
            } @else {
                table {
                    thead { tr { th { "Answer" } th { "Request" } th { "API key" } th { "When" } } }
                    tbody {
                        @for request in newest {
                            tr {
                                td { (status(request.status)) }
                                td { code { (request.method) " " (request.path) } }
                                td { small { (request.api_key.unwrap_or("–")) } }
                                td.when { small { (ago(request.arrived)) } }
                            }
                        }
                    }
                }
            }
        }
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
