//! The file in which a program keeps leases, written as if it had taken this one.

use axum::Json;
use serde_json::{Value, json};

use super::draft::Draft;

pub fn of(draft: &Draft) -> Json<Value> {
    let question = &draft.question;
    let entry = json!({
        "product": question.product,
        "key_sha256": question.key_sha256(),
        "device_sha256": question.device_sha256(),
        "denied": false,
        "asked": 0,
        "lease": draft.token(),
    });
    Json(json!({"whop_leases": 1, "latest": question.now, "leases": [entry]}))
}
