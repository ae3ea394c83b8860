//! The fields of a plan are checked before anything is sent: each by its name, its type, and its values.

use serde_json::{Map, Value, json};
use whop_license::{Api, PlanRequest};

use crate::support::{Act, BOTH, Peer, answer};

fn facts(api: Api, file: &str) -> Value {
    let text = match (api, file) {
        (Api::Current, "types") => include_str!("../../api/current/types.json"),
        (Api::Current, _) => include_str!("../../api/current/plan_request.json"),
        (Api::V2, "types") => include_str!("../../api/v2/types.json"),
        (Api::V2, _) => include_str!("../../api/v2/plan_request.json"),
    };
    serde_json::from_str(text).unwrap()
}

fn text<'a>(fact: &'a Value, name: &str) -> &'a str {
    fact[name].as_str().unwrap_or_default()
}

/// What comes of this plan: the body that is sent, or the refusal.
fn sent(api: Api, allow_unknown: bool, plan: &Value) -> Result<Value, String> {
    let peer = Peer::start([Act::Send(answer(200, r#"{"id":"plan_1"}"#))]);
    let client = peer.client_of(api).allow_unknown_plan_fields(allow_unknown).build().unwrap();
    match client.create_plan(PlanRequest::from_json(&plan.to_string()).unwrap()) {
        Ok(_) => Ok(serde_json::from_str(peer.seen()[0].split_once("\r\n\r\n").unwrap().1).unwrap()),
        Err(error) => {
            assert!(peer.seen().is_empty(), "{error}");
            Err(error.to_string())
        }
    }
}

fn refusal(api: Api, plan: &Value) -> String {
    sent(api, false, plan).unwrap_err()
}

fn values(api: Api, name: &str) -> Vec<String> {
    let types = facts(api, "types");
    let found = types["enums"].as_array().unwrap().iter().find(|it| it["name"] == name);
    match found.map(|found| &found["values"]) {
        Some(Value::Object(values)) => values.keys().cloned().collect(),
        Some(Value::Array(values)) => values.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// Values that the type takes, and values that it does not.
fn samples(api: Api, of_type: &str) -> (Vec<Value>, Vec<Value>) {
    if let Some(item) = of_type.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let good = match item {
            "text" => vec![json!([]), json!(["x", "y"])],
            _ => {
                let object = objects(api, item.strip_suffix("|text").unwrap_or(item));
                vec![json!([]), json!([object, {}])]
            }
        };
        let mut bad = vec![json!("x"), json!({}), json!(7), json!([7]), json!([null]), json!([[]])];
        bad.extend((!item.contains("text")).then(|| json!(["x"])));
        bad.extend((item == "text").then(|| json!([{}])));
        return (good, bad);
    }
    match of_type {
        "text" => (vec![json!("x"), json!("")], vec![json!(7), json!(true), json!([]), json!({})]),
        "integer" => {
            let good = vec![json!(0), json!(7), json!(-7), json!(i32::MAX), json!(i32::MIN)];
            (good, vec![json!("7"), json!(7.5), json!(7.0), json!(i64::from(i32::MAX) + 1), json!(true), json!([7])])
        }
        "price" => {
            (vec![json!(0), json!(10.43), json!(7)], vec![json!("10.43"), json!(-0.01), json!(true), json!([7])])
        }
        "boolean" => (vec![json!(true), json!(false)], vec![json!("true"), json!(0), json!([])]),
        "map" => (vec![json!({}), json!({"a": [{"b": null}]})], vec![json!([]), json!("{}"), json!(7)]),
        name => match values(api, name) {
            values if values.is_empty() => (
                vec![json!({}), objects(api, name)],
                vec![json!([]), json!("x"), json!(7), json!({"no_such_field": 7})],
            ),
            values => {
                let upper = values[0].to_uppercase();
                let bad =
                    vec![json!(upper), json!(""), json!(format!("{} ", values[0])), json!(7), json!([&values[0]])];
                (values.into_iter().map(Value::from).collect(), bad)
            }
        },
    }
}

/// An object of the facts with all of its fields.
fn objects(api: Api, name: &str) -> Value {
    let types = facts(api, "types");
    let found = types["objects"].as_array().unwrap().iter().find(|it| it["name"] == name);
    let fields = found.unwrap_or_else(|| panic!("{name}"))["fields"].as_array().unwrap().clone();
    let sample = |field: &Value| {
        let (good, _) = samples(api, text(field, "type"));
        (text(field, "name").to_owned(), good.last().unwrap().clone())
    };
    fields.iter().map(sample).collect::<Map<_, _>>().into()
}

#[test]
fn every_field_of_the_facts_is_sent_if_it_is_of_its_type_and_refused_by_name_if_not() {
    for api in BOTH {
        let facts = facts(api, "plan_request");
        let fields = facts["fields"].as_array().unwrap();
        assert!(fields.len() > 25);
        for field in fields {
            let (name, of_type) = (text(field, "name"), text(field, "type"));
            let (good, bad) = samples(api, of_type);
            for value in good.iter().take(4) {
                let plan = json!({ name: value });
                assert_eq!(sent(api, false, &plan), Ok(plan), "{api:?} {of_type}");
            }
            for value in bad {
                let told = refusal(api, &json!({ name: value }));
                assert!(told.starts_with(&format!("plan_json: {name}")), "{api:?} {name}: {value}: {told}");
            }
            assert_eq!(sent(api, false, &json!({ name: null })), Ok(json!({})), "null is not given: {api:?} {name}");
            if let Some(longest) = field["longest"].as_u64() {
                let of_length = |length: u64| json!({ name: "\u{1f511}".repeat(length as usize) });
                assert!(sent(api, false, &of_length(longest)).is_ok(), "{api:?} {name}");
                let told = refusal(api, &of_length(longest + 1));
                assert_eq!(told, format!("plan_json: {name}: longer than {longest} characters"));
            }
        }
    }
}

#[test]
fn value_that_whop_does_not_know_is_refused_and_the_nearest_named() {
    for (api, plan, told) in [
        (Api::Current, json!({"visibility": "Visible"}), "visibility: expected one of "),
        (Api::V2, json!({"visibility": "Visible"}), "visibility: expected one of "),
        (Api::Current, json!({"currency": "EUR"}), "currency: `EUR` is not one of the values: did you mean `eur`?"),
        (
            Api::V2,
            json!({"base_currency": "EUR"}),
            "base_currency: `EUR` is not one of the values: did you mean `eur`?",
        ),
        (
            Api::Current,
            json!({"plan_type": "onetime"}),
            "plan_type: expected one of renewal, one_time, found `onetime`",
        ),
        (Api::V2, json!({"plan_type": "onetime"}), "plan_type: expected one of renewal, one_time, found `onetime`"),
        (
            Api::Current,
            json!({"release_method": "raffle"}),
            "release_method: expected one of buy_now, waitlist, found `raffle`",
        ),
    ] {
        let refusal = refusal(api, &plan);
        assert!(refusal.starts_with(&format!("plan_json: {told}")), "{api:?} {plan}: {refusal}");
        assert!(sent(api, true, &plan).is_ok(), "{api:?} {plan}: for the day Whop adds one");
    }
    for api in BOTH {
        let told = refusal(api, &json!({"visibility": "Visible"}));
        assert!(told.contains("visible") && told.ends_with("found `Visible`"), "{told}");
    }
    assert!(sent(Api::V2, false, &json!({"release_method": "raffle"})).is_ok(), "which v2 has");
}

#[test]
fn name_of_v2_gets_its_new_one() {
    for (old, new) in [("base_currency", "currency"), ("access_pass_id", "product_id"), ("company_id", "account_id")] {
        let told = format!("plan_json: `{old}` is the name in API v2: it is `{new}` now");
        for allow_unknown in [false, true] {
            assert_eq!(sent(Api::Current, allow_unknown, &json!({ old: "x" })), Err(told.clone()), "{allow_unknown}");
        }
    }
    for gone in ["refillable", "requirements", "short_link", "one_per_user", "grace_period_days", "card_payments"] {
        let told = refusal(Api::Current, &json!({ gone: true }));
        assert_eq!(told, format!("plan_json: `{gone}` is a field of API v2 alone"));
    }
    // And not the other way round.
    for new in ["currency", "title", "account_id"] {
        let told = refusal(Api::V2, &json!({ new: "x" }));
        assert!(told.starts_with(&format!("plan_json: `{new}` is not a field of a plan")), "{told}");
    }
}

#[test]
fn misspelt_name_is_refused_with_the_nearest_unless_it_may_be_new() {
    for (api, misspelt, nearest) in [
        (Api::Current, "initial_prise", "initial_price"),
        (Api::Current, "Currency", "currency"),
        (Api::V2, "base_curency", "base_currency"),
        (Api::V2, "trial_days", "trial_period_days"),
    ] {
        let plan = json!({ misspelt: "x" });
        let told = format!("plan_json: `{misspelt}` is not a field of a plan: did you mean `{nearest}`?");
        assert_eq!(refusal(api, &plan), told);
        assert_eq!(sent(api, true, &plan), Ok(plan));
    }
    let inner = json!({"custom_fields": [{"name": "Nick", "typ": "text"}]});
    for api in BOTH {
        let told = refusal(api, &inner);
        assert!(told.starts_with("plan_json: custom_fields[0]: `typ` is not a field of it"), "{told}");
        assert_eq!(sent(api, true, &inner), Ok(inner.clone()));
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    for (json, told) in [
        ("", "plan_json: not JSON: "),
        ("[]", "plan_json: expected a JSON object"),
        ("{} {}", "plan_json: not JSON: "),
        (r#"{"product_id":"a","product_id":"b"}"#, "plan_json: a name is given twice"),
        (r#"{"metadata":{"a":1,"a":2}}"#, "plan_json: a name is given twice"),
    ] {
        let refusal = PlanRequest::from_json(json).unwrap_err().to_string();
        assert!(refusal.starts_with(told), "{json}: {refusal}");
    }
}
