//! What a customer can buy, whichever API made it.

use serde_json::{Map, Value, json};

/// A plan; the current API calls it a variant as well.
#[derive(Debug)]
pub struct Plan {
    pub id: String,
    pub product: String,
    pub created_at: i64,
    /// What was asked for, checked, under the current API's names; a field of v2 alone under its own.
    fields: Map<String, Value>,
}

impl Plan {
    /// `null` is the same as not given.
    pub fn new(id: &str, product: &str, mut fields: Map<String, Value>, created_at: i64) -> Self {
        fields.retain(|_, value| !value.is_null());
        Self { id: id.to_owned(), product: product.to_owned(), created_at, fields }
    }

    /// A field as it was asked for.
    pub fn given(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        self.given(name)?.as_i64()
    }

    pub fn price(&self, name: &str) -> f64 {
        self.given(name).and_then(Value::as_f64).unwrap_or_default()
    }

    pub fn metadata(&self) -> Map<String, Value> {
        self.given("metadata").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    pub fn trial_days(&self) -> Option<i64> {
        self.integer("trial_period_days").filter(|&days| days > 0)
    }

    pub fn renews(&self) -> bool {
        self.is("plan_type", "renewal")
    }

    pub fn is_free(&self) -> bool {
        self.price("initial_price") == 0.0 && self.price("renewal_price") == 0.0
    }

    pub fn currency(&self) -> &str {
        self.given("currency").and_then(Value::as_str).unwrap_or("usd")
    }

    /// A stock that is told ends an unlimited one, unless that is told as well. Waitlists have no end.
    pub fn unlimited_stock(&self) -> bool {
        let told = self.given("unlimited_stock").and_then(Value::as_bool);
        self.is("release_method", "waitlist") || told.unwrap_or(self.given("stock").is_none())
    }

    /// Not read where the stock is unlimited.
    pub fn stock(&self) -> Value {
        self.given("stock").filter(|_| !self.unlimited_stock()).cloned().unwrap_or(json!(0))
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.given(name).and_then(Value::as_str) == Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(fields: Value) -> Plan {
        Plan::new("plan_1", "prod_1", fields.as_object().unwrap().clone(), 0)
    }

    #[test]
    fn a_stock_ends_an_unlimited_one() {
        for (fields, unlimited, stock) in [
            (json!({}), true, 0),
            (json!({ "stock": 5 }), false, 5),
            (json!({ "stock": null }), true, 0),
            (json!({ "stock": 5, "unlimited_stock": true }), true, 0),
            (json!({ "unlimited_stock": false }), false, 0),
            (json!({ "stock": 5, "release_method": "waitlist" }), true, 0),
        ] {
            let plan = plan(fields.clone());
            assert_eq!((plan.unlimited_stock(), plan.stock()), (unlimited, json!(stock)), "{fields}");
        }
    }
}
