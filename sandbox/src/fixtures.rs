//! What is in a sandbox when it starts. [`LICENSE_KEYS`] is the one place that says what a key does: the help, the
//! README and the start-up table are made from it or compared with it.

use serde_json::{Map, Value, json};

use crate::membership::{Fault, Membership};
use crate::plan::Plan;
use crate::product::{self, Product};
use crate::store::Store;

/// In seconds.
pub const DAY: i64 = 24 * 60 * 60;

/// A license key that every sandbox has.
#[derive(Debug)]
#[non_exhaustive]
pub struct LicenseKey {
    /// The key.
    pub key: &'static str,
    /// What checking it does, in a few words.
    pub does: &'static str,
    pub(crate) status: &'static str,
    pub(crate) ends_in_days: Option<i64>,
    /// `sandbox` is `prod_sandbox` and its plan `plan_sandbox`.
    pub(crate) product: &'static str,
    pub(crate) metadata: &'static [(&'static str, &'static str)],
    pub(crate) fault: Option<Fault>,
}

const ACTIVE: LicenseKey = LicenseKey {
    key: "SANDBOX-ACTIVE",
    does: "valid; expires in 30 days",
    status: "active",
    ends_in_days: Some(30),
    product: "sandbox",
    metadata: &[],
    fault: None,
};

/// Every license key that a sandbox has from the start.
pub const LICENSE_KEYS: &[LicenseKey] = &[
    ACTIVE,
    LicenseKey {
        key: "SANDBOX-COMPLETED",
        does: "valid; bought once, does not expire",
        status: "completed",
        ends_in_days: None,
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-TRIALING",
        does: "valid; a trial of 14 more days",
        status: "trialing",
        ends_in_days: Some(14),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-PAST-DUE",
        does: "valid; a payment is late, 3 days of grace",
        status: "past_due",
        ends_in_days: Some(3),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-CANCELING",
        does: "valid; canceled, but paid for 10 more days",
        status: "canceling",
        ends_in_days: Some(10),
        ..ACTIVE
    },
    LicenseKey { key: "SANDBOX-CANCELED", does: "not valid", status: "canceled", ends_in_days: Some(-30), ..ACTIVE },
    LicenseKey { key: "SANDBOX-EXPIRED", does: "not valid", status: "expired", ends_in_days: Some(-30), ..ACTIVE },
    LicenseKey {
        key: "SANDBOX-UNRESOLVED",
        does: "not valid",
        status: "unresolved",
        ends_in_days: Some(-30),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-DRAFTED",
        does: "not valid; nobody has bought it yet",
        status: "drafted",
        ends_in_days: None,
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-OTHER-DEVICE",
        does: r#"bound to {"hwid":"another-device"}: refused on any other until it is reset"#,
        metadata: &[("hwid", "another-device")],
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-RELEASED",
        does: r#"valid; {"hwid":"released:1790000000"}, as a relay frees a device; over v2 that is another device"#,
        metadata: &[("hwid", "released:1790000000")],
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-NOTED",
        does: r#"valid; bound to nothing, but the seller keeps {"note":"VIP","order":"1042"} there; over v2 that is another device"#,
        metadata: &[("note", "VIP"), ("order", "1042")],
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-OTHER-PRODUCT",
        does: "valid, but of the product prod_other",
        product: "other",
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-NO-VALID",
        does: "the answer lacks its verdict: status, over v2 valid",
        fault: Some(Fault::NoVerdict),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-400",
        does: "400 that has nothing to do with the device",
        fault: Some(Fault::BadRequest),
        ..ACTIVE
    },
    LicenseKey { key: "SANDBOX-500", does: "500, always", fault: Some(Fault::Broken), ..ACTIVE },
    LicenseKey {
        key: "SANDBOX-503-ONCE",
        does: "503 the first time, then as SANDBOX-ACTIVE",
        fault: Some(Fault::UnavailableOnce),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-429",
        does: "429, always: wait 7 seconds, says the message, over v2 Retry-After",
        fault: Some(Fault::RateLimited),
        ..ACTIVE
    },
    LicenseKey { key: "SANDBOX-HTML", does: "200 with an HTML page", fault: Some(Fault::Html), ..ACTIVE },
    LicenseKey {
        key: "SANDBOX-SLOW",
        does: "binds at once, answers as SANDBOX-ACTIVE after --slow-ms",
        fault: Some(Fault::Slow),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-DROP",
        does: "binds, then drops the connection without an answer; once bound, as SANDBOX-ACTIVE",
        fault: Some(Fault::Drop),
        ..ACTIVE
    },
];

impl LicenseKey {
    /// `SANDBOX-PAST-DUE` is the key of `mem_past_due`.
    fn membership_id(&self) -> String {
        let name = self.key.strip_prefix("SANDBOX-").unwrap_or(self.key);
        format!("mem_{}", name.to_lowercase().replace('-', "_"))
    }

    fn membership(&self, now: i64) -> Membership {
        let ends_at = self.ends_in_days.map(|days| now + days * DAY);
        let length = if self.status == "trialing" { TRIAL } else { MONTH };
        let period_start = ends_at.map(|end| end - length * DAY);
        let created_at = period_start.filter(|_| self.status == "trialing").unwrap_or(now - 3 * MONTH * DAY);
        Membership {
            id: self.membership_id(),
            license_key: self.key.to_owned(),
            product: format!("prod_{}", self.product),
            plan: format!("plan_{}", self.product),
            status: self.status,
            metadata: self.metadata.iter().map(|&(name, value)| (name.to_owned(), json!(value))).collect(),
            promo_code: Some("promo_sandbox"),
            created_at,
            updated_at: period_start.unwrap_or(created_at),
            period_start,
            ends_at,
            fault: self.fault,
        }
    }
}

/// In days.
const MONTH: i64 = 30;
const TRIAL: i64 = 14;

/// Every product that a sandbox has from the start, and what is wrong with it.
const PRODUCTS: [(&str, &str, Option<product::Fault>); 4] = [
    ("prod_sandbox", "Sandbox Game", None),
    ("prod_other", "Another Product", None),
    ("prod_slow", "Slow Product", Some(product::Fault::Slow)),
    ("prod_drop", "Dropped Product", Some(product::Fault::Drop)),
];

pub fn store(now: i64) -> Store {
    let product = |(id, name, fault)| Product { id, name, created_at: now - 365 * DAY, fault };
    Store {
        products: PRODUCTS.map(product).into(),
        plans: vec![
            Plan::new("plan_sandbox", "prod_sandbox", monthly(19.99), now),
            Plan::new("plan_other", "prod_other", monthly(5.0), now),
        ],
        memberships: LICENSE_KEYS.iter().map(|fixture| fixture.membership(now)).collect(),
        numbers: 0,
    }
}

fn monthly(price: f64) -> Map<String, Value> {
    Map::from_iter([
        ("plan_type".to_owned(), json!("renewal")),
        ("billing_period".to_owned(), json!(MONTH)),
        ("initial_price".to_owned(), json!(0.0)),
        ("renewal_price".to_owned(), json!(price)),
    ])
}
