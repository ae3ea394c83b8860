//! Where the devices of a license are written: `hwid`, `hwid_2` and so on.

use whop_license::{JsonObject, Membership};

use crate::pair::RELEASED;

/// The devices of a license, as its metadata has them.
pub(crate) struct Places {
    bound: Vec<(String, String)>,
    last_release: Option<u64>,
}

impl Places {
    /// Reads them, of whichever number.
    pub fn of(membership: &Membership, device_key: &str) -> Self {
        let metadata = metadata(membership);
        let text = |name: &str| metadata.get(name)?.as_str().filter(|text| !text.trim().is_empty());
        let names: Vec<_> = (1..=MOST).map(|number| name(device_key, number)).collect();
        let places = names.iter().filter_map(|name| Some((name, text(name)?)));
        let bound = places.filter(|(_, value)| !value.starts_with(RELEASED));
        let bound = bound.map(|(name, value)| (name.clone(), value.to_owned())).collect();
        let mark = mark(device_key);
        let marks = names.iter().chain([&mark]).filter_map(|name| text(name)?.strip_prefix(RELEASED)?.parse().ok());
        Self { bound, last_release: marks.max() }
    }

    /// Name and device of each place that is taken.
    pub fn bound(&self) -> &[(String, String)] {
        &self.bound
    }

    /// When a device was released last, in Unix seconds.
    pub fn last_release(&self) -> Option<u64> {
        self.last_release
    }
}

/// The name of a place.
pub(crate) fn name(device_key: &str, number: u8) -> String {
    if number == 1 { device_key.to_owned() } else { format!("{device_key}_{number}") }
}

/// The name under which the time of the last release stays when its place is taken again.
pub(crate) fn mark(device_key: &str) -> String {
    format!("{device_key}_released")
}

/// What Whop stores with a membership.
pub(crate) fn metadata(membership: &Membership) -> JsonObject {
    membership.current().and_then(|fields| fields.metadata).unwrap_or_default()
}

/// The most devices of a license.
const MOST: u8 = 10;
