//! Headers: the algorithm, the type, the key's id, and what else could stand there.

use super::Case;
use crate::false_relay::keys::{Key, encoded};
use crate::false_relay::members::quoted;
use crate::false_relay::signatures::{es256, hs256};

pub const CASES: &[Case] = &[
    ("header-reordered", |draft| draft.header.reverse()),
    ("header-spaced", |draft| draft.header_bytes = |json| json.replace(':', " :\t").replace(',', "\r\n, ").into()),
    ("header-escaped", |draft| draft.header.rename("kid", r"\u006bid")),
    ("kid-spare", |draft| {
        draft.header.set_text("kid", &Key::Spare.id());
        draft.sign = |parts| Key::Spare.sign(parts.as_bytes());
    }),
    ("alg-none", |draft| {
        draft.header.set_text("alg", "none");
        draft.sign = |_| Vec::new();
    }),
    ("alg-none-signed", |draft| draft.header.set_text("alg", "none")),
    ("alg-none-header-alone", |draft| {
        draft.header.retain(&["alg"]);
        draft.header.set_text("alg", "none");
        draft.sign = |_| Vec::new();
    }),
    ("alg-hs256-key-bytes", |draft| {
        draft.header.set_text("alg", "HS256");
        draft.sign = |parts| hs256(&Key::Trusted.public(), parts);
    }),
    ("alg-hs256-key-text", |draft| {
        draft.header.set_text("alg", "HS256");
        draft.sign = |parts| hs256(encoded(&Key::Trusted.public()).as_bytes(), parts);
    }),
    ("alg-eddsa-hs256", |draft| draft.sign = |parts| hs256(&Key::Trusted.public(), parts)),
    ("alg-es256", |draft| {
        draft.header.set_text("alg", "ES256");
        draft.sign = es256;
    }),
    ("alg-ed25519", |draft| draft.header.set_text("alg", "Ed25519")),
    ("alg-other-case", |draft| draft.header.set_text("alg", "EDDSA")),
    ("alg-empty", |draft| draft.header.set_text("alg", "")),
    ("alg-number", |draft| draft.header.set("alg", "1")),
    ("alg-array", |draft| draft.header.set("alg", r#"["EdDSA"]"#)),
    ("alg-missing", |draft| draft.header.remove("alg")),
    ("alg-twice", |draft| draft.header.add("alg", r#""none""#)),
    ("alg-twice-escaped", |draft| draft.header.add(r"\u0061lg", r#""EdDSA""#)),
    ("typ-jwt", |draft| draft.header.set_text("typ", "JWT")),
    ("typ-other-case", |draft| draft.header.set_text("typ", "Whop-Lease+JWT")),
    ("typ-application", |draft| draft.header.set_text("typ", "application/whop-lease+jwt")),
    ("typ-missing", |draft| draft.header.remove("typ")),
    ("typ-null", |draft| draft.header.set("typ", "null")),
    ("typ-and-alg-swapped", |draft| {
        draft.header.set_text("typ", "EdDSA");
        draft.header.set_text("alg", "whop-lease+jwt");
    }),
    ("kid-missing", |draft| draft.header.remove("kid")),
    ("kid-null", |draft| draft.header.set("kid", "null")),
    ("kid-empty", |draft| draft.header.set_text("kid", "")),
    ("kid-array", |draft| draft.header.set("kid", format!(r#"["{}"]"#, Key::Trusted.id()))),
    ("kid-public-key", |draft| draft.header.set_text("kid", &encoded(&Key::Trusted.public()))),
    ("kid-list", |draft| draft.header.set_text("kid", &format!("{},{}", Key::Trusted.id(), Key::Spare.id()))),
    ("kid-twice", |draft| draft.header.add("kid", format!(r#""{}""#, Key::Stranger.id()))),
    ("kid-of-the-other-key", |draft| draft.header.set_text("kid", &Key::Spare.id())),
    ("kid-of-a-stranger", |draft| draft.header.set_text("kid", &Key::Stranger.id())),
    ("header-fourth-member", |draft| draft.header.add("cty", r#""JWT""#)),
    ("header-crit", |draft| draft.header.add("crit", r#"["exp"]"#)),
    ("header-not-encoded", |draft| {
        draft.header.add("b64", "false");
        draft.header.add("crit", r#"["b64"]"#);
    }),
    ("header-jwk", |draft| {
        let own = encoded(&Key::Stranger.public());
        draft.header.add("jwk", format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{own}"}}"#));
        draft.header.set_text("kid", &Key::Stranger.id());
        draft.sign = |parts| Key::Stranger.sign(parts.as_bytes());
    }),
    ("header-jku", |draft| draft.header.add("jku", r#""https://relay.example/keys""#)),
    ("header-private-name", |draft| {
        draft.header_bytes = |json| format!(r#"{{"$serde_json::private::RawValue":{}}}"#, quoted(&json)).into();
    }),
    ("header-array", |draft| draft.header_bytes = |json| format!("[{json}]").into()),
    ("header-values", |draft| {
        let id = Key::Trusted.id();
        draft.header.set("alg", format!(r#"["EdDSA","whop-lease+jwt","{id}"]"#));
        draft.header.retain(&["alg"]);
        draft.header_bytes = |json| json.replace(r#"{"alg":"#, "").replace('}', "").into();
    }),
    ("header-text", |draft| draft.header_bytes = |json| quoted(&json).into()),
    ("header-null", |draft| draft.header_bytes = |_| b"null".into()),
    ("header-empty-object", |draft| draft.header_bytes = |_| b"{}".into()),
    ("header-empty", |draft| draft.header_bytes = |_| Vec::new()),
    ("header-no-json", |draft| draft.header_bytes = |json| json.replace('"', "'").into()),
    ("header-twice", |draft| draft.header_bytes = |json| format!("{json}{json}").into()),
    ("header-byte-order-mark", |draft| draft.header_bytes = |json| format!("\u{feff}{json}").into()),
    ("header-broken-utf8", |draft| draft.header_bytes = |json| [json.as_bytes(), b"\xff"].concat()),
];
