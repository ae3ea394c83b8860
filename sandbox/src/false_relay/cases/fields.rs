//! Claims of the membership and of the time, with other values than a relay gives them.

use super::Case;
use crate::false_relay::draft::DAY;

pub const CASES: &[Case] = &[
    ("id-missing", |draft| draft.claims.remove("id")),
    ("id-empty", |draft| draft.claims.set_text("id", "")),
    ("id-number", |draft| draft.claims.set("id", "12")),
    ("id-not-mem", |draft| draft.claims.set_text("id", "user_active")),
    ("id-without-end", |draft| draft.claims.set_text("id", "mem_")),
    ("id-with-nul", |draft| draft.claims.set_text("id", "mem_active\0")),
    ("status-past-due", |draft| draft.claims.set_text("status", "past_due")),
    ("status-of-the-future", |draft| draft.claims.set_text("status", "paused")),
    ("status-expired-yet-valid", |draft| draft.claims.set_text("status", "expired")),
    ("status-missing", |draft| draft.claims.remove("status")),
    ("status-empty", |draft| draft.claims.set_text("status", "")),
    ("status-number", |draft| draft.claims.set("status", "1")),
    ("status-null", |draft| draft.claims.set("status", "null")),
    ("status-with-nul", |draft| draft.claims.set_text("status", "active\0")),
    ("status-twice", |draft| draft.claims.add_first("status", r#""expired""#)),
    ("plan-number", |draft| draft.claims.set("plan", "1")),
    ("plan-null", |draft| draft.claims.set("plan", "null")),
    ("expires-at-float", |draft| draft.claims.set("expires_at", "1790000000.5")),
    ("expires-at-text", |draft| draft.claims.set_text("expires_at", "1790000000")),
    ("cancel-text", |draft| draft.claims.set_text("cancel_at_period_end", "false")),
    // The clock plays no part online.
    ("expired-by-a-second", |draft| {
        draft.claims.set("iat", (draft.question.now - 3 * DAY).to_string());
        draft.claims.set("exp", (draft.question.now - 1).to_string());
    }),
    ("expired-in-1970", |draft| {
        draft.claims.set("iat", "1");
        draft.claims.set("exp", "3601");
    }),
    ("issued-tomorrow", |draft| {
        draft.claims.set("iat", (draft.question.now + DAY).to_string());
        draft.claims.set("exp", (draft.question.now + 4 * DAY).to_string());
    }),
    ("ends-in-2100", |draft| draft.claims.set("exp", "4102444800")),
    ("exp-missing", |draft| draft.claims.remove("exp")),
    ("exp-null", |draft| draft.claims.set("exp", "null")),
    ("exp-text", |draft| {
        let exp = (draft.question.now + DAY).to_string();
        draft.claims.set_text("exp", &exp);
    }),
    ("exp-float", |draft| draft.claims.set("exp", format!("{}.0", draft.question.now + DAY))),
    ("exp-exponent", |draft| draft.claims.set("exp", "4e9")),
    ("exp-beyond-64-bits", |draft| draft.claims.set("exp", "9223372036854775808")),
    ("exp-the-greatest", |draft| draft.claims.set("exp", "9223372036854775807")),
    ("exp-in-milliseconds", |draft| draft.claims.set("exp", format!("{}000", draft.question.now + DAY))),
    ("exp-negative", |draft| draft.claims.set("exp", "-1")),
    ("exp-before-iat", |draft| draft.claims.set("exp", (draft.question.now - 1).to_string())),
    ("exp-leading-zero", |draft| draft.claims.set("exp", format!("0{}", draft.question.now + DAY))),
    ("exp-array", |draft| draft.claims.set("exp", format!("[{}]", draft.question.now + DAY))),
    ("exp-twice", |draft| draft.claims.add("exp", "4102444800")),
    ("iat-missing", |draft| draft.claims.remove("iat")),
    ("iat-null", |draft| draft.claims.set("iat", "null")),
    ("iat-text", |draft| {
        let iat = draft.question.now.to_string();
        draft.claims.set_text("iat", &iat);
    }),
    ("iat-float", |draft| draft.claims.set("iat", format!("{}.0", draft.question.now))),
    ("iat-exponent", |draft| draft.claims.set("iat", "1e9")),
    ("iat-beyond-64-bits", |draft| draft.claims.set("iat", "-9223372036854775809")),
    ("iat-the-least", |draft| draft.claims.set("iat", "-9223372036854775808")),
    ("iat-negative", |draft| draft.claims.set("iat", "-1")),
    ("iat-zero", |draft| draft.claims.set("iat", "0")),
    ("iat-twice", |draft| draft.claims.add_first("iat", "1")),
];
