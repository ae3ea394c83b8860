use serde_json::json;

use crate::client::Client;

const ASKED: &str = "actions=member:basic:read,member:manage,plan:create";

/// Which of the three the key is granted for a resource.
fn granted(client: &Client, key: &str, resource: &str) -> Vec<bool> {
    let answer = client.current("GET", &format!("/permissions?resource_id={resource}&{ASKED}")).key(key).send();
    assert_eq!(answer.status, 200, "{key}");
    let data = answer.json()["data"].as_array().unwrap().clone();
    assert_eq!(data[1]["action"], "member:manage");
    data.iter().map(|permission| permission["granted"].as_bool().unwrap()).collect()
}

#[test]
fn a_key_is_told_what_it_may_and_nothing_of_what_it_does_not_see() {
    let client = Client::new();
    for resource in ["biz_sandbox", "prod_sandbox"] {
        assert_eq!(granted(&client, "full", resource), [true; 3]);
        assert_eq!(granted(&client, "read", resource), [true, false, false]);
        for key in ["none", "validate", "foreign"] {
            assert_eq!(granted(&client, key, resource), [false; 3], "{key}");
        }
    }
    assert_eq!(granted(&client, "full", "prod_of_somebody_else"), [false; 3]);
}

#[test]
fn without_a_good_key_or_a_resource_nothing_is_told() {
    let client = Client::new();
    for key in ["revoked", "unknown"] {
        assert_eq!(client.current("GET", "/permissions?resource_id=biz_sandbox").key(key).send().status, 401, "{key}");
    }
    let answer = client.current("GET", "/permissions").key("full").send();
    assert_eq!((answer.status, &answer.json()["data"]), (400, &json!(null)));
}
