use std::time::Duration;

use serde_json::{Value, json};
use whop_sandbox::Options;

use crate::client::{Answer, Ask, Client};

fn create<'a>(client: &'a Client, key: &str) -> Ask<'a> {
    client.current("POST", "/variants").header("idempotency-key", key).json(json!({ "product_id": "prod_sandbox" }))
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

/// How many plans there are.
fn plans(client: &Client) -> usize {
    let last = client.current("POST", "/plans").json(json!({ "product_id": "prod_other" })).send().json()["id"].clone();
    last.as_str().unwrap().strip_prefix("plan_").unwrap().parse().unwrap()
}

#[test]
fn the_same_again_is_answered_again_and_creates_nothing() {
    let client = Client::new();
    let first = create(&client, "a").send();
    let again = create(&client, "a").send();

    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!((replayed(&first), replayed(&again)), (false, true));
    assert_eq!(first.text, again.text);
    assert_eq!(plans(&client), 2);
}

#[test]
fn another_key_and_no_key_create_another_plan() {
    let client = Client::new();
    let ids = [create(&client, "a").send(), create(&client, "b").send()].map(|answer| answer.json()["id"].clone());
    assert_ne!(ids[0], ids[1]);

    let plain =
        || client.current("POST", "/plans").json(json!({ "product_id": "prod_sandbox" })).send().json()["id"].clone();
    assert_ne!(plain(), plain());
}

#[test]
fn a_refusal_is_repeated_as_well() {
    let client = Client::new();
    for date in ["2026-09-23", "2025-01-01"] {
        let refused = || create(&client, date).date(date).json(json!({ "product_id": 1 })).send();
        let (first, again) = (refused(), refused());

        assert_eq!((first.status, replayed(&first)), (400, false));
        assert_eq!((again.status, replayed(&again)), (400, true));
        assert_eq!(first.text, again.text);
    }
}

#[test]
fn a_key_that_was_used_for_something_else_is_refused() {
    let client = Client::new();
    create(&client, "a").send();

    let body = || json!({ "product_id": "prod_sandbox" });
    let other = |path: &str| client.current("POST", path).header("idempotency-key", "a").json(body());
    for (what, ask) in [
        ("path", other("/plans")),
        ("slash", other("/variants/")),
        ("query", other("/variants?x=1")),
        ("body", create(&client, "a").json(json!({ "product_id": "prod_sandbox", "title": "x" }))),
        ("date", create(&client, "a").date("2026-09-29")),
        ("no date", create(&client, "a").undated()),
    ] {
        let (status, kind, _) = ask.send().error();
        assert_eq!((status, &*kind), (400, "invalid_request_error"), "{what}");
    }
    assert_eq!(plans(&client), 2);
}

#[test]
fn a_key_belongs_to_its_caller() {
    let client = Client::new();
    create(&client, "a").send();

    assert_eq!(create(&client, "a").key("read").send().status, 403, "not what another caller was answered");
    assert_eq!(create(&client, "a").key("other").send().status, 401);
}

#[test]
fn what_still_runs_is_a_conflict_and_answered_when_it_is_done() {
    let slow = Duration::from_secs(2);
    let client = Client::with(Options { slow, rate_limit: None, ..Options::default() });
    let create = || create(&client, "a").json(json!({ "product_id": "prod_slow" })).send();
    std::thread::scope(|scope| {
        let first = scope.spawn(create);
        while client.get("/api/v2/plans/plan_1").status == 404 {
            std::thread::yield_now();
        }
        let (status, kind, _) = create().error();
        assert_eq!((status, &*kind), (409, "conflict"));
        let first = first.join().unwrap();
        let again = create();
        assert_eq!((again.status, again.text), (201, first.text));
    });
}

#[test]
fn what_was_lost_on_its_way_is_answered_the_second_time() {
    let client = Client::new();
    let create = || create(&client, "a").json(json!({ "product_id": "prod_drop" })).try_send();

    assert!(create().is_err());
    let again = create().unwrap();
    assert_eq!((again.status, replayed(&again), &again.json()["id"]), (201, true, &json!("plan_1")));
    assert_eq!(plans(&client), 2);
}

#[test]
fn a_key_has_1_to_255_characters() {
    let client = Client::new();

    assert_eq!(create(&client, &"x".repeat(255)).send().status, 201);
    for key in ["", &"x".repeat(256)] {
        assert_eq!(create(&client, key).send().status, 400, "{}", key.len());
    }
}

#[test]
fn a_change_takes_no_notice_of_it() {
    let client = Client::new();
    let patch = |metadata: Value| {
        let ask = client.current("PATCH", "/memberships/mem_active").header("idempotency-key", "a");
        ask.json(json!({ "metadata": metadata })).send().json()["metadata"].clone()
    };

    assert_eq!(patch(json!({ "hwid": "a" })), json!({ "hwid": "a" }));
    assert_eq!(patch(json!({ "hwid": "b" })), json!({ "hwid": "b" }));
}
