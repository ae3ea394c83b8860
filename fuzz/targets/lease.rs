//! A lease: it is refused, or says what an independent reading of it says. The first letter tells what the rest of the
//! input is: a token, the claims of one that is signed here, or the header.

#![no_main]

#[path = "../oracle.rs"]
mod oracle;

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use oracle::Json;
use ring::signature::{Ed25519KeyPair, KeyPair};
use whop_license::lease::{Lease, PublicKeys, Reason};

/// The key of the tests that a program is given, by its private half in tests/leases.txt.
static KEY: LazyLock<Ed25519KeyPair> = LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&seed("trusted")).unwrap());
static PUBLIC_KEYS: LazyLock<PublicKeys> =
    LazyLock::new(|| PublicKeys::parse(&BASE64_URL_SAFE_NO_PAD.encode(KEY.public_key())).unwrap());

fn seed(name: &str) -> Vec<u8> {
    let rows = include_str!("../../tests/leases.txt").lines();
    let row = rows.map(|row| row.split_whitespace().collect::<Vec<_>>()).find(|row| row.starts_with(&["key", name]));
    BASE64_URL_SAFE_NO_PAD.decode(row.unwrap()[2]).unwrap()
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, input)) = input.split_first() else { return };
    match kind {
        b't' => {
            let Ok(token) = str::from_utf8(input) else { return };
            let Ok(lease) = Lease::verify(token, &PUBLIC_KEYS) else { return };
            assert_eq!(lease.token(), token);
            let parts: Vec<_> = token.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).collect();
            assert!(parts.len() == 3 && is_header(&parts[0]) && is_lease(&parts[1]));
            assert_eq!(signed(&parts[0], &parts[1]), token, "there is one way to write it");
        }
        b'c' => {
            let token = signed(header().as_bytes(), input);
            match Lease::verify(&token, &PUBLIC_KEYS) {
                Ok(lease) => {
                    assert!(is_lease(input) && token.len() <= 8192);
                    assert_eq!((lease.token(), lease.json().as_bytes()), (&*token, input));
                    says_the_same(&lease, &oracle::read(input).unwrap());
                }
                Err(fault) => {
                    assert!(!is_lease(input) || token.len() > 8192, "{fault}");
                    assert!(!fault.is_empty() && fault.len() < 200 && fault.is_ascii());
                }
            }
        }
        b'h' => {
            let lease = Lease::verify(&signed(input, CLAIMS.as_bytes()), &PUBLIC_KEYS);
            assert_eq!(lease.is_ok(), is_header(input), "{lease:?}");
        }
        _ => {}
    }
});

fn header() -> String {
    format!(r#"{{"alg":"EdDSA","typ":"whop-lease+jwt","kid":"{}"}}"#, PUBLIC_KEYS.ids())
}

fn signed(header: &[u8], claims: &[u8]) -> String {
    let [header, claims] = [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
    let signature = KEY.sign(format!("{header}.{claims}").as_bytes());
    format!("{header}.{claims}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

fn is_header(bytes: &[u8]) -> bool {
    let Some(sent @ Json::Object(_)) = object(bytes) else { return false };
    let Json::Object(fields) = &sent else { return false };
    let is = |name, text| sent.field(name).and_then(Json::text) == Some(text);
    fields.len() == 3 && is("alg", "EdDSA") && is("typ", "whop-lease+jwt") && is("kid", &PUBLIC_KEYS.ids())
}

/// The rules of the claims, one by one.
fn is_lease(bytes: &[u8]) -> bool {
    let Some(sent) = object(bytes) else { return false };
    let is_none_or = |name, fits: &dyn Fn(&Json) -> bool| sent.field(name).is_none_or(fits);
    let flag = |value: &Json| matches!(value, Json::Boolean(_));
    let word =
        |value: &Json| value.text().is_some_and(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()));
    let text = |name| sent.field(name).and_then(Json::text).is_some();
    let time = |name| sent.field(name).and_then(Json::integer);
    let id = |name, kind| {
        let rest = sent.field(name).and_then(Json::text).and_then(|text| text.strip_prefix(kind));
        rest.and_then(|rest| rest.chars().next()).is_some_and(|first| first.is_ascii_alphanumeric())
    };
    let has_forms = ["id", "status", "product", "plan"].iter().all(|name| is_none_or(name, &word))
        && ["valid", "cancel_at_period_end", "sandbox"].iter().all(|name| is_none_or(name, &flag))
        && is_none_or("expires_at", &|value| value.integer().is_some())
        && is_none_or("reason", &|value| value.text().is_some_and(|reason| REASONS.contains(&reason)));
    let of_the_license = ["id", "valid", "status", "product", "plan", "expires_at", "cancel_at_period_end"];
    let is_one_thing = match sent.field("reason") {
        Some(_) => of_the_license.iter().all(|name| sent.field(name).is_none()),
        None => sent.field("valid").is_some() && id("id", "mem_") && id("product", "prod_") && text("status"),
    };
    let has_times =
        time("iat").zip(time("exp")).is_some_and(|(iat, exp)| 0 < iat && iat < exp && exp <= 253_402_300_799);
    has_forms && is_one_thing && has_times && text("nonce") && text("key_sha256") && text("device_sha256")
}

fn object(bytes: &[u8]) -> Option<Json> {
    oracle::read(bytes).filter(|_| bytes.starts_with(b"{"))
}

fn says_the_same(lease: &Lease, sent: &Json) {
    let claims = lease.claims();
    let text = |name| sent.field(name).and_then(Json::text);
    let flag = |name| sent.field(name).map(|value| matches!(value, Json::Boolean(true)));
    let reason = claims.reason.map(|reason| match reason {
        Reason::LicenseNotFound => REASONS[0],
        Reason::DeviceMismatch => REASONS[1],
        Reason::ProductMismatch => REASONS[2],
        other => panic!("{other:?}"),
    });
    assert_eq!((claims.id.as_deref(), claims.status.as_deref()), (text("id"), text("status")));
    assert_eq!((claims.product.as_deref(), claims.plan.as_deref()), (text("product"), text("plan")));
    assert_eq!((claims.valid, claims.cancel_at_period_end), (flag("valid"), flag("cancel_at_period_end")));
    assert_eq!((reason, claims.sandbox), (text("reason"), flag("sandbox").unwrap_or_default()));
    assert_eq!((Some(&*claims.key_sha256), Some(&*claims.device_sha256)), (text("key_sha256"), text("device_sha256")));
    assert_eq!(Some(&*claims.nonce), text("nonce"));
    let number = |name| sent.field(name).and_then(Json::integer);
    assert_eq!((Some(claims.iat), Some(claims.exp)), (number("iat"), number("exp")));
    assert_eq!(claims.expires_at, number("expires_at"));
}

const REASONS: [&str; 3] = ["license_not_found", "device_mismatch", "product_mismatch"];
const CLAIMS: &str =
    r#"{"reason":"license_not_found","key_sha256":"k","device_sha256":"d","nonce":"n","iat":1,"exp":2}"#;
