use serde_json::json;
use whop_sandbox::{Options, Retired, V2};

use crate::client::{Answer, Client};

const LINK: &str = "<https://api.whop.com/api/v1>; rel=\"successor-version\", \
                    <https://docs.whop.com/developer/api/migrate-from-v2>; rel=\"deprecation\"";

fn farewell(answer: &Answer) -> [Option<&str>; 3] {
    ["deprecation", "link", "sunset"].map(|name| answer.header(name))
}

#[test]
fn every_answer_says_that_v2_is_going() {
    let client = Client::new();
    let told = [Some("@1791417600"), Some(LINK), Some("Fri, 13 Nov 2026 00:00:00 GMT")];

    assert_eq!(farewell(&client.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" }))), told);
    assert_eq!(farewell(&client.validate("nobody", json!({}))), told);
    for path in ["/api/v2/plans/plan_sandbox", "/api/v2/plans", "/api/v2/nowhere"] {
        assert_eq!(farewell(&client.get(path)), told, "{path}");
    }
    let stranger = client.ask("GET", "/api/v2/plans/plan_sandbox").key("other").send();
    assert_eq!((stranger.status, farewell(&stranger)), (401, told));
    assert_eq!(farewell(&client.current("GET", "/plans/plan_sandbox").send()), [None; 3]);
}

fn retired(shape: Retired) -> Client {
    Client::with(Options { v2: V2::Retired(shape), ..Options::default() })
}

#[test]
fn a_retired_v2_answers_every_path_and_key_alike() {
    for (shape, status, location) in [
        (Retired::Gone, 410, None),
        (Retired::NotFound, 404, None),
        (Retired::Html, 404, None),
        (Retired::Redirect, 301, Some("/")),
    ] {
        let client = retired(shape);
        for answer in [
            client.validate("SANDBOX-ACTIVE", json!({ "hwid": "a" })),
            client.validate("nobody", json!({})),
            client.get("/api/v2/memberships/mem_active"),
            client.post("/api/v2/plans", json!({ "product_id": "prod_sandbox" })),
            client.ask("GET", "/api/v2/plans/plan_sandbox").key("other").send(),
            client.get("/api/v2"),
        ] {
            assert_eq!((answer.status, answer.header("location")), (status, location), "{shape:?}");
        }
        let requests = client.sandbox.requests();
        assert!(requests.iter().all(|request| request.status == status), "{requests:?}");
    }
}

#[test]
fn each_way_of_being_retired_has_its_body() {
    let answer = |shape| retired(shape).get("/api/v2/plans/plan_sandbox");

    assert_eq!(answer(Retired::Gone).json()["error"]["type"], "gone");
    assert_eq!(answer(Retired::NotFound).json(), json!({ "status": 404, "error": "Not Found" }));
    let page = answer(Retired::Html);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(page.text.starts_with("<!doctype html>"));
    assert_eq!(answer(Retired::Redirect).text, "");
}

#[test]
fn the_current_api_the_page_and_purchases_outlive_v2() {
    let client = retired(Retired::Gone);

    let bought = client.post("/sandbox/purchases", json!({ "plan": "plan_sandbox" })).json();
    let key = bought["license_key"].as_str().unwrap();
    assert_eq!(client.current("GET", &format!("/memberships/{key}")).send().status, 200);
    assert_eq!(client.get("/").status, 200);
}
