//! Products: what plans and memberships are of.

/// What a seller sells.
#[derive(Debug)]
pub struct Product {
    pub id: &'static str,
    pub name: &'static str,
    pub created_at: i64,
    pub fault: Option<Fault>,
}

/// What goes wrong when a plan of the product is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is there at once, and answered late.
    Slow,
    /// It is there, and nobody hears of it.
    Drop,
}
