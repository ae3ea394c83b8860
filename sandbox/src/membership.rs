//! A customer's membership, whichever API tells of it.

use serde_json::{Map, Value};

/// What a customer has bought.
#[derive(Debug)]
pub struct Membership {
    pub id: String,
    pub license_key: String,
    pub product: String,
    pub plan: String,
    pub status: &'static str,
    pub metadata: Map<String, Value>,
    pub promo_code: Option<&'static str>,
    pub created_at: i64,
    pub updated_at: i64,
    /// When the period that is paid, or the trial, began; `None` where nothing renews.
    pub period_start: Option<i64>,
    /// The end of that period, or of access where nothing renews; `None` for a purchase that never ends.
    pub ends_at: Option<i64>,
    pub fault: Option<Fault>,
}

/// What goes wrong with a license: over API v2 when it is validated, over the current API when its membership is read
/// or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The answer lacks what the verdict is made from: v2's `valid`, the current API's `status`.
    NoVerdict,
    BadRequest,
    Broken,
    UnavailableOnce,
    RateLimited,
    Html,
    Slow,
    /// The first metadata is stored, and nobody hears of it.
    Drop,
}

/// What the rate limited license tells a client to wait, in seconds.
pub const WAIT: u32 = 7;

pub const USER: &str = "user_sandbox";
pub const EMAIL: &str = "buyer@example.com";
pub const PHONE: &str = "+15550100123";
pub const COMPANY: &str = "biz_sandbox";

impl Membership {
    /// Whether its owner may use the product.
    pub fn entitles(&self) -> bool {
        matches!(self.status, "active" | "completed" | "trialing" | "past_due" | "canceling")
    }

    /// Whether it ends with its period, or has.
    pub fn cancels(&self) -> bool {
        matches!(self.status, "canceled" | "canceling")
    }

    /// The end of the period, where something renews.
    pub fn period_end(&self) -> Option<i64> {
        self.period_start.and(self.ends_at)
    }

    /// What goes wrong with this request. What goes wrong once does not the next time.
    pub fn take_fault(&mut self) -> Option<Fault> {
        let fault = self.fault;
        if fault == Some(Fault::UnavailableOnce) {
            self.fault = None;
        }
        fault
    }

    /// Stores metadata, and says whether the answer is lost on its way.
    pub fn store_metadata(&mut self, metadata: Map<String, Value>, now: i64) -> bool {
        let first = self.metadata.is_empty() && !metadata.is_empty();
        self.metadata = metadata;
        self.updated_at = now;
        first && self.fault == Some(Fault::Drop)
    }
}
