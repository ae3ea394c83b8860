//! What is in a sandbox when it starts. [`LICENSE_KEYS`] is the one place that says what a key does: the help, the
//! README and the start-up table are made from it or compared with it.

use serde_json::{Map, Value, json};

use crate::memberships::Membership;
use crate::plans::Plan;
use crate::products::Product;
use crate::store::Store;

/// In seconds.
pub const DAY: i64 = 24 * 60 * 60;

/// A license key that every sandbox has.
#[derive(Debug)]
#[non_exhaustive]
pub struct LicenseKey {
    /// The key.
    pub key: &'static str,
    /// What validating it does, in a few words.
    pub does: &'static str,
    pub(crate) status: &'static str,
    pub(crate) expires_in_days: Option<i64>,
    /// `sandbox` is `prod_sandbox` and its plan `plan_sandbox`.
    pub(crate) product: &'static str,
    pub(crate) bound_to: Option<&'static str>,
    pub(crate) fault: Option<Fault>,
}

/// What goes wrong when a license is validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NoValid,
    BadRequest,
    Broken,
    UnavailableOnce,
    RateLimited,
    Html,
    Slow,
    Drop,
}

const ACTIVE: LicenseKey = LicenseKey {
    key: "SANDBOX-ACTIVE",
    does: "valid; expires in 30 days",
    status: "active",
    expires_in_days: Some(30),
    product: "sandbox",
    bound_to: None,
    fault: None,
};

/// Every license key that a sandbox has from the start.
pub const LICENSE_KEYS: &[LicenseKey] = &[
    ACTIVE,
    LicenseKey {
        key: "SANDBOX-COMPLETED",
        does: "valid; bought once, does not expire",
        status: "completed",
        expires_in_days: None,
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-TRIALING",
        does: "valid; a trial of 14 more days",
        status: "trialing",
        expires_in_days: Some(14),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-PAST-DUE",
        does: "valid; a payment is late, 3 days of grace",
        status: "past_due",
        expires_in_days: Some(3),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-CANCELED",
        does: "201, but valid is false",
        status: "canceled",
        expires_in_days: Some(-30),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-EXPIRED",
        does: "201, but valid is false",
        status: "expired",
        expires_in_days: Some(-30),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-UNRESOLVED",
        does: "201, but valid is false",
        status: "unresolved",
        expires_in_days: Some(-30),
        ..ACTIVE
    },
    LicenseKey {
        key: "SANDBOX-OTHER-DEVICE",
        does: r#"bound to {"hwid":"another-device"}: 400 for any other until it is reset"#,
        bound_to: Some("another-device"),
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
        does: "201, but the body lacks valid",
        fault: Some(Fault::NoValid),
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
        does: "429 with Retry-After: 7, always",
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

    fn bound_metadata(&self) -> Map<String, Value> {
        self.bound_to.map(|device| Map::from_iter([("hwid".to_owned(), json!(device))])).unwrap_or_default()
    }
}

pub fn store(now: i64) -> Store {
    let product = |id, name| Product { id, name, created_at: now - 365 * DAY };
    let membership = |fixture: &LicenseKey| Membership {
        id: fixture.membership_id(),
        license_key: fixture.key.to_owned(),
        product: format!("prod_{}", fixture.product),
        plan: format!("plan_{}", fixture.product),
        status: fixture.status,
        metadata: fixture.bound_metadata(),
        promo_code: Some("promo_sandbox"),
        created_at: now - 90 * DAY,
        expires_at: fixture.expires_in_days.map(|days| now + days * DAY),
        fault: fixture.fault,
    };
    Store {
        products: vec![product("prod_sandbox", "Sandbox Game"), product("prod_other", "Another Product")],
        plans: vec![
            Plan::new("plan_sandbox", "prod_sandbox", &monthly(19.99), now),
            Plan::new("plan_other", "prod_other", &monthly(5.0), now),
        ],
        memberships: LICENSE_KEYS.iter().map(membership).collect(),
        numbers: 0,
    }
}

fn monthly(price: f64) -> Map<String, Value> {
    Map::from_iter([
        ("plan_type".to_owned(), json!("renewal")),
        ("billing_period".to_owned(), json!(30)),
        ("initial_price".to_owned(), json!(0.0)),
        ("renewal_price".to_owned(), json!(price)),
    ])
}
