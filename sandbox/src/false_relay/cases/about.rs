//! Claims of what the lease is about: the call, the device, the license, the product.

use super::Case;
use crate::false_relay::keys::sha256;
use crate::false_relay::members::quoted;

pub const CASES: &[Case] = &[
    ("nonce-missing", |draft| draft.claims.remove("nonce")),
    ("nonce-of-another-call", |draft| draft.claims.set_text("nonce", "AAAAAAAAAAAAAAAAAAAAAA")),
    ("nonce-empty", |draft| draft.claims.set_text("nonce", "")),
    ("nonce-number", |draft| draft.claims.set("nonce", "1")),
    ("nonce-null", |draft| draft.claims.set("nonce", "null")),
    ("nonce-array", |draft| {
        let nonce = format!("[{}]", quoted(&draft.question.nonce));
        draft.claims.set("nonce", nonce);
    }),
    ("nonce-longer", |draft| {
        let nonce = format!("{}A", draft.question.nonce);
        draft.claims.set_text("nonce", &nonce);
    }),
    ("nonce-shorter", |draft| {
        let nonce: String = draft.question.nonce.chars().skip(1).collect();
        draft.claims.set_text("nonce", &nonce);
    }),
    ("nonce-with-nul", |draft| {
        let nonce = format!("{}\0", draft.question.nonce);
        draft.claims.set_text("nonce", &nonce);
    }),
    ("nonce-twice", |draft| draft.claims.add_first("nonce", r#""AAAAAAAAAAAAAAAAAAAAAA""#)),
    ("nonce-other-case", |draft| {
        let nonce = other_case(&draft.question.nonce);
        draft.claims.set_text("nonce", &nonce);
    }),
    ("replayed", |draft| {
        let earlier = draft.earlier.take();
        draft.claims.set_text("nonce", "AAAAAAAAAAAAAAAAAAAAAA");
        draft.token = Box::new(move |token| earlier.clone().unwrap_or(token));
    }),
    ("replayed-from-another-device", |draft| {
        draft.claims.set_text("nonce", "AAAAAAAAAAAAAAAAAAAAAA");
        draft.claims.set_text("device_sha256", &sha256("hwid=another"));
    }),
    ("device-other", |draft| draft.claims.set_text("device_sha256", &sha256("hwid=another"))),
    ("device-missing", |draft| draft.claims.remove("device_sha256")),
    ("device-empty", |draft| draft.claims.set_text("device_sha256", "")),
    ("device-null", |draft| draft.claims.set("device_sha256", "null")),
    ("device-twice", |draft| draft.claims.add_first("device_sha256", quoted(&sha256("hwid=another")))),
    ("device-under-another-name", |draft| {
        let device = sha256(&format!("hwid_2={}", draft.question.device.1));
        draft.claims.set_text("device_sha256", &device);
    }),
    ("device-without-name", |draft| {
        let device = sha256(&draft.question.device.1);
        draft.claims.set_text("device_sha256", &device);
    }),
    ("device-not-hashed", |draft| {
        let device = draft.question.device.1.clone();
        draft.claims.set_text("device_sha256", &device);
    }),
    ("device-other-case", |draft| {
        let device = other_case(&draft.question.device_sha256());
        draft.claims.set_text("device_sha256", &device);
    }),
    ("device-padded", |draft| {
        let device = format!("{}=", draft.question.device_sha256());
        draft.claims.set_text("device_sha256", &device);
    }),
    ("key-other", |draft| draft.claims.set_text("key_sha256", &sha256("SANDBOX-COMPLETED"))),
    ("key-missing", |draft| draft.claims.remove("key_sha256")),
    ("key-empty", |draft| draft.claims.set_text("key_sha256", "")),
    ("key-number", |draft| draft.claims.set("key_sha256", "1")),
    ("key-twice", |draft| draft.claims.add_first("key_sha256", quoted(&sha256("SANDBOX-COMPLETED")))),
    ("key-not-hashed", |draft| {
        let key = draft.question.license_key.clone();
        draft.claims.set_text("key_sha256", &key);
    }),
    ("key-of-other-case", |draft| {
        let key = sha256(&other_case(&draft.question.license_key));
        draft.claims.set_text("key_sha256", &key);
    }),
    ("key-hash-other-case", |draft| {
        let key = other_case(&draft.question.key_sha256());
        draft.claims.set_text("key_sha256", &key);
    }),
    ("key-and-device-swapped", |draft| {
        let (key, device) = (draft.question.key_sha256(), draft.question.device_sha256());
        draft.claims.set_text("key_sha256", &device);
        draft.claims.set_text("device_sha256", &key);
    }),
    ("denied-other-key", |draft| {
        draft.deny(404, "license_not_found");
        draft.claims.set_text("key_sha256", &sha256("SANDBOX-COMPLETED"));
    }),
    ("denied-other-nonce", |draft| {
        draft.deny(400, "device_mismatch");
        draft.claims.set_text("nonce", "AAAAAAAAAAAAAAAAAAAAAA");
    }),
    ("product-other", |draft| draft.claims.set_text("product", "prod_other")),
    ("product-missing", |draft| draft.claims.remove("product")),
    ("product-empty", |draft| draft.claims.set_text("product", "")),
    ("product-null", |draft| draft.claims.set("product", "null")),
    ("product-number", |draft| draft.claims.set("product", "1")),
    ("product-array", |draft| {
        let product = format!("[{}]", quoted(&draft.question.product));
        draft.claims.set("product", product);
    }),
    ("product-object", |draft| {
        let product = format!(r#"{{"id":{}}}"#, quoted(&draft.question.product));
        draft.claims.set("product", product);
    }),
    ("product-not-prod", |draft| draft.claims.set_text("product", "plan_sandbox")),
    ("product-with-nul", |draft| {
        let product = format!("{}\0", draft.question.product);
        draft.claims.set_text("product", &product);
    }),
    ("product-twice", |draft| draft.claims.add_first("product", r#""prod_other""#)),
];

fn other_case(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}
