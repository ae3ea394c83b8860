//! When a lease stands in: whenever a call that was started ends without an answer that counts, and never else.

use std::thread;
use std::time::{Duration, Instant};

use whop_license::lease::{Claims, Reason};
use whop_license::{Client, Error, Verdict};

use crate::support::authority::Authority;
use crate::support::{Act, DEVICE, Peer, Reads, RefusingPort, Script, Signer, Then, answer, failure, status_of};
use crate::{ANOTHER, Home, KEY};

/// Each of the ways in which a relay, or something before it, gives no answer that counts, with the status of the call
/// and what is said of it.
fn ways(signer: &Signer) -> Vec<(&'static str, Act, i32, &'static str)> {
    let play = |sends: &str, then| Act::Play(Script { sends: sends.into(), then, ..Script::default() });
    let page = |status| Act::Send(answer(status, "<!doctype html><title>Welcome to the hotel</title>"));
    let noise: String = (0..1_000_000).map(|number: u32| char::from((number * 7 % 94) as u8 + 33)).collect();
    let half = "HTTP/1.1 201 Created\r\nContent-Length: 999\r\n\r\n{\"lease\":";
    let redirect = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
    let busy = |status| format!("HTTP/1.1 {status} Busy\r\nRetry-After: 5\r\nContent-Length: 2\r\n\r\n{{}}");
    let forger = Signer::new(9);
    vec![
        ("silent", Act::StayMute, 301, "the relay was asked, but no whole answer came back: no answer within"),
        ("reset", Act::Play(Script { then: Then::Reset, ..Script::default() }), 301, "the relay was asked"),
        ("reset at once", Act::Play(Script { reads: Reads::Nothing, then: Then::Reset, ..Script::default() }), 301, ""),
        ("half an answer", play(half, Then::Close), 301, "the relay was asked, but no whole answer came back"),
        ("redirect", play(redirect, Then::Keep), 306, "the answer is not the relay's"),
        ("page 200", page(200), 306, "the answer is not the relay's: a web page (200)"),
        ("page 401", page(401), 201, "something before the relay wants a password (401)"),
        ("page 403", page(403), 202, "something before the relay refuses this machine (403)"),
        ("page 404", page(404), 306, "the answer is not the relay's: a web page (404)"),
        ("page 503", page(503), 303, "the relay cannot answer now (503)"),
        ("page 511", page(511), 303, "the relay cannot answer now (511)"),
        ("401", Act::Send(failure(401, "no")), 201, "something before the relay wants a password (401)"),
        ("403", Act::Send(failure(403, "no")), 202, "something before the relay refuses this machine (403)"),
        ("404", Act::Send(failure(404, "gone")), 306, "the answer is not the relay's: it is not signed (404)"),
        ("400", Act::Send(failure(400, "bad")), 306, "the answer is not the relay's: it is not signed (400)"),
        ("407", Act::Send(failure(407, "proxy")), 306, "the answer is not the relay's: it is not signed (407)"),
        ("429", play(&busy(429), Then::Keep), 302, "too many requests (429): wait 5 s"),
        ("500", Act::Send(failure(500, "oops")), 303, "the relay cannot answer now (500): try again later"),
        ("502", Act::Send(failure(502, "oops")), 303, "the relay cannot answer now (502): try again later"),
        ("503", play(&busy(503), Then::Keep), 303, "the relay cannot answer now (503): try again later"),
        ("noise", Act::Send(noise.clone()), 306, "the answer is not the relay's"),
        ("a noisy body", Act::Send(answer(201, &noise)), 306, "the answer is not the relay's"),
        ("a long body", Act::Send(answer(201, &noise.repeat(2))), 306, "the answer is longer than 1024 KiB"),
        ("nothing", Act::Send(answer(204, "")), 306, "the answer is not the relay's"),
        (
            "a yes of Whop's",
            Act::Send(answer(201, r#"{"id":"mem_1","valid":true,"status":"active"}"#)),
            306,
            "not signed",
        ),
        ("forged yes", forger.yes(), 306, "signed with a key that is not among the public keys given here"),
        ("forged no", forger.denies(Reason::LicenseNotFound), 306, "signed with a key that is not among"),
        ("replayed", signer.says(|claims| claims.nonce = "A".repeat(22)), 306, "it was signed for another call"),
        ("of another", signer.says(|claims| claims.key_sha256 = "A".repeat(43)), 306, "it is about another license"),
        ("a lease of no text", Act::Send(answer(201, r#"{"lease":["a"]}"#)), 306, "it is not signed (201)"),
    ]
}

#[test]
fn lease_stands_in_whatever_came_in_place_of_the_answer() {
    let home = Home::new();
    home.granted(KEY);
    for (name, act, status, said) in ways(&home.signer) {
        let before = home.stored()["leases"].clone();
        let peer = Peer::start([act]);
        let timeout = Duration::from_millis(if name == "silent" { 500 } else { 10_000 });
        let client = home.with_network(&peer).timeout(timeout).build().unwrap();
        let verdict = client.validate_license(KEY, DEVICE).unwrap();
        let told = verdict.to_string();
        assert!(verdict.is_allowed() && verdict.is_offline(), "{name}: {told}");
        assert!(
            told.starts_with("The license is valid here. It stands on the lease of the last answer, until 20"),
            "{told}"
        );
        assert!(told.contains(said), "{name}: {told}");
        assert_eq!(verdict.answer().http_status(), 0);
        assert_eq!(verdict.membership().unwrap().id(), Some("mem_KEY-1"), "{name}");
        assert_eq!(home.stored()["leases"], before, "{name}");

        // Offline never denies, and what is not stored is not made up: the status of the call stands.
        let outcome = client.validate_license(ANOTHER, DEVICE);
        assert_eq!(status_of(&outcome), status, "{name}: {outcome:?}");
        let Err(Error::Relay { lease: Some(why), .. }) = &outcome else { panic!("{outcome:?}") };
        assert_eq!(why, "no lease is stored for this license, device and product");
        let told = outcome.unwrap_err().to_string();
        assert!(
            told.ends_with("; no lease is stored for this license, device and product") && told.contains(said),
            "{told}"
        );
    }
}

#[test]
fn stored_denial_keeps_the_status_of_every_call() {
    let home = Home::new();
    assert_eq!(status_of(&home.online(KEY, home.signer.denies(Reason::DeviceMismatch))), 102);
    for (name, act, status, _) in ways(&home.signer) {
        if name == "silent" {
            continue;
        }
        let outcome = home.online(KEY, act);
        assert_eq!(status_of(&outcome), status, "{name}");
        let told = outcome.unwrap_err().to_string();
        assert!(
            told.contains("; the last signed answer, of 20") && told.contains("was no: The license is in use"),
            "{told}"
        );
    }
}

#[test]
fn refused_connection_and_refusing_proxy_and_untrusted_certificate() {
    let home = Home::new();
    home.granted(KEY);
    let told = home.offline(KEY).unwrap().to_string();
    assert!(told.ends_with(": Connection refused."), "in words, without the number of the system: {told}");

    let authority = Authority::new();
    let untrusted = Peer::start_tls([home.signer.yes()], authority.server(&["localhost"]));
    let of_url = |url: &str| {
        let mut settings = Client::relay(url, &home.signer.public_key());
        settings.product_id("prod_1").lease_file(home.path()).max_retries(0).proxy("");
        settings
    };
    let refusing = Peer::start([Act::Send(answer(403, "<html>blocked"))]);
    let nobody = RefusingPort::new();
    let localhost = format!("https://localhost:{}", untrusted.port());
    let through = |proxy: &str| {
        let mut settings = of_url("https://relay.invalid");
        settings.proxy(proxy);
        settings
    };
    for (settings, said) in [
        (of_url(&localhost), "from an authority that is not trusted"),
        (through(&format!("http://{}", refusing.host())), "the proxy does not let the request through (403)"),
        (through(&format!("http://127.0.0.1:{}", nobody.number())), "through the proxy"),
        (of_url(&format!("https://{}.invalid", "x".repeat(64))), "could not be reached"),
    ] {
        let client = settings.build().unwrap();
        let verdict = client.validate_license(KEY, DEVICE).unwrap();
        assert!(verdict.is_offline() && verdict.to_string().contains(said), "{verdict}");
        let told = client.validate_license(ANOTHER, DEVICE).unwrap_err();
        assert_eq!(status_of(&Err(told.clone())), 300, "{told}");
    }
}

#[test]
fn invalid_argument_is_never_turned_into_a_yes_and_sends_nothing() {
    let home = Home::new();
    home.granted(KEY);
    let peer = Peer::start([home.signer.yes()]);
    let client = home.with_network(&peer).build().unwrap();
    for (license_key, metadata) in [
        ("", DEVICE),
        ("KEY\n1", DEVICE),
        ("..", DEVICE),
        ("mem_1", DEVICE),
        ("\u{200b}me\u{ad}m_1", DEVICE),
        (" mem_1", DEVICE),
        (KEY, "{}"),
        (KEY, "[]"),
        (KEY, "null"),
        (KEY, r#"{"hwid":"this-device","x":"y"}"#),
        (KEY, r#"{"hwid":"this-device","hwid":"this-device"}"#),
        (KEY, r#"{"hwid":""}"#),
        (KEY, r#"{"hwid":" "}"#),
        (KEY, r#"{"hwid":7}"#),
        (KEY, r#"{"hwid":null}"#),
        (KEY, r#"{"":"this-device"}"#),
        (KEY, r#"{"hwid":"thïs"}"#),
        (KEY, r#"{"hw=id":"this-device"}"#),
        (KEY, r#"{"hwid":"released:1"}"#),
        (KEY, &format!(r#"{{"hwid":"{}"}}"#, "x".repeat(257))),
    ] {
        let outcome = client.validate_license(license_key, metadata);
        assert!(matches!(outcome, Err(Error::InvalidArgument { .. })), "{license_key} {metadata}: {outcome:?}");
    }
    let mut without_product = Client::relay(&format!("http://{}", peer.host()), &home.signer.public_key());
    let outcome = without_product.lease_file(home.path()).build().unwrap().validate_license(KEY, DEVICE);
    assert_eq!(
        outcome.unwrap_err().to_string(),
        "product_id: not set: a relay client takes licenses of one product, or a free one would open the paid program"
    );
    assert_eq!(peer.connections(), 0);
}

#[test]
fn relay_has_all_of_the_time_but_a_tenth_of_a_second() {
    let home = Home::new();
    let (signer, slow) = (home.signer.clone(), Duration::from_millis(2750));
    let peer = Peer::start([Act::ask(move |request| {
        thread::sleep(slow);
        Act::Send(signer.answer(request, |_| ()))
    })]);
    let client = home.with_network(&peer).timeout(Duration::from_secs(3)).build().unwrap();
    assert_eq!(client.validate_license(KEY, DEVICE).unwrap().to_string(), "The license is valid here.");
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn busy_relay_is_not_waited_for_where_a_lease_stands_in() {
    let home = Home::new();
    home.granted(KEY);
    for status in [502, 503, 504, 429] {
        let busy = format!("HTTP/1.1 {status} Busy\r\nRetry-After: 2\r\nContent-Length: 2\r\n\r\n{{}}");
        let peer = Peer::start([Act::Send(busy), home.signer.yes()]);
        let client = home.with_network(&peer).max_retries(5).build().unwrap();
        let began = Instant::now();
        assert!(client.validate_license(KEY, DEVICE).unwrap().is_offline(), "{status}");
        assert!(began.elapsed() < Duration::from_secs(1), "{status}: {:?}", began.elapsed());
        assert_eq!(peer.seen().len(), 1, "{status}");
        // Who has none waits as he is told, but for a limit.
        if status != 429 {
            let began = Instant::now();
            let peer = Peer::start([Act::Send(failure(status, "busy")), home.signer.yes()]);
            let client = home.with_network(&peer).max_retries(5).build().unwrap();
            assert!(!client.validate_license(&format!("NEW-{status}"), DEVICE).unwrap().is_offline());
            assert_eq!(peer.seen().len(), 2, "{status} {:?}", began.elapsed());
        }
    }
}

#[test]
fn lease_that_is_over_is_waited_for_like_none() {
    let home = Home::new();
    let over = |claims: &mut Claims| (claims.iat, claims.exp) = (claims.iat - 7200, claims.iat - 3600);
    assert_eq!(status_of(&home.online(KEY, home.signer.says(over))), 0, "online the clock plays no part");
    let told = home.refused_offline(KEY);
    assert!(told.starts_with("the lease ended at 20"), "{told}");
    let peer = Peer::start([Act::Send(failure(503, "busy")), home.signer.yes()]);
    let client = home.with_network(&peer).max_retries(5).build().unwrap();
    assert!(!client.validate_license(KEY, DEVICE).unwrap().is_offline());
    let seen = peer.seen();
    assert_eq!(seen.len(), 2);
    // The relay knows by it that this is no stranger.
    assert!(seen.iter().all(|request| request.to_lowercase().contains("\r\nwhop-license-lease: ey")), "{seen:?}");
}

#[test]
fn newest_grant_goes_to_the_relay_with_the_question_and_nothing_else_of_the_file() {
    let home = Home::new();
    home.granted(KEY);
    home.granted(ANOTHER);
    let tokens: Vec<_> = home.stored()["leases"].as_array().unwrap().iter().map(|it| it["lease"].clone()).collect();
    let sent = |license_key: &str, metadata| {
        let peer = Peer::start([home.signer.yes()]);
        home.with_network(&peer).build().unwrap().validate_license(license_key, metadata).unwrap();
        crate::support::signer::Asked::read(&peer.seen()[0]).lease
    };
    assert_eq!(sent(KEY, DEVICE).as_deref(), tokens[0].as_str());
    assert_eq!(sent(ANOTHER, DEVICE).as_deref(), tokens[1].as_str());
    assert_eq!(sent(KEY, r#"{"hwid":"another"}"#), None);
    assert_eq!(sent("KEY-3", DEVICE), None);
    home.online(KEY, home.signer.denies(Reason::DeviceMismatch)).unwrap();
    assert_eq!(sent(KEY, DEVICE), None);
}

#[test]
fn lease_of_a_relay_for_tests_is_of_no_use_elsewhere() {
    let home = Home::new();
    assert_eq!(status_of(&home.online(KEY, home.signer.says(|claims| claims.sandbox = true))), 0);
    assert!(home.is_allowed_offline(KEY), "on this machine it is good");
    let for_tests = "the relay that signed it does not ask Whop itself: it is for tests on one machine";
    let elsewhere = |url: &str| {
        let mut settings = Client::relay(url, &home.signer.public_key());
        // A proxy that nobody is behind, so that nothing is looked up.
        settings.product_id("prod_1").lease_file(home.path()).max_retries(0).proxy(&home.nobody());
        settings
    };
    for url in ["https://relay.invalid", "https://localhost.invalid", "https://127.0.0.1.invalid", "https://10.0.0.1"] {
        let outcome = elsewhere(url).build().unwrap().validate_license(KEY, DEVICE);
        assert_eq!(crate::home::refused(outcome), for_tests, "{url}");
        // To allow it does not allow it there.
        let outcome = elsewhere(url).allow_sandbox(true).build().unwrap().validate_license(KEY, DEVICE);
        assert_eq!(crate::home::refused(outcome), for_tests, "{url}");
    }
    // Nor is it good on this machine where that is not wanted.
    let outcome = home.without_network().allow_sandbox(false).build().unwrap().validate_license(KEY, DEVICE);
    assert_eq!(crate::home::refused(outcome), for_tests);
    let peer = Peer::start([home.signer.says(|claims| claims.sandbox = true)]);
    let mut settings = peer.relay_client(&home.signer);
    let outcome = settings.allow_sandbox(false).build().unwrap().validate_license(KEY, DEVICE);
    assert_eq!(status_of(&outcome), 306);
}

#[test]
fn overdue_payment_is_judged_by_the_setting_offline_as_well() {
    let home = Home::new();
    let overdue = home.signer.says(|claims| claims.status = Some("past_due".into()));
    assert_eq!(status_of(&home.online(KEY, overdue)), 0);
    assert!(home.is_allowed_offline(KEY));
    let strict = home.without_network().allow_past_due(false).build().unwrap();
    assert!(crate::home::refused(strict.validate_license(KEY, DEVICE)).contains("was no: The license is not active"));
}

#[test]
fn without_a_lease_file_nothing_is_kept() {
    let home = Home::new();
    let peer = Peer::start([home.signer.yes(), Act::Send(failure(500, "oops"))]);
    let client = peer.relay_client(&home.signer).build().unwrap();
    assert!(matches!(client.validate_license(KEY, DEVICE), Ok(Verdict::Allowed(_))));
    let error = client.validate_license(KEY, DEVICE).unwrap_err();
    assert!(matches!(&error, Error::Relay { lease: None, .. }));
    assert_eq!(error.to_string(), "the relay cannot answer now (500): try again later");
    assert_eq!(home.listed(), [""; 0]);
}

#[test]
fn integers_at_their_ends_and_texts_that_c_would_cut() {
    let last = 253_402_300_799;
    for (iat, exp, status, is_allowed) in [
        (1, last, 0, true),
        (1, 2, 0, false),
        (last - 1, last, 0, false),
        (0, last, 306, false),
        (1, last + 1, 306, false),
        (i64::MIN, i64::MAX, 306, false),
        (i64::MAX, i64::MIN, 306, false),
        (i64::MAX, i64::MAX, 306, false),
        (i64::MIN, i64::MIN, 306, false),
    ] {
        let home = Home::new();
        let outcome = home.online(KEY, home.signer.says(move |claims| (claims.iat, claims.exp) = (iat, exp)));
        assert_eq!(status_of(&outcome), status, "{iat} {exp}: {outcome:?}");
        assert_eq!(home.is_allowed_offline(KEY), is_allowed, "{iat} {exp}");
        // What comes later is kept and used as ever.
        home.granted(KEY);
        assert!(home.is_allowed_offline(KEY), "{iat} {exp}");
    }
    let home = Home::new();
    for end in [i64::MIN, -1, 0, i64::MAX] {
        let verdict = home.online(KEY, home.signer.says(move |claims| claims.expires_at = Some(end))).unwrap();
        assert_eq!(verdict.membership().unwrap().expires_at(), Some(end));
        assert!(home.is_allowed_offline(KEY));
    }
    let changes: [fn(&mut Claims); 4] = [
        |claims| claims.id = Some("mem_1\0x".into()),
        |claims| claims.product = Some("prod_1\0x".into()),
        |claims| claims.plan = Some("plan_1\n".into()),
        |claims| claims.status = Some("active\0".into()),
    ];
    for change in changes {
        let peer = Peer::start([home.signer.says(change)]);
        let outcome = peer.relay_client(&home.signer).build().unwrap().validate_license(KEY, DEVICE);
        let told = outcome.unwrap_err().to_string();
        assert!(told.starts_with("the answer is not the relay's: a text in it "), "{told}");
    }
}
