//! Every field that the facts in `api/` name is read into its type, in every version that has it, and keeps its value.

#![cfg(test)]

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use whop_license::{Expandable, JsonObject, current, v2};

/// What was read, as JSON again; none if nothing was.
trait Read {
    fn json(&self) -> Option<Value>;
}

/// The fields of objects, which a test cannot find out by itself: all that the facts name, or the tests below fail.
macro_rules! objects {
    ($($api:ident::$type:ident: $($name:ident)*;)*) => {
        $(impl Read for $api::$type {
            fn json(&self) -> Option<Value> {
                let fields = [$((stringify!($name), self.$name.json())),*];
                Some(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
            }
        })*

        /// Each object with the names of its fields.
        const OBJECTS: &[(&str, &str, &[&str])] =
            &[$((stringify!($api), stringify!($type), &[$(stringify!($name)),*])),*];
    };
}

/// Enums are their names.
macro_rules! enums {
    ($($type:path)*) => {
        $(impl Read for $type {
            fn json(&self) -> Option<Value> {
                let shown = format!("{self:?}");
                if let Some(other) = shown.strip_prefix("Other(\"") {
                    return Some(other.trim_end_matches("\")").into());
                }
                let mut name = String::new();
                for letter in shown.chars() {
                    if letter.is_uppercase() && !name.is_empty() {
                        name.push('_');
                    }
                    name.extend(letter.to_lowercase());
                }
                Some(name.into())
            }
        })*
    };
}

macro_rules! values {
    ($($type:ty)*) => {
        $(impl Read for $type {
            fn json(&self) -> Option<Value> {
                Some(self.clone().into())
            }
        })*
    };
}

values! { String i64 f64 bool JsonObject Value }

impl<T: Read> Read for Option<T> {
    fn json(&self) -> Option<Value> {
        self.as_ref()?.json()
    }
}

impl<T: Read> Read for Vec<T> {
    fn json(&self) -> Option<Value> {
        self.iter().map(Read::json).collect()
    }
}

impl<T: Read> Read for Expandable<T> {
    fn json(&self) -> Option<Value> {
        match self {
            Self::Id(id) => id.json(),
            Self::Object(object) => object.json(),
        }
    }
}

objects! {
    current::Membership:
        id status license_key metadata product_id plan_id user_id account member created_at current_period_end
        cancel_at_period_end phone_number updated_at current_period_start billing_period_days canceled_at
        cancellation_reason manage_url promo_code_id affiliate cancel_option collection_method expires_at
        feedback_option initial_price renewal_price member_id most_recent_action most_recent_action_at product
        split_pay_current_payments split_pay_required_payments;
    current::Plan:
        id product account plan_type release_method visibility currency initial_price renewal_price initial_price_due
        formatted_price billing_period trial_period_days expiration_days purchase_url title description
        internal_notes metadata stock unlimited_stock member_count split_pay_required_payments tax_type collect_tax
        three_ds_level custom_fields payment_method_configuration effective_payment_method_configuration
        adaptive_pricing_enabled checkout_styling image strike_through_initial_price strike_through_renewal_price
        offer_cancel_discount cancel_discount_percentage cancel_discount_intervals deletable invoice attributes sku
        created_at updated_at;
    current::Account:
        id title route logo_url;
    current::Product:
        id title logo_url;
    current::Member:
        access_level last_accessed_at position;
    current::Money:
        amount currency decimals display_decimals;
    current::Affiliate:
        id user_id enabled commission_type commission_amount commission_percentage applies_to_payments;
    current::FeedbackOption:
        label;
    current::CustomField:
        id field_type name order placeholder required;
    current::PaymentMethodConfiguration:
        enabled disabled include_platform_defaults;
    current::Image:
        url blurhash;
    v2::Membership:
        id company_id product user plan promo_code email stripe_subscription_id stripe_customer_id status valid
        cancel_at_period_end payment_processor license_key metadata acquisition_data quantity wallet_address
        custom_field_responses custom_fields_responses custom_fields_responses_v2 discord nft_tokens expires_at
        renewal_period_start renewal_period_end created_at manage_url affiliate_page_url checkout_session
        affiliate_username access_pass deliveries telegram_account_id phone_number split_pay_required_payments;
    v2::Plan:
        id company_id product plan_type release_method visibility billing_period internal_notes
        payment_link_description metadata direct_link renewal_price initial_price base_currency requirements
        release_method_settings accepted_payment_methods stock unlimited_stock created_at access_pass card_payments
        custom_fields description allow_multiple_quantity coinbase_commerce_accepted splitit_accepted
        platform_balance_accepted expiration_days grace_period_days one_per_user refillable short_link
        trial_period_days paypal_accepted split_pay_required_payments ach_payments cancel_collab_passes
        cancel_discount_intervals cancel_discount_percentage offer_cancel_discount one_per_company override_tax_type;
    v2::Product:
        id name visibility created_at experiences plans;
    v2::User:
        id username email profile_pic_url social_accounts;
    v2::Discord:
        id username image_url;
    v2::CustomFieldResponse:
        id created_at updated_at question answer;
    v2::CustomField:
        name field_type placeholder required order;
}

enums! {
    current::MembershipStatus
    current::PlanType
    current::ReleaseMethod
    current::Visibility
    current::TaxType
    current::ThreeDsLevel
    current::AccessLevel
    current::CollectionMethod
    current::MostRecentAction
    current::CommissionType
    current::AppliesToPayments
    v2::MembershipStatus
    v2::PaymentProcessor
    v2::PlanType
    v2::ReleaseMethod
    v2::Visibility
}

/// A file of facts.
fn facts(api: &str, file: &str) -> Value {
    let text = match (api, file) {
        ("current", "membership") => include_str!("../api/current/membership.json"),
        ("current", "plan") => include_str!("../api/current/plan.json"),
        ("current", "types") => include_str!("../api/current/types.json"),
        ("v2", "membership") => include_str!("../api/v2/membership.json"),
        ("v2", "plan") => include_str!("../api/v2/plan.json"),
        ("v2", "types") => include_str!("../api/v2/types.json"),
        other => panic!("{other:?}"),
    };
    serde_json::from_str(text).unwrap()
}

fn fields(object: &Value) -> &[Value] {
    object["fields"].as_array().unwrap()
}

fn named<'a>(of: &'a Value, name: &str) -> Option<&'a Value> {
    of.as_array().unwrap().iter().find(|it| it["name"] == name)
}

fn text<'a>(field: &'a Value, name: &str) -> &'a str {
    field[name].as_str().unwrap_or_default()
}

/// Which of the values that a field may have.
#[derive(Clone, Copy)]
struct Sample {
    api: &'static str,
    /// An object where an id would do, and a text where an object would.
    is_other: bool,
    /// The last of an enum's values, and one more.
    is_last: bool,
}

impl Sample {
    /// An object of facts, with the fields that the version has.
    fn object(self, facts: &Value, version: Option<&str>, depth: u8) -> Value {
        let has = |field: &&Value| {
            let Some(version) = version else { return true };
            let (since, until) = (text(field, "since"), text(field, "until"));
            let is_undated = version == UNDATED;
            since <= version && (until.is_empty() || version <= until) && (!is_undated || since == UNDATED)
        };
        let sample = |field: &Value| {
            (text(field, "name").to_owned(), self.value(text(field, "name"), text(field, "type"), depth))
        };
        fields(facts).iter().filter(has).map(sample).collect::<Map<_, _>>().into()
    }

    fn value(self, name: &str, of_type: &str, depth: u8) -> Value {
        if let Some(item) = of_type.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            // Texts were in requests, of 2023 and 2024.
            let item = item.strip_suffix("|text").unwrap_or(item);
            return json!([self.value(name, item, depth), self.value("another", item, depth)]);
        }
        match of_type.strip_prefix("id|") {
            // A plan in a membership in a plan ends somewhere.
            Some(object) if self.is_other && depth < 2 => return self.value(name, object, depth + 1),
            Some(_) => return format!("id of {name}").into(),
            None => {}
        }
        match of_type {
            "text" => format!("text of {name}").into(),
            "integer" => (4_102_444_800_i64 + name.len() as i64).into(),
            "number" => json!(0.25),
            "price" if self.is_other => "19.99".into(),
            "price" => json!(10.43),
            "boolean" => self.is_last.into(),
            "map" => json!({"a": [7, {"b": null}], name: name}),
            "any" => json!([name]),
            known => self.known(known, depth),
        }
    }

    fn known(self, name: &str, depth: u8) -> Value {
        let types = facts(self.api, "types");
        if name == "Plan" {
            return self.object(&facts(self.api, "plan"), None, depth + 1);
        }
        if let Some(object) = named(&types["objects"], name) {
            return self.object(object, None, depth + 1);
        }
        let values = &named(&types["enums"], name).unwrap_or_else(|| panic!("{name}"))["values"];
        let mut values: Vec<_> = match values {
            Value::Object(values) => values.keys().cloned().collect(),
            Value::Array(values) => values.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            other => panic!("{name}: {other}"),
        };
        values.push("a_new_one".into());
        values.swap_remove(if self.is_last { values.len() - 1 } else { 0 }).into()
    }
}

const UNDATED: &str = "2025-01-01";

/// Prices are numbers once they are read.
fn with_numbers(value: Value) -> Value {
    match value {
        Value::String(text) if text == "19.99" => json!(19.99),
        Value::Array(items) => items.into_iter().map(with_numbers).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, with_numbers(value))).collect(),
        other => other,
    }
}

/// Reads the object of every version, and with every kind of value.
fn read_all<T: Read + DeserializeOwned>(api: &'static str, file: &str) {
    let facts = facts(api, file);
    let mut versions: BTreeSet<_> = fields(&facts).iter().map(|field| text(field, "since")).collect();
    versions.extend(NEWEST);
    for version in versions.into_iter().map(Some).chain([None]) {
        for (is_other, is_last) in [(false, false), (false, true), (true, false), (true, true)] {
            let sample = Sample { api, is_other, is_last }.object(&facts, version, 0);
            let read: T = serde_json::from_value(sample.clone()).unwrap();
            let (read, sample) = (read.json().unwrap(), with_numbers(sample));
            for (name, value) in sample.as_object().unwrap() {
                assert_eq!(&read[name], value, "{api} {file}, {version:?}: {name}");
            }
            assert_eq!(read, sample, "{api} {file}, {version:?}");
        }
    }
}

#[test]
fn current_membership_is_read_whole_in_every_version() {
    read_all::<current::Membership>("current", "membership");
}

#[test]
fn current_plan_is_read_whole_in_every_version() {
    read_all::<current::Plan>("current", "plan");
}

#[test]
fn v2_membership_is_read_whole_in_every_version() {
    read_all::<v2::Membership>("v2", "membership");
}

#[test]
fn v2_plan_is_read_whole_in_every_version() {
    read_all::<v2::Plan>("v2", "plan");
}

#[test]
fn fields_above_are_those_of_the_facts() {
    for (api, object, names) in OBJECTS {
        let facts = match *object {
            "Membership" => facts(api, "membership"),
            "Plan" => facts(api, "plan"),
            _ => named(&facts(api, "types")["objects"], object).unwrap().clone(),
        };
        let known: Vec<_> = fields(&facts).iter().map(|field| text(field, "name")).collect();
        assert_eq!(*names, known, "{api}::{object}: list them above in the order of the facts");
    }
}

#[test]
fn field_of_an_odd_shape_takes_no_other_along() {
    fn check<T: Read + DeserializeOwned>(api: &'static str, file: &str) {
        let facts = facts(api, file);
        let whole = Sample { api, is_other: false, is_last: false }.object(&facts, None, 0);
        for field in fields(&facts) {
            let (name, of_type) = (text(field, "name"), text(field, "type"));
            for odd in
                [json!(null), json!({"odd": {}}), json!([[]]), json!("odd"), json!(-1.5), json!(true), json!(1e300)]
            {
                let mut sample = whole.clone();
                sample[name] = odd.clone();
                let read: T = serde_json::from_value(sample.clone())
                    .unwrap_or_else(|error| panic!("{api} {file}: {name} ({of_type}) is {odd}: {error}"));
                let (mut read, mut sample) = (read.json().unwrap(), sample);
                read.as_object_mut().unwrap().remove(name);
                sample.as_object_mut().unwrap().remove(name);
                assert_eq!(read, sample, "{api} {file}: {name} is {odd}");
            }
        }
    }
    check::<current::Membership>("current", "membership");
    check::<current::Plan>("current", "plan");
    check::<v2::Membership>("v2", "membership");
    check::<v2::Plan>("v2", "plan");
}

/// Beyond the last version that brought a field.
const NEWEST: [&str; 1] = ["2026-10-15-1"];
