use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::dates::dates;
use crate::client::Client;

const UNDATED: &str = "2025-01-01";
/// In no table: the sandbox sends it as Whop has sent one.
const UNDECLARED: &str = "recommended_action";

/// The names that a table has at a date.
fn table(text: &str, date: &str) -> BTreeSet<String> {
    let table: Value = serde_json::from_str(text).unwrap();
    // The first flat shape is told by a later specification.
    let date = if date == "2026-07-23" { "2026-08-21" } else { date };
    let there = |field: &&Value| match date {
        UNDATED => field["since"] == UNDATED || field["undated"] == true,
        _ => field["since"].as_str().unwrap() <= date && field["until"].as_str().is_none_or(|until| date <= until),
    };
    table["fields"]
        .as_array()
        .unwrap()
        .iter()
        .filter(there)
        .map(|field| field["name"].as_str().unwrap().into())
        .collect()
}

/// What the undated shape alone has is in no table of the project.
fn expected(text: &str, date: &str, undated: &[&str]) -> BTreeSet<String> {
    let mut names = table(text, date);
    names.insert(UNDECLARED.to_owned());
    if date == UNDATED {
        names.extend(undated.iter().map(|&name| name.to_owned()));
    }
    names
}

#[test]
fn a_membership_has_exactly_the_fields_of_its_date() {
    let client = Client::new();
    let undated = [
        "company",
        "user",
        "plan",
        "promo_code",
        "renewal_period_start",
        "renewal_period_end",
        "joined_at",
        "currency",
        "payment_collection_paused",
        "checkout_configuration_id",
        "custom_field_responses",
    ];
    for date in dates() {
        let fields = expected(include_str!("../../../../api/current/membership.json"), date, &undated);
        let ask = |method, path| client.current(method, path).date(date);
        assert_eq!(ask("GET", "/memberships/SANDBOX-ACTIVE").send().names(), fields, "{date}");
        let patch = ask("PATCH", "/memberships/mem_active").json(json!({ "metadata": { "hwid": "a" } }));
        assert_eq!(patch.send().names(), fields, "{date}");
        let listed = ask("GET", "/memberships?first=1").send().json()["data"][0].clone();
        assert_eq!(listed.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>(), fields, "{date}");
    }
}

#[test]
fn a_plan_has_exactly_the_fields_of_its_date() {
    let client = Client::new();
    for date in dates() {
        let fields = expected(include_str!("../../../../api/current/plan.json"), date, &["company"]);
        let seller = if date == UNDATED { "company_id" } else { "account_id" };
        for path in ["/variants", "/plans"] {
            let request = json!({ "product_id": "prod_sandbox", seller: "biz_sandbox" });
            assert_eq!(client.current("POST", path).date(date).json(request).send().names(), fields, "{date}");
            assert_eq!(
                client.current("GET", &format!("{path}/plan_sandbox")).date(date).send().names(),
                fields,
                "{date}"
            );
        }
    }
}

#[test]
fn a_plan_takes_every_field_of_the_table_and_no_other() {
    let client = Client::new();
    let table: Value = serde_json::from_str(include_str!("../../../../api/current/plan_request.json")).unwrap();
    let refusal = |name: &str, value: Value| {
        let mut request = json!({ "product_id": "prod_sandbox" });
        request[name] = value;
        client.current("POST", "/variants").json(request).send().error()
    };
    for field in table["fields"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        // No type takes a list in a list.
        let (status, _, message) = refusal(name, json!([[{}]]));
        assert_eq!((status, message), (400, format!("Invalid parameter: {name}.")));
    }
    for name in ["base_currency", "access_pass_id", "company_id", "Title"] {
        let (status, _, message) = refusal(name, json!("usd"));
        assert_eq!((status, message), (400, format!("Unknown parameter: {name}.")));
    }
}
