//! `check`: what is wrong with the settings and the API key, as far as reading tells.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use secrecy::ExposeSecret;
use whop_license::{Client, Error, Lookup, Membership};

use super::{Failure, client, output};
use crate::places;
use crate::secrets;
use crate::settings::Settings;
use crate::tls::Pem;

/// Says everything on standard output, a line each.
pub(crate) fn run(settings: &Settings) -> Result<(), Failure> {
    let mut told = Told::new();
    for look in [keys, certificate, store, api_key] {
        look(settings, &mut told);
        std::mem::replace(&mut told.written, Ok(()))?;
    }
    match told.faults {
        0 => Ok(()),
        1 => Err("1 fault".to_owned().into()),
        faults => Err(format!("{faults} faults").into()),
    }
}

struct Told {
    faults: usize,
    /// Whether all lines could be written.
    written: Result<(), Failure>,
}

impl Told {
    fn new() -> Self {
        Self { faults: 0, written: Ok(()) }
    }

    fn line(&mut self, kind: &str, line: &str) {
        if self.written.is_ok() {
            self.written = output::line(format_args!("{kind}: {line}"));
        }
    }

    fn good(&mut self, line: impl AsRef<str>) {
        self.line("good", line.as_ref());
    }

    fn note(&mut self, line: impl AsRef<str>) {
        self.line("note", line.as_ref());
    }

    fn fault(&mut self, line: impl AsRef<str>) {
        self.faults += 1;
        self.line("FAULT", line.as_ref());
    }

    fn of<T>(&mut self, name: &str, outcome: Result<T, String>) -> Option<T> {
        outcome.map_err(|fault| self.fault(format!("{name}: {}", fault.trim_start_matches(&format!("{name}: "))))).ok()
    }
}

fn keys(settings: &Settings, told: &mut Told) {
    let texts = secrets::signing_key_texts(settings);
    let signer = texts.and_then(|texts| secrets::signer(&texts, settings, false));
    let Some(signer) = told.of("signing-key-file", signer) else { return };
    let keys: Vec<_> = signer.keys().iter().map(crate::SigningKey::public_key).collect();
    told.good(format!("signing-key-file: programs take {}", keys.join(",")));
    if keys.len() == 1 {
        told.note("signing-key-file: ship a second public key from the first day, and keep its private half offline");
    }
}

fn certificate(settings: &Settings, told: &mut Told) {
    let Some((cert, key)) = &settings.tls else { return };
    if told.of("tls-cert", Pem::read(cert, key).and_then(|pem| pem.config())).is_some() {
        told.good("tls-cert: fits its key");
    }
}

fn store(settings: &Settings, told: &mut Told) {
    let Some(url) = &settings.redis else {
        return told.note("redis: not set, so that this must be the only process");
    };
    // What the driver says may hold the address, and in it the password.
    match ping(url.expose_secret()) {
        Some(()) => told.good("redis: answers"),
        None => told.fault("redis: does not answer, or refuses the password"),
    }
}

fn ping(url: &str) -> Option<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let client = redis::Client::open(url).ok()?;
    let ping = async {
        let mut connection = client.get_multiplexed_async_connection().await?;
        redis::cmd("PING").exec_async(&mut connection).await
    };
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(5), ping).await }).ok()?.ok()
}

fn api_key(settings: &Settings, told: &mut Told) {
    let client = client(settings).map_err(|failure| match failure {
        Failure::Settings(faults) => faults.join("; "),
        Failure::Failed(fault) => fault,
        Failure::Unread => String::new(),
    });
    if let Some(client) = told.of("api-key-file", client) {
        whop(&client, settings, told);
    }
}

fn whop(client: &Client, settings: &Settings, told: &mut Told) {
    let memberships = client.memberships(SAMPLE).map_err(|error| match &error {
        // As Whop answers a key that it has revoked.
        Error::Rejected { answer, .. } if answer.http_status() == 404 => {
            format!("{error}: the API key may be revoked, or of another company")
        }
        _ => error.to_string(),
    });
    let Some(memberships) = told.of("api-key-file", memberships) else { return };
    let Some(newest) = memberships.first() else {
        return told.fault(
            "api-key-file: Whop shows no membership to this key: it is revoked, of another company, or nobody has bought yet",
        );
    };
    told.good(format!("api-key-file: reads memberships (looked at the newest {})", memberships.len()));
    told.note("api-key-file: whether it may write (member:manage) cannot be told without writing");
    clock(newest, told);
    products(&memberships, settings, told);
    devices(&memberships, &settings.engine.device_key, told);
    if let Some(control) = &settings.engine.control {
        match client.membership(control) {
            Ok(Lookup::Found(_)) => told.good("control: is there"),
            Ok(Lookup::NotFound(_)) => told.fault("control: there is no such license or membership"),
            Err(error) => told.fault(format!("control: {error}")),
        }
    }
}

fn clock(answered: &Membership, told: &mut Told) {
    let Some(date) = answered.answer().date() else { return told.note("clock: the answer has no date") };
    let now = SystemTime::now();
    let ahead = now.duration_since(date).map_or(0, |by| by.as_secs());
    let behind = date.duration_since(now).map_or(0, |by| by.as_secs());
    match ahead.max(behind) {
        0..=5 => told.good("clock: agrees with Whop's"),
        apart @ 6..=300 => told.note(format!("clock: {apart} s from Whop's: from 300 s on nothing is signed")),
        apart => told.fault(format!("clock: {apart} s from Whop's: nothing is signed before it is set right")),
    }
}

fn products(memberships: &[Membership], settings: &Settings, told: &mut Told) {
    let mut seen = BTreeMap::<&str, usize>::new();
    for membership in memberships {
        *seen.entry(membership.product_id().unwrap_or("without a product")).or_default() += 1;
    }
    let counts: Vec<_> = seen.iter().map(|(product, count)| format!("{product} ({count})")).collect();
    told.note(format!("product: these have memberships: {}", counts.join(", ")));
    for product in &settings.engine.products {
        match seen.contains_key(&**product) {
            true => told.good(format!("product: {product} is among them")),
            false => told.note(format!("product: {product} is not among them: check it for typing errors")),
        }
        let of_product = memberships.iter().filter(|membership| membership.product_id() == Some(product));
        let without =
            of_product.filter(|membership| membership.current().is_none_or(|fields| fields.license_key.is_none()));
        match without.count() {
            0 => {}
            some => told.fault(format!(
                "product: {product} has {some} without a license key: add Whop's software licensing to it"
            )),
        }
    }
}

/// Says under which names and in which formats devices are stored: never one itself.
fn devices(memberships: &[Membership], device_key: &str, told: &mut Told) {
    let mut formats = BTreeMap::<&str, usize>::new();
    let mut others = BTreeMap::<String, usize>::new();
    let ours: Vec<_> = (1..=10).map(|number| places::name(device_key, number)).collect();
    for (name, value) in memberships.iter().flat_map(places::metadata) {
        let value = value.as_str().unwrap_or_default();
        if ours.contains(&name) {
            *formats.entry(format(value)).or_default() += 1;
        } else if looks_like_device(&name) && name != places::mark(device_key) {
            *others.entry(name).or_default() += 1;
        }
    }
    let counts: Vec<_> = formats.iter().map(|(format, count)| format!("{count} × {format}")).collect();
    match counts.is_empty() {
        true => told.note(format!("device-key: nothing is stored under {device_key} yet")),
        false => told.note(format!("device-key: under {device_key}: {}", counts.join(", "))),
    }
    if formats.len() > usize::from(formats.contains_key(RELEASED)) + 1 {
        told.note(
            "device-key: devices of several formats: those of an earlier client are refused until they are released",
        );
    }
    for (name, count) in others {
        told.note(format!("device-key: {count} × {name:?}, which looks like a device and is not looked at"));
    }
}

fn format(value: &str) -> &'static str {
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_guid = |text: &str| {
        let parts: Vec<_> = text.trim_matches(['{', '}']).split('-').collect();
        parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.into_iter().all(is_hex)
    };
    match value {
        "" => "empty",
        _ if value.starts_with(crate::pair::RELEASED) => RELEASED,
        _ if value.len() == 64 && is_hex(value) => "64 hex digits (as whop-license makes them)",
        _ if value.len() == 32 && is_hex(value) => "32 hex digits",
        _ if value.len() == 40 && is_hex(value) => "40 hex digits",
        _ if is_guid(value) => "a GUID",
        _ if value.bytes().all(|byte| byte.is_ascii_digit()) => "digits",
        _ if value.is_ascii() => "other text",
        _ => "text beyond ASCII, which is refused here",
    }
}

fn looks_like_device(name: &str) -> bool {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    ["hwid", "hardware", "device", "machine", "fingerprint", "serial", "macaddress", "pcid"]
        .iter()
        .any(|part| name.contains(part))
}

const RELEASED: &str = "released";
/// As many as Whop lists at once.
const SAMPLE: u8 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_names_are_told_apart() {
        for (value, told) in [
            ("", "empty"),
            ("released:1790000000", RELEASED),
            (&"aF".repeat(32), "64 hex digits (as whop-license makes them)"),
            (&"0".repeat(32), "32 hex digits"),
            ("{6F9619FF-8B86-D011-B42D-00C04FC964FF}", "a GUID"),
            ("6f9619ff-8b86-d011-b42d-00c04fc964ff", "a GUID"),
            ("123456", "digits"),
            ("ANNAS-PC", "other text"),
            ("büro", "text beyond ASCII, which is refused here"),
        ] {
            assert_eq!(format(value), told, "{value}");
        }
        for name in ["HWID", "deviceId", "device_id", "machine-guid", "Hardware ID", "fingerprint"] {
            assert!(looks_like_device(name), "{name}");
        }
        for name in ["note", "order", "discord", "whid"] {
            assert!(!looks_like_device(name), "{name}");
        }
    }
}
