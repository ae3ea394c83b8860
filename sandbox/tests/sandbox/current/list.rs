use serde_json::{Value, json};

use crate::client::{Answer, Client};

fn list(client: &Client, query: &str) -> Answer {
    client.current("GET", &format!("/memberships?{query}")).send()
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[test]
fn the_newest_come_first_and_a_page_says_how_it_goes_on() {
    let client = Client::new();
    let bought = client.post("/sandbox/purchases", json!({ "plan": "plan_sandbox" })).json()["membership"].clone();

    let first = list(&client, "first=1").json();
    assert_eq!(first["data"][0]["id"], bought);
    assert_eq!(first["page_info"]["end_cursor"], bought);
    assert_eq!([&first["page_info"]["has_next_page"], &first["page_info"]["has_previous_page"]], [true, false]);
}

#[test]
fn every_membership_is_on_some_page_once() {
    let client = Client::new();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = list(&client, &format!("first=5{after}")).json();
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        if page["page_info"]["has_next_page"] == false {
            break;
        }
        after = format!("&after={}", page["page_info"]["end_cursor"].as_str().unwrap());
    }

    let all = list(&client, "first=100").json();
    assert_eq!(seen, ids(&all));
    assert_eq!(seen.len(), whop_sandbox::LICENSE_KEYS.len());
    let backwards = list(&client, &format!("last=2&before={}", seen[5])).json();
    assert_eq!(ids(&backwards), seen[3..5]);
    assert_eq!(ids(&list(&client, "last=2").json()), seen[seen.len() - 2..]);
}

#[test]
fn there_is_no_filter_by_license_key() {
    let client = Client::new();

    assert_eq!(list(&client, "first=3&license_key=SANDBOX-ACTIVE").json(), list(&client, "first=3").json());
}

#[test]
fn a_count_or_cursor_that_is_none_is_refused() {
    let client = Client::new();
    for query in ["first=0", "first=101", "first=x", "last=-1", "after=mem_x", "before="] {
        let (status, kind, _) = list(&client, query).error();
        assert_eq!((status, &*kind), (400, "invalid_request_error"), "{query}");
    }
}

#[test]
fn an_empty_license_key_asks_for_the_list() {
    let answer = Client::new().current("GET", "/memberships/").send();

    assert_eq!(answer.status, 200);
    assert!(answer.json()["data"].is_array() && answer.json().get("license_key").is_none());
}

#[test]
fn what_goes_wrong_with_one_membership_leaves_the_list_alone() {
    let client = Client::new();
    assert_eq!(list(&client, "first=100").status, 200);
    assert_eq!(client.current("GET", "/memberships/SANDBOX-503-ONCE").send().status, 503);
}
