//! Products: what plans and memberships are of.

use serde_json::{Value, json};

use crate::plans::Plan;

#[derive(Debug)]
pub struct Product {
    pub id: &'static str,
    pub name: &'static str,
    pub created_at: i64,
}

impl Product {
    /// As it stands in an answer that expands it.
    pub fn body(&self, plans: &[Plan]) -> Value {
        let plans: Vec<&str> =
            plans.iter().filter(|plan| plan.product == self.id).map(|plan| plan.id.as_str()).collect();
        json!({
            "id": self.id,
            "name": self.name,
            "visibility": "visible",
            "created_at": self.created_at,
            "experiences": [],
            "plans": plans,
        })
    }
}
