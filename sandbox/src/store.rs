//! Everything that Whop would have in its database, whichever API asks.

use crate::membership::Membership;
use crate::plan::Plan;
use crate::product::Product;

#[derive(Debug)]
pub struct Store {
    pub products: Vec<Product>,
    pub plans: Vec<Plan>,
    pub memberships: Vec<Membership>,
    pub numbers: u32,
}

impl Store {
    /// For the id of something new.
    pub fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.id == id)
    }

    pub fn plan(&self, id: &str) -> Option<&Plan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// By membership id or license key.
    pub fn membership(&self, id: &str) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.is(id))
    }

    /// By membership id or license key.
    pub fn membership_mut(&mut self, id: &str) -> Option<&mut Membership> {
        self.memberships.iter_mut().find(|membership| membership.is(id))
    }

    /// How many have bought this plan.
    pub fn member_count(&self, plan: &str) -> usize {
        self.memberships.iter().filter(|membership| membership.plan == plan).count()
    }
}
