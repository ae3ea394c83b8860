//! Everything that Whop would have in its database, whichever API asks.

use std::collections::HashMap;

use crate::membership::Membership;
use crate::plan::Plan;
use crate::product::Product;

#[derive(Debug)]
pub struct Store {
    pub products: Vec<Product>,
    pub plans: Vec<Plan>,
    pub memberships: Memberships,
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
        self.memberships.find(id)
    }

    /// By membership id or license key.
    pub fn membership_mut(&mut self, id: &str) -> Option<&mut Membership> {
        self.memberships.find_mut(id)
    }

    /// How many have bought this plan.
    pub fn member_count(&self, plan: &str) -> usize {
        self.memberships.iter().filter(|membership| membership.plan == plan).count()
    }
}

/// The memberships in the order in which they were bought. Finding one among many thousands takes no longer than among few.
#[derive(Debug, Default)]
pub struct Memberships {
    all: Vec<Membership>,
    places: HashMap<String, usize>,
}

impl Memberships {
    pub fn push(&mut self, membership: Membership) {
        for name in [&membership.id, &membership.license_key] {
            self.places.insert(name.clone(), self.all.len());
        }
        self.all.push(membership);
    }

    fn find(&self, id_or_key: &str) -> Option<&Membership> {
        self.all.get(*self.places.get(id_or_key)?)
    }

    fn find_mut(&mut self, id_or_key: &str) -> Option<&mut Membership> {
        self.all.get_mut(*self.places.get(id_or_key)?)
    }
}

impl std::ops::Deref for Memberships {
    type Target = [Membership];

    fn deref(&self) -> &[Membership] {
        &self.all
    }
}

impl FromIterator<Membership> for Memberships {
    fn from_iter<I: IntoIterator<Item = Membership>>(all: I) -> Self {
        let mut memberships = Self::default();
        all.into_iter().for_each(|membership| memberships.push(membership));
        memberships
    }
}
