//! What is kept, and what gives way to it.

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use whop_license::Verdict;
use whop_license::lease::{self, Claims, Lease, PublicKeys, Reason, device_sha256, license_key_sha256};

use crate::support::signer::{denial, now};
use crate::support::{Act, DEVICE, Peer, status_of};
use crate::{ANOTHER, Home, KEY};

const NONE_STORED: &str = "no lease is stored for this license, device and product";

#[test]
fn grant_stands_in_without_network_for_its_license_device_and_product_alone() {
    let home = Home::new();
    home.granted(KEY);
    assert!(home.is_allowed_offline(KEY));
    assert_eq!(home.refused_offline(ANOTHER), NONE_STORED);
    let client = home.without_network().build().unwrap();
    let of_device = |metadata| crate::home::refused(client.validate_license(KEY, metadata));
    assert_eq!(of_device(r#"{"hwid":"another"}"#), NONE_STORED);
    assert_eq!(of_device(r#"{"HWID":"this-device"}"#), NONE_STORED);
    let of_another = home.without_network().product_id("prod_2").build().unwrap();
    assert_eq!(crate::home::refused(of_another.validate_license(KEY, DEVICE)), NONE_STORED);
}

#[test]
fn ninth_license_takes_the_place_of_the_oldest_grant() {
    let home = Home::new();
    let keys: Vec<_> = (1..=9).map(|number| format!("KEY-{number}")).collect();
    for key in &keys[..8] {
        home.granted(key);
    }
    // Who is asked again is not the oldest any more.
    home.granted(&keys[0]);
    home.granted(&keys[8]);
    let allowed: Vec<_> = keys.iter().map(|key| home.is_allowed_offline(key)).collect();
    assert_eq!(allowed, [true, false, true, true, true, true, true, true, true]);
}

#[test]
fn typing_errors_that_are_denied_cost_no_grant() {
    let home = Home::new();
    for number in 0..7 {
        home.granted(&format!("KEY-{number}"));
    }
    let deny = |key: &str| home.online(key, home.signer.denies(Reason::LicenseNotFound)).unwrap();
    for number in 0..10 {
        assert!(matches!(deny(&format!("TYPO-{number}")), Verdict::NotFound(_)));
    }
    // With eight grants there is no place for a denial at all.
    home.granted("KEY-7");
    assert_eq!(status_of(&Ok(deny("TYPO-11"))), 100);
    for number in 0..8 {
        assert!(home.is_allowed_offline(&format!("KEY-{number}")), "{number}");
    }
    assert_eq!(home.stored()["leases"].as_array().unwrap().len(), 8);
}

#[test]
fn license_that_is_valid_but_not_here_costs_no_grant_either() {
    let home = Home::new();
    for number in 0..7 {
        home.granted(&format!("KEY-{number}"));
    }
    for number in 0..10 {
        let of_another = home.signer.says(|claims| claims.product = Some("prod_2".into()));
        let verdict = home.online(&format!("FREE-{number}"), of_another).unwrap();
        assert!(matches!(verdict, Verdict::ProductMismatch(_)), "{verdict:?}");
    }
    home.granted("KEY-7");
    assert!((0..8).all(|number| home.is_allowed_offline(&format!("KEY-{number}"))));
}

#[test]
fn denial_replaces_its_own_entry_alone_and_a_later_grant_lifts_it() {
    let home = Home::new();
    home.granted(KEY);
    home.granted(ANOTHER);
    for (reason, status, why) in [
        (Reason::LicenseNotFound, 100, "There is no such license: check the key for typing errors."),
        (
            Reason::DeviceMismatch,
            102,
            "The license is in use on another device: have it reset, in your Whop dashboard or by the seller.",
        ),
        (Reason::ProductMismatch, 103, "The license is for another product."),
    ] {
        assert_eq!(status_of(&home.online(KEY, home.signer.denies(reason))), status);
        let told = home.refused_offline(KEY);
        assert!(told.starts_with("the last signed answer, of 2"), "{told}");
        assert!(told.ends_with(&format!(" UTC, was no: {why}")), "{told}");
        assert!(home.is_allowed_offline(ANOTHER), "{reason:?}");
        home.granted(KEY);
        assert!(home.is_allowed_offline(KEY), "{reason:?}");
    }
    let expired = home.signer.says(|claims| (claims.valid, claims.status) = (Some(false), Some("expired".into())));
    assert_eq!(status_of(&home.online(KEY, expired)), 101);
    let told = home.refused_offline(KEY);
    assert!(told.ends_with("was no: The license is not active: it has expired, was canceled or is unpaid."), "{told}");
}

#[test]
fn call_that_began_later_counts_whatever_the_clocks_of_the_relays_say() {
    let ahead = |reason: Option<Reason>, seconds: i64| {
        move |claims: &mut Claims| {
            claims.iat += seconds;
            claims.exp += seconds;
            if let Some(reason) = reason {
                *claims = denial(claims.clone(), reason);
            }
        }
    };
    for seconds in [1, 4, 599, 3600] {
        let home = Home::new();
        let deny = |seconds| home.signer.says(ahead(Some(Reason::DeviceMismatch), seconds));
        assert_eq!(status_of(&home.online(KEY, deny(seconds))), 102);
        home.granted(KEY);
        assert!(home.is_allowed_offline(KEY), "{seconds}");
        assert_eq!(status_of(&home.online(KEY, home.signer.says(ahead(None, seconds)))), 0);
        assert_eq!(status_of(&home.online(KEY, deny(0))), 102);
        assert!(home.refused_offline(KEY).contains("was no"), "{seconds}");
    }
}

#[test]
fn answer_that_was_slower_than_the_next_does_not_replace_it() {
    for is_grant_slow in [true, false] {
        let home = Home::new();
        let (signer, deny) = (home.signer.clone(), home.signer.denies(Reason::DeviceMismatch));
        let ((asked, is_asked), (go, may_go)) = (channel(), channel());
        let may_go = Mutex::new(may_go);
        let peer = Peer::start([Act::ask(move |request| {
            asked.send(()).unwrap();
            may_go.lock().unwrap().recv().unwrap();
            Act::Send(signer.answer(request, |claims| {
                if !is_grant_slow {
                    *claims = denial(claims.clone(), Reason::DeviceMismatch);
                }
            }))
        })]);
        thread::scope(|threads| {
            let check = || home.with_network(&peer).build().unwrap().validate_license(KEY, DEVICE).unwrap();
            let slow = threads.spawn(check);
            is_asked.recv().unwrap();
            // Its call begins in another millisecond.
            thread::sleep(Duration::from_millis(2));
            home.online(KEY, if is_grant_slow { deny } else { home.signer.yes() }).unwrap();
            go.send(()).unwrap();
            assert_eq!(slow.join().unwrap().is_allowed(), is_grant_slow, "the call has its own answer");
        });
        assert_eq!(home.is_allowed_offline(KEY), !is_grant_slow);
    }
}

#[test]
fn lease_of_another_key_or_that_was_changed_by_hand_is_of_no_use() {
    let home = Home::new();
    home.granted(KEY);
    let text = std::fs::read_to_string(&home.file).unwrap();
    let token = home.stored()["leases"][0]["lease"].as_str().unwrap().to_owned();
    let [header, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    for (changed, why) in [
        (format!("{header}.{payload}.{}", signature.chars().rev().collect::<String>()), "signature"),
        (format!("{header}.{payload}"), "the stored lease: not three parts between dots"),
        (String::new(), "the stored lease: not three parts between dots"),
        (format!("{token}="), "the stored lease: its signature is not base64url"),
    ] {
        std::fs::write(&home.file, text.replace(&token, &changed)).unwrap();
        let told = home.refused_offline(KEY);
        assert!(told.contains(why), "{told}");
    }
    std::fs::write(&home.file, &text).unwrap();
    let other_keys = whop_license::Client::relay(&home.nobody(), &crate::support::Signer::new(2).public_key())
        .product_id("prod_1")
        .lease_file(home.path())
        .build()
        .unwrap();
    assert_eq!(
        crate::home::refused(other_keys.validate_license(KEY, DEVICE)),
        "the stored lease: signed with a key that is not among the public keys given here"
    );
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn entry_that_is_filed_under_another_license_or_device_is_of_no_use() {
    let home = Home::new();
    home.granted(ANOTHER);
    let text = std::fs::read_to_string(&home.file).unwrap();
    let [key, another] = [KEY, ANOTHER].map(|key| license_key_sha256(key).unwrap());
    std::fs::write(&home.file, text.replace(&another, &key)).unwrap();
    assert_eq!(home.refused_offline(KEY), "it is about another license");
    let [device, elsewhere] = ["this-device", "elsewhere"].map(|device| device_sha256("hwid", device));
    let client = home.without_network().build().unwrap();
    std::fs::write(&home.file, text.replace(&device, &elsewhere)).unwrap();
    let told = crate::home::refused(client.validate_license(ANOTHER, r#"{"hwid":"elsewhere"}"#));
    assert_eq!(told, "it is about another device");
    // A free product's license under the name of the paid one.
    std::fs::write(&home.file, text.replace("\"product\":\"prod_1\"", "\"product\":\"prod_2\"")).unwrap();
    let of_another = home.without_network().product_id("prod_2").build().unwrap();
    let told = crate::home::refused(of_another.validate_license(ANOTHER, DEVICE));
    assert!(told.ends_with("was no: The license is for another product."), "{told}");
}

#[test]
fn file_that_is_written_by_hand_lets_a_machine_run_that_is_never_online() {
    let home = Home::new();
    let claims = Claims {
        id: Some("mem_1".into()),
        valid: Some(true),
        status: Some("active".into()),
        product: Some("prod_1".into()),
        key_sha256: license_key_sha256(KEY).unwrap(),
        device_sha256: device_sha256("hwid", "this-device"),
        nonce: "by-hand".into(),
        iat: now() - 60,
        exp: now() + 365 * 24 * 3600,
        ..Claims::default()
    };
    let keys = PublicKeys::parse(&home.signer.public_key()).unwrap();
    let lease = Lease::verify(&home.signer.sign(&claims), &keys).unwrap();
    std::fs::write(&home.file, lease::file(&[lease])).unwrap();
    for _ in 0..2 {
        assert!(home.is_allowed_offline(KEY));
    }
}
