//! Amounts of money.

use serde_json::{Value, json};

/// As the current API writes one.
pub fn money(amount: f64, currency: &str) -> Value {
    json!({ "amount": format!("{amount:.2}"), "currency": currency, "decimals": 2, "display_decimals": 2 })
}
