use serde_json::json;

use crate::client::{Answer, Client};

const KEY: &str = "SANDBOX-ACTIVE";

fn assert_other_device(answer: &Answer) {
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.json(),
        json!({ "error": { "code": 400, "message": "Please reset your key to use on a new machine" } })
    );
}

#[test]
fn the_first_device_is_stored_and_every_other_refused() {
    let client = Client::new();

    let first = client.validate(KEY, json!({ "hwid": "a" }));
    assert_eq!((first.status, &first.json()["metadata"]), (201, &json!({ "hwid": "a" })));
    assert_other_device(&client.validate(KEY, json!({ "hwid": "b" })));
    assert_eq!(client.validate(KEY, json!({ "hwid": "a" })).status, 201);
}

#[test]
fn every_pair_is_compared_with_its_type() {
    let client = Client::new();
    client.validate(KEY, json!({ "hwid": "a", "slot": 1 }));

    for other in [
        json!({ "hwid": "a" }),
        json!({ "hwid": "a", "slot": 2 }),
        json!({ "hwid": "a", "slot": "1" }),
        json!({ "hwid": "a", "slot": 1, "more": null }),
        json!({ "HWID": "a", "slot": 1 }),
        json!({ "hwid": "A", "slot": 1 }),
    ] {
        assert_other_device(&client.validate(KEY, other));
    }
    assert_eq!(client.validate(KEY, json!({ "slot": 1, "hwid": "a" })).status, 201);
}

#[test]
fn the_id_and_the_key_name_the_same_membership() {
    let client = Client::new();
    client.validate("mem_active", json!({ "hwid": "a" }));

    assert_other_device(&client.validate(KEY, json!({ "hwid": "b" })));
}

#[test]
fn empty_metadata_neither_binds_nor_fails_nor_resets() {
    let client = Client::new();

    assert_eq!(client.validate(KEY, json!({})).json()["metadata"], json!({}));
    client.validate(KEY, json!({ "hwid": "a" }));
    let again = client.validate(KEY, json!({}));
    assert_eq!((again.status, &again.json()["metadata"]), (201, &json!({ "hwid": "a" })));
    assert_other_device(&client.validate(KEY, json!({ "hwid": "b" })));
}

#[test]
fn a_license_that_is_not_valid_binds_too() {
    let client = Client::new();

    assert_eq!(client.validate("SANDBOX-EXPIRED", json!({ "hwid": "a" })).json()["valid"], false);
    assert_other_device(&client.validate("SANDBOX-EXPIRED", json!({ "hwid": "b" })));
}

#[test]
fn a_seller_resets_with_empty_metadata() {
    let client = Client::new();
    client.validate(KEY, json!({ "hwid": "a" }));

    let reset = client.post("/api/v2/memberships/mem_active", json!({ "metadata": {} }));
    assert_eq!((reset.status, &reset.json()["metadata"]), (201, &json!({})));
    assert_eq!(client.validate(KEY, json!({ "hwid": "b" })).status, 201);
}

#[test]
fn a_seller_moves_a_license_to_another_device() {
    let client = Client::new();
    client.validate(KEY, json!({ "hwid": "a" }));
    client.post("/api/v2/memberships/mem_active", json!({ "metadata": { "hwid": "b" } }));

    assert_other_device(&client.validate(KEY, json!({ "hwid": "a" })));
    assert_eq!(client.get("/api/v2/memberships/SANDBOX-ACTIVE").json()["metadata"], json!({ "hwid": "b" }));
}

#[test]
fn a_buyer_resets_with_the_button() {
    let client = Client::new();
    client.validate(KEY, json!({ "hwid": "a" }));

    let button = client.post("/sandbox/memberships/mem_active/reset", json!({}));
    assert_eq!((button.status, button.header("location")), (303, Some("/")));
    assert_eq!(client.validate(KEY, json!({ "hwid": "b" })).status, 201);
    assert_eq!(client.post("/sandbox/memberships/nobody/reset", json!({})).status, 404);
}

#[test]
fn of_many_devices_at_once_exactly_one_is_bound() {
    let client = Client::new();

    let bound = std::thread::scope(|scope| {
        let devices: Vec<_> = (0..32)
            .map(|n| {
                scope.spawn({
                    let client = &client;
                    move || client.validate(KEY, json!({ "hwid": n })).status == 201
                })
            })
            .collect();
        devices.into_iter().filter_map(|device| device.join().ok()).filter(|&bound| bound).count()
    });
    assert_eq!(bound, 1);
}
