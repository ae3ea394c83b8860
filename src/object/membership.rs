//! Membership: what a license key stands for.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::{Expandable, JsonObject, Plan, Product, User, lenient};
use crate::answer::Answer;
use crate::error::Error;

/// A membership, which is what a license key stands for. Its `Debug` shows nothing about the buyer.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Membership {
    /// Membership id, `mem_…`.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// Company id, `biz_…`.
    #[serde(deserialize_with = "lenient")]
    pub company_id: Option<String>,
    /// The product this is a license of. The product check of [`Client`](crate::Client) compares its id.
    #[serde(deserialize_with = "lenient")]
    pub product: Option<Expandable<Product>>,
    /// The buyer; none for an unclaimed membership.
    #[serde(deserialize_with = "lenient")]
    pub user: Option<Expandable<User>>,
    /// The plan that was bought.
    #[serde(deserialize_with = "lenient")]
    pub plan: Option<Expandable<Plan>>,
    /// The promo code that was used.
    #[serde(deserialize_with = "lenient")]
    pub promo_code: Option<Expandable<JsonObject>>,
    /// The buyer's e-mail address.
    #[serde(deserialize_with = "lenient")]
    pub email: Option<String>,
    /// Subscription at Stripe.
    #[serde(deserialize_with = "lenient")]
    pub stripe_subscription_id: Option<String>,
    /// Customer at Stripe.
    #[serde(deserialize_with = "lenient")]
    pub stripe_customer_id: Option<String>,
    /// Where the membership stands. For people: the verdict follows [`valid`](Self::valid) alone.
    #[serde(deserialize_with = "lenient")]
    pub status: Option<MembershipStatus>,
    /// Whether the license entitles now.
    #[serde(deserialize_with = "lenient")]
    pub valid: Option<bool>,
    /// Whether it ends with the current period.
    #[serde(deserialize_with = "lenient")]
    pub cancel_at_period_end: Option<bool>,
    /// Who handles the payments.
    #[serde(deserialize_with = "lenient")]
    pub payment_processor: Option<PaymentProcessor>,
    /// The license key.
    #[serde(deserialize_with = "lenient")]
    pub license_key: Option<String>,
    /// What this license is bound to.
    #[serde(deserialize_with = "lenient")]
    pub metadata: Option<JsonObject>,
    /// How the buyer came.
    #[serde(deserialize_with = "lenient")]
    pub acquisition_data: Option<JsonObject>,
    /// How many were bought.
    #[serde(deserialize_with = "lenient")]
    pub quantity: Option<i64>,
    /// The buyer's crypto wallet.
    #[serde(deserialize_with = "lenient")]
    pub wallet_address: Option<String>,
    /// What the buyer answered at checkout, in the shape of 2025-10.
    #[serde(deserialize_with = "lenient")]
    pub custom_field_responses: Option<Vec<CustomFieldResponse>>,
    /// What the buyer answered at checkout: question to answer.
    #[serde(deserialize_with = "lenient")]
    pub custom_fields_responses: Option<JsonObject>,
    /// What the buyer answered at checkout, in a shape that is declared but was not seen.
    #[serde(deserialize_with = "lenient")]
    pub custom_fields_responses_v2: Option<JsonObject>,
    /// The buyer's Discord account.
    #[serde(deserialize_with = "lenient")]
    pub discord: Option<Discord>,
    /// Tokens; an array in practice, a string by the specification.
    #[serde(deserialize_with = "lenient")]
    pub nft_tokens: Option<Value>,
    /// When it expires, in Unix seconds; none if it never does.
    #[serde(deserialize_with = "lenient")]
    pub expires_at: Option<i64>,
    /// Start of the current period, in Unix seconds; none for one-time plans.
    #[serde(deserialize_with = "lenient")]
    pub renewal_period_start: Option<i64>,
    /// End of the current period, in Unix seconds; none for one-time plans.
    #[serde(deserialize_with = "lenient")]
    pub renewal_period_end: Option<i64>,
    /// When it was bought, in Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub created_at: Option<i64>,
    /// Where the buyer manages it.
    #[serde(deserialize_with = "lenient")]
    pub manage_url: Option<String>,
    /// Where the buyer promotes the product.
    #[serde(deserialize_with = "lenient")]
    pub affiliate_page_url: Option<String>,
    /// The checkout it came from.
    #[serde(deserialize_with = "lenient")]
    pub checkout_session: Option<String>,
    /// Who referred the buyer.
    #[serde(deserialize_with = "lenient")]
    pub affiliate_username: Option<String>,
    /// Deprecated twin of [`product`](Self::product).
    #[serde(deserialize_with = "lenient")]
    pub access_pass: Option<Expandable<Product>>,
    /// Deliveries by experience, in the API of 2023 alone.
    #[serde(deserialize_with = "lenient")]
    pub deliveries: Option<JsonObject>,
    /// The buyer's Telegram account.
    #[serde(deserialize_with = "lenient")]
    pub telegram_account_id: Option<String>,
    /// The buyer's phone number.
    #[serde(deserialize_with = "lenient")]
    pub phone_number: Option<String>,
    /// How many payments the price is split into.
    #[serde(deserialize_with = "lenient")]
    pub split_pay_required_payments: Option<i64>,
    #[serde(skip)]
    answer: Answer,
}

impl Membership {
    pub(crate) fn from_answer(answer: Answer) -> Result<Self, Error> {
        match answer.object::<Self>() {
            Ok(membership) => Ok(Self { answer, ..membership }),
            Err(fault) => Err(Error::bad_response(fault, answer)),
        }
    }

    /// The answer it came in, with the JSON as Whop sent it.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }
}

impl fmt::Debug for Membership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Membership").field("status", &self.status).field("valid", &self.valid).finish_non_exhaustive()
    }
}

/// Where a membership stands. Open: Whop adds values.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MembershipStatus {
    /// In its trial period.
    Trialing,
    /// Paid and running.
    Active,
    /// A payment is overdue; valid during the grace period.
    PastDue,
    /// Bought once, for good: valid.
    Completed,
    /// Ended by the buyer or seller.
    Canceled,
    /// Ended by time.
    Expired,
    /// A payment was never made.
    Unresolved,
    /// A status that this version does not know.
    #[serde(untagged)]
    Other(String),
}

/// Who handles the payments. Open: Whop adds values.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "names of companies say it all")]
pub enum PaymentProcessor {
    Free,
    Stripe,
    Coinbase,
    Crypto,
    Paypal,
    Apple,
    MultiPsp,
    Sezzle,
    Splitit,
    PlatformBalance,
    #[serde(untagged)]
    Other(String),
}

/// A Discord account.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Discord {
    /// Discord's id.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// Discord's user name.
    #[serde(deserialize_with = "lenient")]
    pub username: Option<String>,
    /// Address of the avatar.
    #[serde(deserialize_with = "lenient")]
    pub image_url: Option<String>,
}

/// A question of the checkout with the buyer's answer.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CustomFieldResponse {
    /// Id of the answer.
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    /// When it was given, in Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub created_at: Option<i64>,
    /// When it was changed, in Unix seconds.
    #[serde(deserialize_with = "lenient")]
    pub updated_at: Option<i64>,
    /// What was asked.
    #[serde(deserialize_with = "lenient")]
    pub question: Option<String>,
    /// What was answered.
    #[serde(deserialize_with = "lenient")]
    pub answer: Option<String>,
}
