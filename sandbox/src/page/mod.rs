//! The page for people: what is in the sandbox, what was asked of it, and the buttons of buyer and seller.

mod forms;
mod requests;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::api_keys::ApiKey;
use crate::fixtures::LICENSE_KEYS;
use crate::membership::Membership;
use crate::state::App;
use crate::store::Store;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// One script runs, the page's own; nothing is loaded from elsewhere, and no other page frames the buttons.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

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

/// `GET /page.js`
pub async fn script() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, SCRIPT)
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
                script src="/page.js" defer {}
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
                    noscript { a href="/" { "Refresh" } }
                }
                main {
                    div {
                        (forms::forms(&app.store()))
                        (memberships(&app.store()))
                    }
                    (requests::requests(&app.log.newest()))
                }
            }
        }
    }
}

fn memberships(store: &Store) -> Markup {
    // What was bought is looked for more often than what is always there.
    let (fixed, bought) = store.memberships.split_at(LICENSE_KEYS.len());
    html! {
        section #memberships data-fresh {
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
            td { span.good[membership.entitles()].bad[!membership.entitles()] { (membership.status) } }
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
