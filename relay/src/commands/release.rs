//! `release`: frees the place of a device, so that the license can be used on another.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Args;
use serde_json::{Map, Value};
use whop_license::{Judgement, Lookup, Verdict};

use super::{Failure, client, output};
use crate::places::{self, Places};
use crate::settings::Settings;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The license key
    #[arg(value_name = "KEY")]
    license_key: String,

    /// The device as it is stored
    #[arg(value_name = "DEVICE", required_unless_present = "all")]
    device: Option<String>,

    /// Free the places of all its devices
    #[arg(long, conflicts_with = "device")]
    all: bool,

    /// Also when another was released not long ago (--release-interval)
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(arguments: &Arguments, settings: &Settings) -> Result<(), Failure> {
    let client = client(settings)?;
    let license_key = arguments.license_key.trim();
    let membership = match client.membership(license_key).map_err(|error| error.to_string())? {
        Lookup::Found(membership) => *membership,
        Lookup::NotFound(_) => return Err("there is no such license".to_owned().into()),
    };
    let device_key = &settings.engine.device_key;
    let places = Places::of(&membership, device_key);
    let is_meant = |device: &str| arguments.all || arguments.device.as_deref() == Some(device);
    let meant: Vec<_> = places.bound().iter().filter(|(_, device)| is_meant(device)).collect();
    if meant.is_empty() {
        let bound = places.bound().len();
        return Err(format!(
            "nothing to release: the license is bound to {bound} device(s), and to none that is meant"
        )
        .into());
    }
    if !arguments.force {
        is_due(&places, settings.release_interval)?;
    }
    let mut pairs: Map<String, Value> =
        meant.into_iter().map(|(name, device)| (name.clone(), (&**device).into())).collect();
    let released = pairs.len();
    // What the library judges is what it overwrites then.
    let judged =
        client.judge(membership, &*Value::from(pairs.clone()).to_string()).map_err(|error| error.to_string())?;
    match judged {
        Judgement::Decided(Verdict::Allowed(_)) => {}
        Judgement::Decided(Verdict::Inactive(_)) => output::fault("the license is not active at present"),
        _ => return Err("the license is not bound to this device any more".to_owned().into()),
    }
    // The time stays here when the place is taken again.
    pairs.insert(places::mark(device_key), "now".into());
    let after = client.release(license_key, &*Value::from(pairs).to_string()).map_err(|error| error.to_string())?;
    let left = Places::of(&after, device_key).bound().len();
    let hours = settings.lease.as_secs() / 3600;
    output::done(format_args!(
        "released: {released}, still bound: {left}; a lease that the device holds runs on for up to {hours} hours"
    ))
}

/// Whether enough time has passed since the last release.
fn is_due(places: &Places, interval: Duration) -> Result<(), Failure> {
    let Some(last) = places.last_release() else { return Ok(()) };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let due = last.saturating_add(interval.as_secs());
    if due <= now {
        return Ok(());
    }
    let day = |seconds| humantime::format_rfc3339_seconds(UNIX_EPOCH + Duration::from_secs(seconds)).to_string();
    let fault = format!(
        "a device was released on {}, and the next may be on {}: --force does it now",
        day(last),
        day(due.min(LAST_DAY))
    );
    Err(fault.into())
}

/// The last day that has a name, in Unix seconds.
const LAST_DAY: u64 = 253_402_300_799;
