//! The page for people.

use axum::extract::State;
use maud::{DOCTYPE, Markup, html};

use crate::state::App;

/// `GET /`
pub async fn show(State(app): State<App>) -> Markup {
    html! { (DOCTYPE) title { "Whop sandbox" } p { (app.origin()) } }
}
