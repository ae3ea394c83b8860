//! Everything that Whop would have in its database.

use crate::errors::Error;
use crate::memberships::Membership;
use crate::plans::Plan;
use crate::products::Product;

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

    pub fn product(&self, id: &str) -> Result<&Product, Error> {
        self.products.iter().find(|product| product.id == id).ok_or_else(|| Error::no_such("Product", id))
    }

    pub fn plan(&self, id: &str) -> Result<&Plan, Error> {
        self.plans.iter().find(|plan| plan.id == id).ok_or_else(|| Error::no_such("Plan", id))
    }

    /// By membership id or license key.
    pub fn membership(&self, id: &str) -> Result<&Membership, Error> {
        self.memberships.iter().find(|membership| membership.is(id)).ok_or_else(|| Error::no_such("Membership", id))
    }

    /// By membership id or license key.
    pub fn membership_mut(&mut self, id: &str) -> Result<&mut Membership, Error> {
        self.memberships.iter_mut().find(|membership| membership.is(id)).ok_or_else(|| Error::no_such("Membership", id))
    }
}
