//! What a membership means for a device. The library judges; here is which products and names it is asked for.

use serde_json::json;
use whop_license::{Client, Error, Judgement, Membership, Verdict};

use crate::question::Facts;

/// Judges memberships, without requests.
pub(super) struct Judge {
    /// A product that is served, and a client of the library that judges for it.
    products: Vec<(String, Client)>,
    /// The names under which devices are stored.
    names: Vec<String>,
}

/// What a membership means for a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    /// The device has its place, or the license does not entitle on any.
    Known(Facts),
    /// The device has no place yet, and this one is free.
    FirstUse(String),
    /// All places are other devices'.
    Elsewhere,
    /// It is of a product that is not served.
    OtherProduct,
    /// It does not say enough.
    Unusable,
}

impl Judge {
    pub fn new(products: Vec<(String, Client)>, names: Vec<String>) -> Self {
        Self { products, names }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether the membership is of a product that is served.
    pub fn serves(&self, membership: &Membership) -> bool {
        membership.product_id().is_some_and(|id| self.products.iter().any(|(product, _)| product == id))
    }

    /// Whether it entitles on some device.
    pub fn entitles(&self, membership: &Membership) -> bool {
        let judged = self.client_for(membership).map(|client| client.judge(membership.clone(), NO_DEVICE));
        matches!(judged, Some(Ok(Judgement::Decided(Verdict::Allowed(_)))))
    }

    pub fn rule(&self, membership: &Membership, device: &str) -> Ruling {
        self.try_rule(membership, device).unwrap_or(Ruling::Unusable)
    }

    fn try_rule(&self, membership: &Membership, device: &str) -> Result<Ruling, Error> {
        let Some(client) = self.client_for(membership) else { return Ok(Ruling::Unusable) };
        let mut free = None;
        for name in &self.names {
            match client.judge(membership.clone(), &*pair(name, device))? {
                Judgement::Decided(Verdict::Allowed(membership)) => return Ok(known(&membership, true)),
                Judgement::Decided(Verdict::Inactive(_)) if self.is_of_another_product(membership) => {
                    return Ok(Ruling::OtherProduct);
                }
                Judgement::Decided(Verdict::Inactive(membership)) => return Ok(known(&membership, false)),
                Judgement::Decided(Verdict::ProductMismatch(_)) => return Ok(Ruling::OtherProduct),
                Judgement::Decided(Verdict::DeviceMismatch(_)) => {}
                Judgement::FirstUse(_) => {
                    free.get_or_insert(name);
                }
                Judgement::Decided(_) => return Ok(Ruling::Unusable),
            }
        }
        Ok(match free {
            None => Ruling::Elsewhere,
            // What could not be told afterwards is not bound.
            Some(_) if known(membership, true) == Ruling::Unusable => Ruling::Unusable,
            Some(name) => Ruling::FirstUse(name.clone()),
        })
    }

    /// That of its product, or any, which then says that it is of another.
    fn client_for(&self, membership: &Membership) -> Option<&Client> {
        let of_its_product = self.products.iter().find(|(product, _)| membership.product_id() == Some(product));
        of_its_product.or_else(|| self.products.first()).map(|(_, client)| client)
    }

    /// Which the library does not say of a license that does not entitle.
    fn is_of_another_product(&self, membership: &Membership) -> bool {
        !self.serves(membership) && membership.product_id().is_some_and(|id| id.starts_with(PRODUCT))
    }
}

/// The metadata of a device under a name.
pub(super) fn pair(name: &str, device: &str) -> String {
    json!({ name: device }).to_string()
}

fn known(membership: &Membership, valid: bool) -> Ruling {
    let current = membership.current().unwrap_or_default();
    let (Some(id), Some(status), Some(product)) = (membership.id(), membership.status(), membership.product_id())
    else {
        return Ruling::Unusable;
    };
    if ![id, status, product].into_iter().all(fits_in_a_lease) {
        return Ruling::Unusable;
    }
    let is_canceled = current.cancel_at_period_end == Some(true) || CANCELED.contains(&status);
    // Whop says it of access for a fixed time alone. Else the end is that of a period, which may renew.
    let is_for_a_fixed_time = current.expires_at.is_some();
    let expires_at = membership.expires_at();
    Ruling::Known(Facts {
        id: id.to_owned(),
        valid,
        status: status.to_owned(),
        product: product.to_owned(),
        plan: membership.plan_id().filter(|id| fits_in_a_lease(id)).map(str::to_owned),
        expires_at,
        cancel_at_period_end: is_canceled,
        ends_at: expires_at.filter(|_| is_canceled || is_for_a_fixed_time || status == BOUGHT_ONCE),
    })
}

/// Whether a text of Whop can be told: the library takes no lease of more than 4 KiB.
fn fits_in_a_lease(text: &str) -> bool {
    (1..=LONGEST_TEXT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

const LONGEST_TEXT: usize = 128;
const NO_DEVICE: &str = "{}";
const PRODUCT: &str = "prod_";
/// What Whop calls a license that is paid, and will not be renewed, or was not.
const CANCELED: [&str; 2] = ["canceling", "canceled"];
/// What Whop calls a license that was paid once.
const BOUGHT_ONCE: &str = "completed";

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(devices: usize) -> Judge {
        let client =
            |product: &str| (product.to_owned(), Client::builder("apik_x").product_id(product).build().unwrap());
        let names = ["hwid", "hwid_2", "hwid_3"].into_iter().take(devices).map(str::to_owned).collect();
        Judge::new(vec![client("prod_1"), client("prod_2")], names)
    }

    fn membership(changes: serde_json::Value) -> Membership {
        let mut fields =
            json!({"id": "mem_1", "status": "active", "product_id": "prod_1", "plan_id": "plan_1", "metadata": {}});
        fields.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        Membership::from_json(&fields.to_string()).unwrap()
    }

    fn rule(devices: usize, changes: serde_json::Value) -> Ruling {
        judge(devices).rule(&membership(changes), "mine")
    }

    fn is_known(ruling: &Ruling) -> Option<bool> {
        match ruling {
            Ruling::Known(facts) => Some(facts.valid),
            _ => None,
        }
    }

    #[test]
    fn each_place_is_looked_at_before_the_first_free_one_is_taken() {
        let metadata = |metadata: serde_json::Value| rule(3, json!({ "metadata": metadata }));
        assert_eq!(metadata(json!({})), Ruling::FirstUse("hwid".into()));
        assert_eq!(metadata(json!({"hwid": "a"})), Ruling::FirstUse("hwid_2".into()));
        assert_eq!(metadata(json!({"hwid": "released:1", "hwid_2": "b"})), Ruling::FirstUse("hwid".into()));
        assert_eq!(is_known(&metadata(json!({"hwid_3": "mine"}))), Some(true));
        assert_eq!(is_known(&metadata(json!({"hwid": "released:1", "hwid_2": "mine"}))), Some(true));
        assert_eq!(metadata(json!({"hwid": "a", "hwid_2": "b", "hwid_3": "c"})), Ruling::Elsewhere);
        assert_eq!(rule(1, json!({"metadata": {"hwid": "a", "hwid_2": "mine"}})), Ruling::Elsewhere);
    }

    #[test]
    fn license_that_does_not_entitle_is_known_whatever_the_device() {
        for metadata in [json!({}), json!({"hwid": "a"}), json!({"hwid": "mine"})] {
            let ruling = rule(2, json!({"status": "expired", "metadata": metadata}));
            assert_eq!(is_known(&ruling), Some(false), "{ruling:?}");
        }
    }

    #[test]
    fn product_that_is_not_served_is_another_one_whatever_its_status() {
        assert_eq!(is_known(&rule(1, json!({"product_id": "prod_2", "metadata": {"hwid": "mine"}}))), Some(true));
        for status in ["active", "expired"] {
            assert_eq!(rule(1, json!({"product_id": "prod_3", "status": status})), Ruling::OtherProduct);
        }
    }

    #[test]
    fn what_does_not_say_enough_is_neither_yes_nor_no() {
        for missing in ["id", "status", "product_id"] {
            let ruling = rule(1, json!({missing: null, "metadata": {"hwid": "mine"}}));
            assert_eq!(ruling, Ruling::Unusable, "{missing}");
        }
        assert_eq!(rule(1, json!({"metadata": "text"})), Ruling::Unusable);
        assert_eq!(judge(1).rule(&membership(json!({})), "released:1"), Ruling::Unusable);
    }

    #[test]
    fn text_that_fits_in_no_lease_is_not_told() {
        let bound = json!({"hwid": "mine"});
        let (longest, longer) = ("x".repeat(128), "x".repeat(129));
        for text in ["", &longer, "a\nb", "b\u{fc}ro", "\u{7f}"] {
            for metadata in [bound.clone(), json!({})] {
                let ruling = rule(1, json!({"id": text, "metadata": metadata}));
                assert_eq!(ruling, Ruling::Unusable, "{text:?}: no device is bound either");
            }
            let Ruling::Known(facts) = rule(1, json!({"plan_id": text, "metadata": bound})) else { panic!() };
            assert_eq!(facts.plan, None, "{text:?}");
            let ruling = rule(1, json!({"status": text, "metadata": bound}));
            assert!(matches!(ruling, Ruling::Unusable), "{text:?}: {ruling:?}");
        }
        let Ruling::Known(facts) = rule(1, json!({"id": longest, "plan_id": longest, "metadata": bound})) else {
            panic!()
        };
        assert_eq!((&*facts.id, facts.plan.as_deref()), (&*longest, Some(&*longest)));
    }

    #[test]
    fn end_is_told_where_nothing_renews() {
        let ends = |changes: serde_json::Value| match rule(1, changes) {
            Ruling::Known(facts) => facts.ends_at,
            other => panic!("{other:?}"),
        };
        let bound = json!({"hwid": "mine"});
        let (end, seconds) = ("2026-12-01T00:00:00Z", Some(1_796_083_200));
        let renews = json!({"metadata": bound, "current_period_end": end, "cancel_at_period_end": false});
        assert_eq!(ends(renews.clone()), None);
        for (name, value) in [
            ("cancel_at_period_end", json!(true)),
            ("status", json!("canceling")),
            ("status", json!("completed")),
            ("expires_at", json!(end)),
        ] {
            let mut changed = renews.clone();
            changed[name] = value;
            assert_eq!(ends(changed), seconds, "{name}");
        }
    }
}
