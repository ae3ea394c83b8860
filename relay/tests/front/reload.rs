//! Files of keys that change while the relay runs.

use std::time::Duration;

use secrecy::ExposeSecret;
use whop_license::lease::{Lease, PublicKeys};
use whop_relay::settings::Source;
use whop_relay::{Relay, SigningKey};

use crate::support::{Files, NONCE, Program, allow, check_url, get, post, sandbox, settings, until};

fn relay(whop: &whop_sandbox::Sandbox, files: &Files) -> Relay {
    let mut settings = settings(whop, vec![Source::File(files.path("signing-key.pem"))]);
    settings.api_key = Some(Source::File(files.path("api-key")));
    settings.engine.cache_allowed = Duration::ZERO;
    settings.engine.cache_others = Duration::ZERO;
    Relay::start(settings).unwrap()
}

/// Whether an answer is signed for a program that trusts this key.
fn signs(url: &str, key: &SigningKey) -> bool {
    let headers = [("whop-license-nonce", NONCE), ("whop-license-keys", key.id())];
    let answered = post(&check_url(url, "SANDBOX-ACTIVE"), &headers, br#"{"metadata":{"hwid":"my-pc"}}"#);
    let keys = PublicKeys::parse(&key.public_key()).unwrap();
    answered.lease().is_some_and(|lease| Lease::verify(&lease, &keys).is_ok())
}

#[test]
fn new_signing_key_is_taken_and_a_broken_one_is_not() {
    let whop = sandbox();
    let (files, old) = Files::new(&whop);
    let relay = relay(&whop, &files);
    assert!(signs(relay.url(), &old));
    let reloads = |good: &str| {
        let figures = get(&format!("{}/metrics", relay.admin_url().unwrap())).text;
        let name = format!("whop_relay_reloads_total{{file=\"signing-key-file\",good=\"{good}\"}} ");
        let count = figures.lines().find_map(|line| line.strip_prefix(&name)?.parse::<u32>().ok());
        count.unwrap_or_default()
    };

    // Figures are those of all relays of this process.
    let refused = reloads("no");
    files.write("signing-key.pem", "half a key");
    relay.reload();
    until("the broken file is not told", || reloads("no") > refused);
    assert!(signs(relay.url(), &old));
    #[cfg(unix)]
    {
        let refused = reloads("no");
        allow(&files.path("signing-key.pem"), 0o644);
        relay.reload();
        until("the open file is not told", || reloads("no") > refused);
        assert!(signs(relay.url(), &old));
    }

    let (new, text) = SigningKey::generate().unwrap();
    files.write("signing-key.pem", text.expose_secret());
    // Without being told: it looks by itself every few seconds.
    until("the new key is not taken", || signs(relay.url(), &new));
    assert!(!signs(relay.url(), &old));
}

#[test]
fn new_api_key_is_used_for_the_next_question() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    files.write("api-key", &whop.api_key("none"));
    let relay = relay(&whop, &files);
    assert!(!signs(relay.url(), &key));
    files.write("api-key", &whop.api_key("full"));
    relay.reload();
    until("the new API key is not used", || signs(relay.url(), &key));
}

#[cfg(unix)]
#[test]
fn hangup_reads_the_files_again_and_ends_nothing() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let mut program = Program::serve(&whop, &files, &[]);
    let (new, text) = SigningKey::generate().unwrap();
    files.write("signing-key.pem", text.expose_secret());
    program.signal("-HUP");
    program.log_line("signing-key-file was read again");
    assert!(signs(&program.url, &new));
}
