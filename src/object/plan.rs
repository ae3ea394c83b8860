//! Plan: the terms on which a product is sold.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Expandable, JsonObject, Product, lenient, price};
use crate::answer::Answer;
use crate::error::Error;

/// A plan: the terms on which a product is sold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Plan {
    /// Plan id, `plan_…`.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// Company id, `biz_…`.
    #[serde(deserialize_with = "lenient")]
    pub company_id: Option<String>,
    /// The product that is sold.
    #[serde(deserialize_with = "lenient")]
    pub product: Option<Expandable<Product>>,
    /// Paid once or again and again.
    #[serde(deserialize_with = "lenient")]
    pub plan_type: Option<PlanType>,
    /// How it is released.
    #[serde(deserialize_with = "lenient")]
    pub release_method: Option<ReleaseMethod>,
    /// Who sees it.
    #[serde(deserialize_with = "lenient")]
    pub visibility: Option<Visibility>,
    /// Days between two payments.
    #[serde(deserialize_with = "lenient")]
    pub billing_period: Option<i64>,
    /// The seller's notes.
    #[serde(deserialize_with = "lenient")]
    pub internal_notes: Option<String>,
    /// Text on the payment page.
    #[serde(deserialize_with = "lenient")]
    pub payment_link_description: Option<String>,
    /// Copied by Whop to each membership that is made from the plan, where it can collide with the device that validates
    /// first.
    #[serde(deserialize_with = "lenient")]
    pub metadata: Option<JsonObject>,
    /// Where it is bought.
    #[serde(deserialize_with = "lenient")]
    pub direct_link: Option<String>,
    /// Price of each renewal, in major units of the currency.
    #[serde(deserialize_with = "price")]
    pub renewal_price: Option<f64>,
    /// First price, in major units of the currency: 10.43 is $10.43.
    #[serde(deserialize_with = "price")]
    pub initial_price: Option<f64>,
    /// Currency code, lower case.
    #[serde(deserialize_with = "lenient")]
    pub base_currency: Option<String>,
    /// What a buyer must fulfil.
    #[serde(deserialize_with = "lenient")]
    pub requirements: Option<JsonObject>,
    /// Settings of a waitlist or raffle.
    #[serde(deserialize_with = "lenient")]
    pub release_method_settings: Option<JsonObject>,
    /// How it can be paid.
    #[serde(deserialize_with = "lenient")]
    pub accepted_payment_methods: Option<Vec<String>>,
    /// How many are left.
    #[serde(deserialize_with = "lenient")]
    pub stock: Option<i64>,
    /// Whether the stock never ends.
    #[serde(deserialize_with = "lenient")]
    pub unlimited_stock: Option<bool>,
    /// When it was created, in Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub created_at: Option<i64>,
    /// Deprecated twin of [`product`](Self::product).
    #[serde(deserialize_with = "lenient")]
    pub access_pass: Option<Expandable<Product>>,
    /// Whether cards are accepted.
    #[serde(deserialize_with = "lenient")]
    pub card_payments: Option<bool>,
    /// Questions that are asked at checkout.
    #[serde(deserialize_with = "lenient")]
    pub custom_fields: Option<Vec<Value>>,
    /// Description for buyers.
    #[serde(deserialize_with = "lenient")]
    pub description: Option<String>,
    /// Whether more than one can be bought at once.
    #[serde(deserialize_with = "lenient")]
    pub allow_multiple_quantity: Option<bool>,
    /// Whether Coinbase Commerce is accepted.
    #[serde(deserialize_with = "lenient")]
    pub coinbase_commerce_accepted: Option<bool>,
    /// Whether Splitit is accepted.
    #[serde(deserialize_with = "lenient")]
    pub splitit_accepted: Option<bool>,
    /// Whether the Whop balance is accepted.
    #[serde(deserialize_with = "lenient")]
    pub platform_balance_accepted: Option<bool>,
    /// Days until a membership expires.
    #[serde(deserialize_with = "lenient")]
    pub expiration_days: Option<i64>,
    /// Days after expiry in which it can be topped up.
    #[serde(deserialize_with = "lenient")]
    pub grace_period_days: Option<i64>,
    /// Whether a user can buy it only once.
    #[serde(deserialize_with = "lenient")]
    pub one_per_user: Option<bool>,
    /// Whether an expiring membership can be topped up.
    #[serde(deserialize_with = "lenient")]
    pub refillable: Option<bool>,
    /// Identifier of the short link.
    #[serde(deserialize_with = "lenient")]
    pub short_link: Option<String>,
    /// Days of trial.
    #[serde(deserialize_with = "lenient")]
    pub trial_period_days: Option<i64>,
    /// Whether PayPal is accepted.
    #[serde(deserialize_with = "lenient")]
    pub paypal_accepted: Option<bool>,
    /// How many payments the price is split into.
    #[serde(deserialize_with = "lenient")]
    pub split_pay_required_payments: Option<i64>,
    /// Whether ACH debits are accepted.
    #[serde(deserialize_with = "lenient")]
    pub ach_payments: Option<bool>,
    /// Whether passes of collaborations end with it.
    #[serde(deserialize_with = "lenient")]
    pub cancel_collab_passes: Option<bool>,
    /// Periods for which a discount is offered to those who cancel.
    #[serde(deserialize_with = "lenient")]
    pub cancel_discount_intervals: Option<i64>,
    /// Percent of that discount.
    #[serde(deserialize_with = "lenient")]
    pub cancel_discount_percentage: Option<i64>,
    /// Whether those who cancel are offered a discount.
    #[serde(deserialize_with = "lenient")]
    pub offer_cancel_discount: Option<bool>,
    /// Whether a company can buy it only once.
    #[serde(deserialize_with = "lenient")]
    pub one_per_company: Option<bool>,
    /// Tax treatment that replaces the company's.
    #[serde(deserialize_with = "lenient")]
    pub override_tax_type: Option<String>,
    #[serde(skip)]
    answer: Answer,
}

impl Plan {
    pub(crate) fn from_answer(answer: Answer) -> Result<Self, Error> {
        match answer.object::<Self>() {
            Ok(plan) => Ok(Self { answer, ..plan }),
            Err(fault) => Err(Error::bad_response(fault, answer)),
        }
    }

    /// The answer it came in, with the JSON as Whop sent it; empty inside an expanded membership.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

/// Paid once or again and again. Open: Whop adds values.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PlanType {
    /// Paid again and again.
    Renewal,
    /// Paid once.
    OneTime,
    /// A type that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// How a plan is released. Open: Whop adds values.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReleaseMethod {
    /// To everybody, at once.
    BuyNow,
    /// To those who applied and were let in.
    Waitlist,
    /// To those who drew a prize.
    Raffle,
    /// A method that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// Who sees a plan. Open: Whop adds values.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Visibility {
    /// Everybody.
    Visible,
    /// Nobody but those who have the link.
    Hidden,
    /// Nobody: it is no longer sold.
    Archived,
    /// Those who have its quick link.
    QuickLink,
    /// A visibility that this version does not know.
    #[serde(untagged)]
    Other(String),
}
