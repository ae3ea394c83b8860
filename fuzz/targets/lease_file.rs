//! What stands in a lease file: another program's is left alone, and else a signed answer is kept in it, which costs no
//! grant of another license more than it must.

#![no_main]

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::Value;
use whop_license::fuzzing::lease_file;
use whop_license::lease::{Claims, Lease, PublicKeys, sign};

static LEASE: LazyLock<Lease> = LazyLock::new(|| {
    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let public_keys = PublicKeys::parse(&BASE64_URL_SAFE_NO_PAD.encode(key.public_key())).unwrap();
    let text = |text: &str| Some(text.to_owned());
    let claims = Claims {
        id: text("mem_1"),
        valid: Some(true),
        status: text("active"),
        product: text("prod_1"),
        key_sha256: "k".into(),
        device_sha256: "d".into(),
        nonce: "n".into(),
        iat: 1_790_000_000,
        exp: 1_790_003_600,
        ..Claims::default()
    };
    Lease::verify(&sign(&claims, &key), &public_keys).unwrap()
});

/// When it was asked and answered.
const CALL: [i64; 2] = [1_790_000_000_000, 1_790_000_600_000];

fuzz_target!(|bytes: &[u8]| {
    let file: Value = serde_json::from_slice(bytes).unwrap_or_default();
    for is_allowed in [true, false] {
        let Some((before, after)) = lease_file(bytes, &LEASE, is_allowed, CALL) else { continue };
        assert_eq!(file["whop_leases"], 1, "a file of another program");
        if !entries(&file).iter().all(Value::is_object) {
            return; // Which is read as well, and never written.
        }
        let (had, has) = (entries(&file), entries(&serde_json::from_str(&after).unwrap()));
        let newest = |entries: &[Value]| {
            let ours = entries.iter().rev().find(|entry| is_ours(entry));
            ours.map(|entry| entry["lease"].as_str().unwrap().to_owned())
        };
        assert_eq!(before, newest(&had));

        let is_late = had.iter().filter(|entry| is_ours(entry)).any(is_later);
        let [theirs, left] = [&had, &has].map(|entries| entries.iter().filter(|entry| !is_ours(entry)).count());
        let [grants, grants_left] = [&had, &has].map(|entries| entries.iter().filter(|entry| is_grant(entry)).count());
        let is_kept = newest(&has).as_deref() == Some(LEASE.token());
        if is_late {
            assert_eq!(had.len(), has.len(), "an answer that came late changes nothing");
        } else if is_allowed {
            // So many denials and then so many grants make room as there must be.
            assert!(is_kept && left == theirs.min(7) && grants_left == grants.min(7));
        } else {
            assert!(grants_left == grants && (is_kept || grants >= 8), "a denial costs a grant");
        }
        // What was written can be read, and is found.
        assert_eq!(lease_file(after.as_bytes(), &LEASE, is_allowed, CALL).unwrap().0, newest(&has));
    }
});

fn entries(file: &Value) -> Vec<Value> {
    file["leases"].as_array().unwrap().clone()
}

fn is_ours(entry: &Value) -> bool {
    entry["product"] == "prod_1" && entry["key_sha256"] == "k" && entry["device_sha256"] == "d"
}

/// Of another license.
fn is_grant(entry: &Value) -> bool {
    !is_ours(entry) && entry["denied"] == false
}

/// Of a call that began while ours lasted.
fn is_later(entry: &Value) -> bool {
    let asked = entry["asked"].as_i64().unwrap();
    CALL[0] < asked && asked <= CALL[1]
}
