use serde_json::{Value, json};

use crate::client::{Ask, Client};

fn patch<'a>(client: &'a Client, body: Value) -> Ask<'a> {
    client.current("PATCH", "/memberships/SANDBOX-ACTIVE").json(body)
}

#[test]
fn a_change_is_merged_and_an_empty_one_clears_everything() {
    let client = Client::new();

    assert_eq!(
        client.patch("mem_active", json!({ "a": "1", "b": "1" })).json()["metadata"],
        json!({ "a": "1", "b": "1" })
    );
    assert_eq!(client.patch("mem_active", json!({ "b": "2" })).json()["metadata"], json!({ "a": "1", "b": "2" }));
    assert_eq!(client.patch("mem_active", json!({})).json()["metadata"], json!({}));
}

#[test]
fn it_is_merged_at_every_date_and_replaced_without_one() {
    for date in super::dates::dates() {
        let client = Client::new();
        client.patch("mem_active", json!({ "a": "1" }));
        let body = patch(&client, json!({ "metadata": { "b": "2" } })).date(date).send().json();
        let expected = if date == "2025-01-01" { json!({ "b": "2" }) } else { json!({ "a": "1", "b": "2" }) };
        assert_eq!(body["metadata"], expected, "{date}");
    }
    let client = Client::new();
    client.patch("mem_active", json!({ "a": "1" }));
    assert_eq!(patch(&client, json!({ "metadata": {} })).undated().send().json()["metadata"], json!({}));
}

#[test]
fn without_metadata_there_is_nothing_to_update() {
    let client = Client::new();
    for body in [json!({}), json!({ "hwid": "a" })] {
        let (status, kind, message) = patch(&client, body).send().error();
        assert_eq!((status, &*kind, &*message), (400, "invalid_request_error", "There is nothing to update."));
    }
}

#[test]
fn metadata_that_is_no_object_is_refused() {
    let client = Client::new();
    for metadata in [Value::Null, json!("a"), json!([]), json!(1)] {
        assert_eq!(patch(&client, json!({ "metadata": metadata })).send().status, 400, "{metadata}");
    }
    for body in [json!([]), json!("a"), Value::Null] {
        assert_eq!(patch(&client, body).send().status, 400);
    }
    assert_eq!(client.metadata("mem_active"), json!({}));
}

#[test]
fn a_change_keeps_the_limits() {
    let client = Client::new();
    let pairs = |count: usize| (0..count).map(|n| (format!("k{n}"), json!("v"))).collect::<Value>();
    let (name, text) = ("ä".repeat(100), "ä".repeat(500));

    assert_eq!(client.patch("mem_active", json!({ &name: text })).status, 200);
    assert_eq!(client.patch("mem_active", pairs(49)).status, 200, "50 with the one that is there");
    for too_much in
        [json!({ "one more": "v" }), json!({ format!("{name}x"): "v" }), json!({ "k0": format!("{text}x") })]
    {
        assert_eq!(client.patch("mem_active", too_much).status, 400);
    }
    assert_eq!(client.patch("mem_active", json!({ "k0": null })).status, 400, "Whop says nothing of null");
    assert_eq!(client.metadata("mem_active").as_object().unwrap().len(), 50);
    assert_eq!(client.patch("mem_completed", pairs(51)).status, 400);
}

#[test]
fn a_value_keeps_its_type() {
    let client = Client::new();
    let metadata = json!({ "text": "a", "number": 1.5, "flag": true, "list": [1], "object": { "a": "b" } });

    assert_eq!(client.patch("mem_active", metadata.clone()).json()["metadata"], metadata);
}
