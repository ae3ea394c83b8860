//! The fields of a request that creates a plan, and their types. A name that is not here is ignored, as Whop does.

use serde_json::{Map, Value};

use crate::errors::Error;

/// What a field takes.
enum Kind {
    Text,
    Flag,
    /// 32 bits.
    Integer,
    /// Major units: 10.43 is $10.43. A string is refused.
    Price,
    Object,
    /// Texts, or objects that have a name.
    CustomFields,
    Texts,
    OneOf(&'static [&'static str]),
}

const FIELDS: &[(&str, Kind)] = &[
    ("product_id", Kind::Text),
    ("access_pass_id", Kind::Text),
    ("plan_type", Kind::OneOf(&["renewal", "one_time"])),
    ("allow_multiple_quantity", Kind::Flag),
    ("base_currency", Kind::OneOf(CURRENCIES)),
    ("billing_period", Kind::Integer),
    ("card_payments", Kind::Flag),
    ("coinbase_commerce_accepted", Kind::Flag),
    ("custom_fields", Kind::CustomFields),
    ("expiration_days", Kind::Integer),
    ("grace_period_days", Kind::Integer),
    ("initial_price", Kind::Price),
    ("internal_notes", Kind::Text),
    ("one_per_user", Kind::Flag),
    ("pegged_currencies", Kind::Texts),
    ("refillable", Kind::Flag),
    ("release_method", Kind::OneOf(&["buy_now", "waitlist", "raffle"])),
    ("release_method_settings", Kind::Object),
    ("renewal_price", Kind::Price),
    ("requirements", Kind::Object),
    ("short_link", Kind::Text),
    ("stock", Kind::Integer),
    ("trial_period_days", Kind::Integer),
    ("unlimited_stock", Kind::Flag),
    ("visibility", Kind::OneOf(&["visible", "hidden", "archived", "quick_link"])),
    ("metadata", Kind::Object),
    ("payment_link_description", Kind::Text),
    ("paypal_accepted", Kind::Flag),
    ("split_pay_required_payments", Kind::Integer),
    ("ach_payments", Kind::Flag),
    ("cancel_collab_passes", Kind::Flag),
    ("cancel_discount_intervals", Kind::Integer),
    ("cancel_discount_percentage", Kind::Integer),
    ("description", Kind::Text),
    ("mimic_plan_id", Kind::Text),
    ("offer_cancel_discount", Kind::Flag),
    ("one_per_company", Kind::Flag),
    ("override_tax_type", Kind::Text),
    ("set_as_default", Kind::Flag),
];

const CURRENCIES: &[&str] = &[
    "usd", "sgd", "inr", "aud", "brl", "cad", "dkk", "eur", "nok", "gbp", "sek", "chf", "hkd", "huf", "jpy", "mxn",
    "myr", "pln", "czk", "nzd", "aed", "eth", "ape", "cop", "ron", "thb", "bgn", "idr", "dop", "php", "try", "krw",
    "twd", "vnd", "pkr", "clp", "uyu", "ars", "zar", "dzd", "tnd", "mad", "kes", "kwd", "jod", "all", "xcd", "amd",
    "bsd", "bhd", "bob", "bam", "khr", "crc", "xof", "egp", "etb", "gmd", "ghs", "gtq", "gyd", "ils", "jmd", "mop",
    "mga", "mur", "mdl", "mnt", "nad", "ngn", "mkd", "omr", "pyg", "pen", "qar", "rwf", "sar", "rsd", "lkr", "tzs",
    "ttd", "uzs", "rub", "btc",
];

/// Refuses the first field that has the wrong type.
pub fn check(request: &Map<String, Value>) -> Result<(), Error> {
    let wrong = FIELDS.iter().find(|(name, kind)| request.get(*name).is_some_and(|value| !kind.takes(value)));
    wrong.map_or(Ok(()), |(name, _)| Err(Error::InvalidParameter(name)))
}

pub fn is_known(name: &str) -> bool {
    FIELDS.iter().any(|(known, _)| *known == name)
}

impl Kind {
    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Integer => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            Self::Price => value.as_f64().is_some_and(|price| price >= 0.0),
            Self::Object => value.is_object(),
            Self::CustomFields => {
                is_array_of(value, |field| field.is_string() || field.get("name").is_some_and(Value::is_string))
            }
            Self::Texts => is_array_of(value, Value::is_string),
            Self::OneOf(names) => value.as_str().is_some_and(|name| names.contains(&name)),
        }
    }
}

fn is_array_of(value: &Value, check: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(check))
}
