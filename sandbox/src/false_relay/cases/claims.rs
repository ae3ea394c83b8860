//! Claims: what they say of the license, and what makes of them no lease.

use super::Case;
use crate::false_relay::members::quoted;

pub const CASES: &[Case] = &[
    ("good", |_| ()),
    ("good-for-ever", |draft| {
        draft.claims.set_text("status", "completed");
        draft.claims.remove("expires_at");
        draft.claims.remove("cancel_at_period_end");
    }),
    ("good-without-plan", |draft| draft.claims.remove("plan")),
    ("claim-unknown", |draft| draft.claims.add("seats", r#"[{"floating":true,"price":1.5,"note":null}]"#)),
    ("claim-nested", |draft| draft.claims.add("more", format!("{}{}", "[".repeat(60), "]".repeat(60)))),
    ("claims-reordered", |draft| draft.claims.reverse()),
    ("claims-spaced", |draft| draft.claims_bytes = |json| json.replace(',', " ,\n\t").into()),
    ("sandbox-true", |draft| draft.claims.add("sandbox", "true")),
    ("sandbox-false", |draft| draft.claims.add("sandbox", "false")),
    ("sandbox-text", |draft| draft.claims.add("sandbox", r#""false""#)),
    ("sandbox-null", |draft| draft.claims.add("sandbox", "null")),
    // What a relay says when the answer is no.
    ("inactive", |draft| {
        draft.claims.set("valid", "false");
        draft.claims.set_text("status", "expired");
    }),
    ("inactive-yet-active", |draft| draft.claims.set("valid", "false")),
    ("denied-not-found", |draft| draft.deny(404, "license_not_found")),
    ("denied-device", |draft| draft.deny(400, "device_mismatch")),
    ("denied-product", |draft| draft.deny(404, "product_mismatch")),
    ("denied-under-201", |draft| draft.deny(201, "device_mismatch")),
    // The verdict.
    ("valid-missing", |draft| draft.claims.remove("valid")),
    ("valid-text", |draft| draft.claims.set_text("valid", "true")),
    ("valid-1", |draft| draft.claims.set("valid", "1")),
    ("valid-null", |draft| draft.claims.set("valid", "null")),
    ("valid-array", |draft| draft.claims.set("valid", "[true]")),
    ("valid-twice", |draft| draft.claims.add_first("valid", "false")),
    ("valid-twice-escaped", |draft| draft.claims.add_first(r"\u0076alid", "false")),
    ("valid-in-capitals", |draft| draft.claims.rename("valid", "VALID")),
    ("valid-nested", |draft| draft.claims.rename("valid", "valid\":{\"valid\":true},\"x")),
    ("valid-and-reason", |draft| draft.claims.add("reason", r#""device_mismatch""#)),
    ("not-valid-and-reason", |draft| {
        draft.claims.set("valid", "false");
        draft.claims.add("reason", r#""device_mismatch""#);
    }),
    ("valid-and-reason-null", |draft| draft.claims.add("reason", "null")),
    ("valid-null-and-reason", |draft| {
        draft.deny(404, "license_not_found");
        draft.claims.add("valid", "null");
    }),
    ("reason-unknown", |draft| draft.deny(404, "license_revoked")),
    ("reason-empty", |draft| draft.deny(404, "")),
    ("reason-other-case", |draft| draft.deny(404, "License_Not_Found")),
    ("reason-number", |draft| {
        draft.deny(404, "");
        draft.claims.set("reason", "0");
    }),
    ("reason-object", |draft| {
        draft.deny(404, "");
        draft.claims.set("reason", r#"{"license_not_found":null}"#);
    }),
    ("reason-twice", |draft| {
        draft.deny(404, "license_not_found");
        draft.claims.add("reason", r#""device_mismatch""#);
    }),
    ("reason-and-status", |draft| {
        draft.deny(404, "license_not_found");
        draft.claims.add("status", r#""active""#);
    }),
    ("reason-and-status-null", |draft| {
        draft.deny(404, "license_not_found");
        draft.claims.add("status", "null");
    }),
    ("reason-and-membership", |draft| {
        draft.claims.remove("valid");
        draft.claims.add("reason", r#""license_not_found""#);
    }),
    // The claims as a whole.
    ("claims-empty-object", |draft| draft.claims_bytes = |_| b"{}".into()),
    ("claims-empty", |draft| draft.claims_bytes = |_| Vec::new()),
    ("claims-null", |draft| draft.claims_bytes = |_| b"null".into()),
    ("claims-text", |draft| draft.claims_bytes = |json| quoted(&json).into()),
    ("claims-array", |draft| draft.claims_bytes = |json| format!("[{json}]").into()),
    ("claims-values", |draft| {
        // In the order in which a reader may keep them.
        let values = draft.claims.values().replace(r#"false,""#, r#"false,null,""#).replace(']', ",false]");
        draft.claims.add("values", values);
        draft.claims.retain(&["values"]);
        draft.claims_bytes = |json| json.replace(r#"{"values":"#, "").replace('}', "").into();
    }),
    ("claims-twice", |draft| draft.claims_bytes = |json| format!("{json}{json}").into()),
    ("claims-nested", |draft| draft.claims_bytes = |json| format!(r#"{{"claims":{json}}}"#).into()),
    ("claims-private-name", |draft| {
        draft.claims_bytes = |json| format!(r#"{{"$serde_json::private::RawValue":{}}}"#, quoted(&json)).into();
    }),
    ("claim-private-name", |draft| draft.claims.add("x", r#"{"$serde_json::private::Number":"1"}"#)),
    ("claim-nested-twice", |draft| draft.claims.add("x", r#"[{"a":1,"a":2}]"#)),
    ("claim-too-deep", |draft| draft.claims.add("x", format!("{}{}", "[".repeat(2000), "]".repeat(2000)))),
    ("claims-byte-order-mark", |draft| draft.claims_bytes = |json| format!("\u{feff}{json}").into()),
    ("claims-broken-utf8", |draft| {
        draft.claims.add("x", r#""?""#);
        draft.claims_bytes = |json| json.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect();
    }),
    ("claims-utf16", |draft| draft.claims_bytes = |json| json.encode_utf16().flat_map(u16::to_le_bytes).collect()),
    ("claims-nul-byte", |draft| draft.claims_bytes = |json| format!("{json}\0").into()),
    ("claims-lone-surrogate", |draft| draft.claims.add("x", r#""\ud800""#)),
    ("claims-not-a-number", |draft| draft.claims.add("x", "NaN")),
    ("claims-too-large-number", |draft| draft.claims.add("x", "1e999")),
    ("claims-comma-at-the-end", |draft| draft.claims_bytes = |json| json.replace('}', ",}").into()),
    ("claims-comment", |draft| draft.claims_bytes = |json| json.replacen('{', "{/**/", 1).into()),
    ("claims-cut-off", |draft| draft.claims_bytes = |json| json.trim_end_matches('}').into()),
];
