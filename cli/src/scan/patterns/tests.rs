//! What is found in a buffer, and what only looks like it.

use super::*;

const KEY: &str = "apik_aB3dE5gH7jK9mN1pQ3sT";

fn kinds(buffer: &[u8]) -> Vec<Kind> {
    Patterns::new(None).unwrap().find(buffer).into_iter().map(|found| found.kind).collect()
}

#[test]
fn keys_are_found_in_every_encoding() {
    let (little, mut big) = (wide(KEY), vec![0]);
    big.extend(wide(KEY));
    for buffer in [KEY.as_bytes(), &little, &big, &[&little[..], b"\0\0\0"].concat()] {
        let found = Patterns::new(None).unwrap().find(buffer);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].kind, &*found[0].begins), (Kind::ApiKey, "apik"));
        assert!(found[0].length + 1 >= KEY.len(), "{}", found[0].length);
    }
}

#[test]
fn each_kind_is_told_from_what_looks_like_it() {
    let secret = format!("ws_{}", "0123456789abcdef".repeat(4));
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n";
    let escaped = pem.replace('\n', "\\n");
    for (text, kind) in [
        ("whop_9Zk3Lm5Qw7Er1Ty8Ui", Kind::ApiKey),
        ("\"whop_live_9Zk3Lm5Qw7Er1Ty8Ui\"", Kind::ApiKey),
        (&secret, Kind::WebhookSecret),
        ("sandbox_8080_full", Kind::SandboxKey),
    ] {
        assert_eq!(kinds(text.as_bytes()), [kind], "{text}");
    }
    for text in [pem, &escaped] {
        assert_eq!(kinds(text.as_bytes())[0], Kind::PrivateKey, "{text}");
    }
    for text in [
        "whop_client_validate_license",
        "whop_license-0123456789abcdef.d",
        "_ZN12whop_license4http7connect5Route4open17h0123456789abcdefE",
        "apik_xxxxxxxxxxxxxxxxxxxx",
        "apik_",
        "windows_0123456789abcdef0123456789abcdef",
        "-----BEGIN PRIVATE KEY-----\0-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\nMC4CAQAwBQYDK2VwBCIEAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sandbox_PORT_full",
    ] {
        assert_eq!(kinds(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn given_key_is_found_whatever_its_shape() {
    let patterns = Patterns::new(Some(&"a key of no known shape\n".into())).unwrap();
    let narrow = b"x=a key of no known shape;".to_vec();
    for buffer in [narrow, wide("x=a key of no known shape;")] {
        let found = patterns.find(&buffer);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].kind, &*found[0].begins), (Kind::GivenKey, "a ke"));
    }
}

#[test]
fn given_key_that_is_too_short_or_too_long_is_refused() {
    for key in ["seven77", "\n", &"x".repeat(1025)] {
        let fault = Patterns::new(Some(&key.into())).err().unwrap();
        assert!(fault.contains("expected 8 to 1024 bytes"), "{fault}");
    }
    assert!(Patterns::new(Some(&"eight888\n".into())).is_ok());
}

#[test]
fn shown_text_holds_no_more_of_a_key_than_its_beginning() {
    let patterns = Patterns::new(Some(&"in use here".into())).unwrap();
    for (text, shown) in [
        (format!("a/é {KEY}.txt"), "a/é apik….txt"),
        (format!("{KEY}/in use here"), "apik…/in u…"),
        ("nothing/é".into(), "nothing/é"),
    ] {
        assert_eq!(patterns.masked(&text), shown);
    }
}
