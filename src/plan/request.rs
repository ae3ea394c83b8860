//! The plan that is asked for, checked before it is sent.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::complaint::{fault, plain, unknown};
use crate::argument;
use crate::error::Error;
use crate::object::{JsonObject, PlanType, ReleaseMethod, Visibility};

/// A plan to create: every field of the API, none required by its specification. `None` leaves a field to Whop.
///
/// Prices are in major units of the currency: 10.43 is $10.43.
///
/// ```
/// let request = whop_license::PlanRequest {
///     product_id: Some("prod_sandbox".into()),
///     initial_price: Some(19.99),
///     base_currency: Some("eur".into()),
///     ..Default::default()
/// };
/// # let sandbox = whop_sandbox::Sandbox::start(whop_sandbox::Options::default())?;
/// # let client = whop_license::Client::builder(&sandbox.api_key("full")).build()?;
/// let plan = client.create_plan(&request)?;
/// assert_eq!(plan.initial_price, Some(19.99));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct PlanRequest {
    /// The product that is sold, `prod_…`: needed in practice, though no specification says so.
    pub product_id: Option<String>,
    /// Deprecated twin of `product_id`.
    pub access_pass_id: Option<String>,
    /// Paid once (what Whop assumes) or again and again.
    #[serde(deserialize_with = "open")]
    pub plan_type: Option<PlanType>,
    /// Whether more than one can be bought at once.
    pub allow_multiple_quantity: Option<bool>,
    /// Currency code, lower case; US dollars if not given. Not `currency`, which Whop ignores.
    pub base_currency: Option<String>,
    /// Days between two payments.
    pub billing_period: Option<i32>,
    /// Whether cards are accepted.
    pub card_payments: Option<bool>,
    /// Whether Coinbase Commerce is accepted.
    pub coinbase_commerce_accepted: Option<bool>,
    /// Questions to ask at checkout.
    pub custom_fields: Option<Vec<CustomField>>,
    /// Days until a membership expires.
    pub expiration_days: Option<i32>,
    /// Days after expiry in which it can be topped up.
    pub grace_period_days: Option<i32>,
    /// First price, in major units of the currency: 10.43 is $10.43.
    pub initial_price: Option<f64>,
    /// The seller's notes.
    pub internal_notes: Option<String>,
    /// Whether a user can buy it only once.
    pub one_per_user: Option<bool>,
    /// In the specification of 2023-10 alone.
    pub pegged_currencies: Option<Vec<String>>,
    /// Whether an expiring membership can be topped up.
    pub refillable: Option<bool>,
    /// How it is released.
    #[serde(deserialize_with = "open")]
    pub release_method: Option<ReleaseMethod>,
    /// Settings of a waitlist or raffle.
    pub release_method_settings: Option<JsonObject>,
    /// Price of each renewal, in major units of the currency.
    pub renewal_price: Option<f64>,
    /// What a buyer must fulfil.
    pub requirements: Option<JsonObject>,
    /// Identifier of the short link.
    pub short_link: Option<String>,
    /// How many can be sold.
    pub stock: Option<i32>,
    /// Days of trial.
    pub trial_period_days: Option<i32>,
    /// Whether the stock never ends.
    pub unlimited_stock: Option<bool>,
    /// Who sees it.
    #[serde(deserialize_with = "open")]
    pub visibility: Option<Visibility>,
    /// Copied by Whop to each membership that is made from the plan, where it can make the first device check fail: leave
    /// it out unless you know that you need it.
    pub metadata: Option<JsonObject>,
    /// Text on the payment page.
    pub payment_link_description: Option<String>,
    /// Whether PayPal is accepted.
    pub paypal_accepted: Option<bool>,
    /// How many payments the price is split into.
    pub split_pay_required_payments: Option<i32>,
    /// Whether ACH debits are accepted.
    pub ach_payments: Option<bool>,
    /// Whether passes of collaborations end with it.
    pub cancel_collab_passes: Option<bool>,
    /// Periods for which a discount is offered to those who cancel.
    pub cancel_discount_intervals: Option<i32>,
    /// Percent of that discount.
    pub cancel_discount_percentage: Option<i32>,
    /// Description for buyers.
    pub description: Option<String>,
    /// A plan whose settings are taken over.
    pub mimic_plan_id: Option<String>,
    /// Whether those who cancel are offered a discount.
    pub offer_cancel_discount: Option<bool>,
    /// Whether a company can buy it only once.
    pub one_per_company: Option<bool>,
    /// Tax treatment that replaces the company's.
    pub override_tax_type: Option<String>,
    /// Whether it becomes the product's default plan.
    pub set_as_default: Option<bool>,
    /// Fields of other names, which [`Client`](crate::Client) refuses unless told to let them through: Whop ignores a
    /// name that it does not know, and the plan is then sold on other terms than were meant.
    #[serde(flatten)]
    pub unknown: JsonObject,
}

/// A question to ask at checkout.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum CustomField {
    /// The question alone, the form of 2023 and 2024.
    Name(String),
    /// The form of 2025-10.
    Field(CustomFieldInput),
}

/// A question to ask at checkout, in the form of 2025-10.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct CustomFieldInput {
    /// The question.
    pub name: String,
    /// The kind of answer: `text`.
    pub field_type: String,
    /// What stands in the empty field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// Whether it must be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// Its place among the questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<i32>,
    /// Fields of other names, refused as in [`PlanRequest::unknown`].
    #[serde(flatten)]
    pub unknown: JsonObject,
}

impl PlanRequest {
    /// Reads a JSON object; a field of a wrong type is named by its path.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`], such as `plan_json: custom_fields[1].name: expected a string, found integer `5``.
    pub fn from_json(plan_json: &str) -> Result<Self, Error> {
        let text = argument::json("plan_json", plan_json)?;
        let mut reader = serde_json::Deserializer::from_str(text);
        // An array would be read as the fields in their order.
        if !text.trim_start().starts_with('{') {
            return Err(fault("expected a JSON object, such as {\"product_id\":\"prod_…\"}"));
        }
        let request = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let cause = plain(error.inner());
            fault(if error.inner().is_data() && path != "." { format!("{path}: {cause}") } else { cause })
        })?;
        reader.end().map_err(|error| fault(plain(&error)))?;
        Ok(request)
    }

    /// The body to send.
    pub(crate) fn body(&self, allow_unknown: bool) -> Result<String, Error> {
        for (name, price) in [("initial_price", self.initial_price), ("renewal_price", self.renewal_price)] {
            if price.is_some_and(|price| !price.is_finite() || price < 0.0) {
                return Err(fault(format!(
                    "{name}: expected a price of zero or more, in major units (10.43 is $10.43)"
                )));
            }
        }
        if !allow_unknown {
            self.refuse_unknown()?;
        }
        let mut fields = fields(self)?;
        fields.retain(|name, value| !value.is_null() || self.unknown.contains_key(name));
        let body = Value::Object(fields).to_string();
        argument::json("plan_json", &body)?;
        Ok(body)
    }

    fn refuse_unknown(&self) -> Result<(), Error> {
        if let Some(name) = self.unknown.keys().next() {
            return Err(fault(unknown(name, "a plan", &fields(&Self::default())?)));
        }
        for (index, field) in self.custom_fields.iter().flatten().enumerate() {
            if let CustomField::Field(CustomFieldInput { unknown: names, .. }) = field
                && let Some(name) = names.keys().next()
            {
                let known = ["name", "field_type", "placeholder", "required", "order"];
                let known = known.map(|name| (name.to_owned(), Value::Null)).into_iter().collect();
                return Err(fault(format!("custom_fields[{index}]: {}", unknown(name, "a custom field", &known))));
            }
        }
        Ok(())
    }
}

/// Every field by its name, those not given as null.
fn fields(request: &PlanRequest) -> Result<JsonObject, Error> {
    match serde_json::to_value(request) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(fault("cannot be written as JSON")),
    }
}

/// An open enum, of which anything but a string is refused as such.
fn open<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    name.map(|name| T::deserialize(name.into_deserializer())).transpose()
}

impl<'de> Deserialize<'de> for CustomField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By hand, because an untagged enum would not say which field is wrong.
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = CustomField;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a string")
            }
            fn visit_str<E>(self, name: &str) -> Result<CustomField, E> {
                Ok(CustomField::Name(name.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CustomField, A::Error> {
                CustomFieldInput::deserialize(MapAccessDeserializer::new(map)).map(CustomField::Field)
            }
        }
        deserializer.deserialize_any(Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(plan_json: &str) -> String {
        match PlanRequest::from_json(plan_json).and_then(|request| request.body(false)) {
            Ok(body) => panic!("{plan_json} became {body}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn unknown_name_is_refused_with_the_nearest_known_one() {
        for (name, nearest) in [
            ("currency", "base_currency"),
            ("product", "product_id"),
            ("inital_price", "initial_price"),
            ("trial_days", "trial_period_days"),
        ] {
            let text = refusal(&format!(r#"{{"{name}":1}}"#));
            assert_eq!(text, format!("plan_json: `{name}` is not a field of a plan: did you mean `{nearest}`?"));
        }
        assert_eq!(refusal(r#"{"zzz":1}"#), "plan_json: `zzz` is not a field of a plan");
        assert_eq!(
            refusal(r#"{"custom_fields":["q",{"name":"n","field_type":"text","requird":true}]}"#),
            "plan_json: custom_fields[1]: `requird` is not a field of a custom field: did you mean `required`?"
        );
    }

    #[test]
    fn wrong_type_is_named_by_its_path() {
        for (plan, text) in [
            (
                r#"{"custom_fields":["q",{"name":5,"field_type":"text"}]}"#,
                "custom_fields[1].name: expected a string, found integer `5`",
            ),
            (r#"{"custom_fields":["q",{"name":"n"}]}"#, "custom_fields[1]: missing field `field_type`"),
            (r#"{"custom_fields":[true]}"#, "custom_fields[0]: expected an object or a string, found boolean `true`"),
            (r#"{"initial_price":"19.99"}"#, "initial_price: expected a number, found a string"),
            (r#"{"stock":1.5}"#, "stock: expected a whole number of 32 bits, found floating point `1.5`"),
            (r#"{"stock":3000000000}"#, "stock: expected a whole number of 32 bits, found integer `3000000000`"),
            (r#"{"plan_type":5}"#, "plan_type: expected a string, found integer `5`"),
            (r#"{"stock":"a, expected b"}"#, "stock: expected a whole number of 32 bits, found a string"),
            (r#"{"metadata":[]}"#, "metadata: expected an object, found sequence"),
            (r#"{"pegged_currencies":"eur"}"#, "pegged_currencies: expected an array, found a string"),
            (r#"{"one_per_user":1}"#, "one_per_user: expected a boolean, found integer `1`"),
            (r#"{"stock":1,"stock":2}"#, "duplicate field `stock`"),
            ("[]", "expected a JSON object, such as {\"product_id\":\"prod_…\"}"),
            ("{", "not JSON: EOF while parsing an object at line 1 column 1"),
            ("{} {}", "not JSON: trailing characters at line 1 column 4"),
        ] {
            assert_eq!(refusal(plan), format!("plan_json: {text}"));
        }
    }

    #[test]
    fn price_is_finite_and_not_negative() {
        assert!(refusal(r#"{"initial_price":-0.01}"#).contains("initial_price: expected a price of zero or more"));
        for price in [f64::NAN, f64::INFINITY, -1.0] {
            let request = PlanRequest { renewal_price: Some(price), ..Default::default() };
            assert!(request.body(false).is_err(), "{price}");
        }
    }

    #[test]
    fn body_holds_what_was_given_and_nothing_else() {
        let plan = r#"{"access_pass_id":null,"base_currency":"eur","initial_price":10.43,"product_id":"prod_1"}"#;
        let body = PlanRequest::from_json(plan).unwrap().body(false).unwrap();
        assert_eq!(body, r#"{"base_currency":"eur","initial_price":10.43,"product_id":"prod_1"}"#);
    }

    #[test]
    fn unknown_field_goes_through_when_allowed() {
        let body = PlanRequest::from_json(r#"{"new_field":[1],"other":null}"#).unwrap().body(true).unwrap();
        assert_eq!(body, r#"{"new_field":[1],"other":null}"#);
    }
}
