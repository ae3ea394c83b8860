//! What is said of an answer that nobody has signed: in its own words it says little, and nothing of the buyer's.

use log::{LevelFilter, Log, Metadata, Record};
use std::sync::Mutex;

use whop_license::{Client, Error, Verdict};

use crate::support::signer::Asked;
use crate::support::{Act, DEVICE, Peer, Signer, answer};

const KEY: &str = "KEY/0b96f4a2";
const OF_BUYER: &str = r#"{"hwid":"e4f0c853"}"#;

fn told(client: &Client) -> String {
    match client.validate_license(KEY, OF_BUYER) {
        Ok(verdict) => format!("{verdict} {verdict:?} {verdict:#?} {:?}", verdict.answer()),
        Err(error) => {
            format!("{error} {error:?} {error:#?} {:?} {:?}", error.answer(), std::error::Error::source(&error))
        }
    }
}

const NO_RELAY: &str = "check the relay's URL: it is the address of the relay, without /v2";
const NO_SIGNATURE: &str = "is this a relay, and does it sign with one of these public keys?";
const NOT_READ: &str = "a relay that cannot read the request says so: is the metadata key the one that it is set to?";

#[test]
fn unsigned_answer_is_told_by_its_status_and_none_of_its_words_is() {
    let signer = Signer::new(1);
    let words = "Your license was revoked: pay at https://pay.example";
    let bodies = [
        format!(r#"{{"error":{{"message":"{words}"}}}}"#),
        format!(r#"{{"message":"{words}","lease":null}}"#),
        format!(r#"["{words}"]"#),
        format!(r#"{{"message":"{words}""#),
        words.into(),
        String::new(),
    ];
    for (status, hint) in [
        (200, Some(NO_SIGNATURE)),
        (201, Some(NO_SIGNATURE)),
        (400, Some(NOT_READ)),
        (413, Some(NOT_READ)),
        (415, Some(NOT_READ)),
        (404, Some(NO_RELAY)),
        (407, None),
        (410, None),
    ] {
        let hint = hint.map(|hint| format!(": {hint}")).unwrap_or_default();
        for body in &bodies {
            let peer = Peer::start([Act::Send(answer(status, body))]);
            let error = peer.relay_client(&signer).build().unwrap().validate_license(KEY, DEVICE).unwrap_err();
            let expected = format!("the answer is not the relay's: it is not signed ({status}){hint}");
            assert_eq!(error.to_string(), expected, "{body}");
        }
        let peer = Peer::start([Act::Send(answer(status, &format!("<html>{words}")))]);
        let error = peer.relay_client(&signer).build().unwrap().validate_license(KEY, DEVICE).unwrap_err();
        let page = format!("a web page ({status}): a network's login page, or a wrong relay URL");
        assert_eq!(error.to_string(), format!("the answer is not the relay's: {page}"));
    }
}

/// What was logged by this process.
struct Logged(Mutex<String>);

impl Log for Logged {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        *self.0.lock().unwrap() += &format!("{} {}\n", record.target(), record.args());
    }

    fn flush(&self) {}
}

static LOGGED: Logged = Logged(Mutex::new(String::new()));

#[test]
fn neither_messages_nor_debug_nor_log_hold_key_device_lease_or_nonce() {
    log::set_logger(&LOGGED).unwrap();
    log::set_max_level(LevelFilter::Debug);
    let signer = Signer::new(1);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leases");
    // A server that repeats all that it was sent.
    let echo = |status: u16, is_message: bool| {
        Act::ask(move |request| {
            let asked = Asked::read(request);
            let grant = asked.grant();
            let lease = asked.lease.unwrap_or_default();
            let all =
                [&*asked.license_key, &asked.device.1, &asked.nonce, &grant.key_sha256, &grant.device_sha256, &lease];
            let acts = all.map(|text| serde_json::json!({"message": format!("not for {text} here")}).to_string());
            let body = if is_message { acts[usize::from(status % 10) % 6].clone() } else { all.join(" ") };
            Act::Send(answer(if is_message { 400 } else { status }, &body))
        })
    };
    let mut acts = vec![signer.yes()];
    acts.extend((0..6).map(|number| echo(number, true)));
    acts.extend([400, 404, 401, 403, 429, 500, 201].map(|status| echo(status, false)));
    acts.extend([Signer::new(2).yes(), signer.says(|claims| claims.nonce = "x".into())]);
    acts.push(signer.denies(whop_license::lease::Reason::DeviceMismatch));
    let count = acts.len();
    for has_file in [true, false] {
        let peer = Peer::start(acts.clone());
        let mut settings = peer.relay_client(&signer);
        if has_file {
            settings.lease_file(file.to_str().unwrap());
        }
        let client = settings.max_retries(0).build().unwrap();
        let mut all = format!("{settings:?} {client:?} {settings:#?} {client:#?}");
        for _ in 0..count {
            all += &told(&client);
        }
        let seen: Vec<_> = peer.seen().iter().map(|request| Asked::read(request)).collect();
        assert_eq!(seen.len(), count);
        all += &LOGGED.0.lock().unwrap();
        assert!(all.contains("ureq"), "something was logged");
        let normal = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let all = normal(&all);
        for asked in &seen {
            let grant = asked.grant();
            let lease = asked.lease.clone().unwrap_or_default();
            let signature = lease.rsplit('.').next().unwrap();
            let payload = lease.split('.').nth(1).unwrap_or_default();
            for secret in [
                "0b96f4a2",
                "e4f0c853",
                &asked.nonce,
                &grant.key_sha256,
                &grant.device_sha256,
                signature,
                payload.get(..40).unwrap_or_default(),
            ] {
                let secret = normal(secret);
                assert!(secret.is_empty() || !all.contains(&secret), "{secret}");
            }
        }
        assert_eq!(seen.iter().any(|asked| asked.lease.is_some()), has_file);
    }
    // A lease in the hands of a seller's tool shows neither itself nor whose it is.
    let claims = Asked::read(&Peer::start([signer.yes()]).relay_seen(&signer)).grant();
    let keys = whop_license::lease::PublicKeys::parse(&signer.public_key()).unwrap();
    let lease = whop_license::lease::Lease::verify(&signer.sign(&claims), &keys).unwrap();
    let shown = format!("{lease:?} {lease:#?} {claims:?}");
    for secret in [&claims.nonce, &claims.key_sha256, &claims.device_sha256, lease.token().rsplit('.').next().unwrap()]
    {
        assert!(!shown.contains(secret), "{shown}");
    }
}

impl Peer {
    /// The request of one check.
    fn relay_seen(&self, signer: &Signer) -> String {
        let outcome: Result<Verdict, Error> =
            self.relay_client(signer).build().unwrap().validate_license(KEY, OF_BUYER);
        assert!(outcome.unwrap().is_allowed());
        self.seen().remove(0)
    }
}
