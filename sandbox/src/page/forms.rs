//! Play the buyer or the seller.

use maud::{Markup, html};

use crate::plan::Plan;
use crate::store::Store;

pub fn forms(store: &Store) -> Markup {
    html! {
        section.forms {
            form method="post" action="/sandbox/purchases" {
                h2 { "Buy" }
                label { "Plan" select name="plan" #plans data-fresh {
                    @for plan in store.plans.iter().rev() { option value=(plan.id) { (described(plan)) } }
                } }
                button { "Buy" }
            }
            form method="post" action="/sandbox/plans" {
                h2 { "Offer a plan" }
                label { "Product" select name="product_id" {
                    @for product in &store.products { option value=(product.id) { (product.id) } }
                } }
                label { "Kind" select name="plan_type" {
                    option value="one_time" { "once" }
                    option value="renewal" { "renewal" }
                } }
                label { "First price" input name="initial_price" type="number" min="0" step="0.01" placeholder="0"; }
                label { "Renewal price" input name="renewal_price" type="number" min="0" step="0.01" placeholder="0"; }
                label { "Days" input name="billing_period" type="number" min="1" placeholder="30"; }
                button { "Create plan" }
            }
        }
    }
}

fn described(plan: &Plan) -> String {
    let (first, again) = (plan.price("initial_price"), plan.price("renewal_price"));
    let days = plan.integer("billing_period").filter(|_| plan.renews());
    let renewal = days.map(|days| format!(", then {again:.2} every {days} days")).unwrap_or_default();
    format!("{}: {first:.2} {}{renewal}", plan.id, plan.currency())
}
