//! Answers that a good lease comes in, or none at all.

use super::Case;
use super::token::flattened;
use crate::false_relay::members::quoted;

pub const CASES: &[Case] = &[
    // Without a lease: no authority, neither for nor against.
    ("unsigned-401", |draft| draft.answer = |answer| answer.unsigned(401, "Unauthorized")),
    ("unsigned-403", |draft| draft.answer = |answer| answer.unsigned(403, "Forbidden")),
    ("unsigned-429", |draft| {
        draft.answer = |answer| answer.unsigned(429, "Too many requests").header("retry-after", "7");
    }),
    ("unsigned-500", |draft| draft.answer = |answer| answer.unsigned(500, "Internal error")),
    ("unsigned-503", |draft| {
        draft.answer = |answer| answer.unsigned(503, "Later").header("retry-after", "7");
    }),
    ("unsigned-200", |draft| draft.answer = |answer| answer.unsigned(200, "OK")),
    ("unsigned-204", |draft| {
        draft.answer = |mut answer| {
            answer.status = 204;
            answer.body("")
        };
    }),
    ("unsigned-400", |draft| draft.answer = |answer| answer.unsigned(400, "Please reset your key")),
    ("unsigned-404", |draft| draft.answer = |answer| answer.unsigned(404, "Membership not found")),
    ("unsigned-409", |draft| draft.answer = |answer| answer.unsigned(409, "Conflict")),
    ("unsigned-410", |draft| draft.answer = |answer| answer.unsigned(410, "Gone")),
    ("unsigned-yes", |draft| {
        draft.answer = |mut answer| {
            answer.members.remove("lease");
            answer
        };
    }),
    ("unsigned-no", |draft| {
        draft.answer = |mut answer| {
            answer.members.remove("lease");
            answer.members.set("valid", "false");
            answer
        };
    }),
    ("unsigned-page", |draft| {
        draft.answer = |answer| answer.body(PAGE).header("content-type", "text/html");
    }),
    ("unsigned-redirect", |draft| {
        draft.answer = |answer| answer.unsigned(302, "Found").header("location", "/false-relay/good/");
    }),
    ("unsigned-empty", |draft| draft.answer = |answer| answer.body("")),
    ("dropped", |draft| {
        draft.answer = |mut answer| {
            answer.is_dropped = true;
            answer
        };
    }),
    // The member of the body.
    ("lease-null", |draft| draft.answer = |answer| answer.lease("null")),
    ("lease-number", |draft| draft.answer = |answer| answer.lease("1")),
    ("lease-true", |draft| draft.answer = |answer| answer.lease("true")),
    ("lease-object", |draft| {
        draft.answer = |answer| {
            let token = flattened(&answer.token);
            answer.lease(token)
        };
    }),
    ("lease-array", |draft| {
        draft.answer = |answer| {
            let token = format!("[{}]", quoted(&answer.token));
            answer.lease(token)
        };
    }),
    ("lease-twice", |draft| {
        draft.answer = |mut answer| {
            answer.members.add_first("lease", "null");
            answer
        };
    }),
    ("lease-twice-the-same", |draft| {
        draft.answer = |mut answer| {
            answer.members.add("lease", quoted(&answer.token));
            answer
        };
    }),
    ("lease-twice-escaped", |draft| {
        draft.answer = |mut answer| {
            answer.members.add(r"l\u0065ase", r#""""#);
            answer
        };
    }),
    ("lease-in-capitals", |draft| {
        draft.answer = |mut answer| {
            answer.members.rename("lease", "Lease");
            answer
        };
    }),
    ("lease-nested", |draft| {
        draft.answer = |answer| {
            let body = format!(r#"{{"valid":true,"data":{}}}"#, answer.members);
            answer.body(body)
        };
    }),
    // The body.
    ("body-array", |draft| {
        draft.answer = |answer| {
            let body = format!("[{}]", answer.members);
            answer.body(body)
        };
    }),
    ("body-token", |draft| {
        draft.answer = |answer| {
            let body = answer.token.clone();
            answer.body(body)
        };
    }),
    ("body-text", |draft| {
        draft.answer = |answer| {
            let body = quoted(&answer.token);
            answer.body(body)
        };
    }),
    ("body-private-name", |draft| {
        draft.answer = |answer| {
            let body = format!(r#"{{"$serde_json::private::RawValue":{}}}"#, quoted(&answer.members.to_string()));
            answer.body(body)
        };
    }),
    ("body-broken-utf8", |draft| {
        draft.answer = |answer| {
            let body = answer.members.to_string().replace("mem_active", "mem_?");
            answer.body(body.bytes().map(|byte| if byte == b'?' { 0xff } else { byte }).collect::<Vec<_>>())
        };
    }),
    ("body-cut-off", |draft| {
        draft.answer = |answer| {
            let body = answer.members.to_string().trim_end_matches('}').to_owned();
            answer.body(body)
        };
    }),
    ("body-and-more", |draft| {
        draft.answer = |answer| {
            let body = format!("{} {{}}", answer.members);
            answer.body(body)
        };
    }),
    ("body-says-no", |draft| {
        draft.answer = |mut answer| {
            answer.members.set("valid", "false");
            answer.members.set_text("status", "expired");
            answer.members.set_text("product", "prod_other");
            answer
        };
    }),
    ("body-is-the-lease-alone", |draft| {
        draft.answer = |mut answer| {
            answer.members.retain(&["lease"]);
            answer
        };
    }),
    // A good lease where none belongs.
    ("lease-in-a-header", |draft| {
        draft.answer = |answer| {
            let token = answer.token.clone();
            answer.body(PAGE).header("content-type", "text/html").header("whop-license-lease", token)
        };
    }),
    ("lease-in-a-404-page", |draft| {
        draft.answer = |mut answer| {
            answer.status = 404;
            let page = format!("<!doctype html>\n<p>{}</p>\n", answer.members);
            answer.body(page).header("content-type", "text/html")
        };
    }),
    ("lease-under-404", |draft| draft.http_status = 404),
    ("lease-under-429", |draft| draft.http_status = 429),
    ("lease-under-500", |draft| draft.http_status = 500),
    ("lease-under-a-redirect", |draft| {
        draft.answer = |mut answer| {
            answer.status = 302;
            answer.header("location", "/false-relay/good/")
        };
    }),
];

const PAGE: &str = "<!doctype html>\n<title>Sign in to the hotel</title>\n";
