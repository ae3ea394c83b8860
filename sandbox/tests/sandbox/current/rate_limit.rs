use serde_json::json;
use whop_sandbox::Options;

use crate::client::Client;

#[test]
fn each_operation_of_each_key_is_counted_by_itself_and_the_wait_stands_in_the_message() {
    let client = Client::with(Options { current_rate_limit: 2, ..Options::default() });
    let read = |key: &str, id: &str| client.current("GET", &format!("/memberships/{id}")).key(key).send();

    assert_eq!([read("full", "mem_active").status, read("full", "SANDBOX-EXPIRED/").status], [200, 200]);
    let refused = read("full", "mem_completed");
    let (status, kind, message) = refused.error();
    assert_eq!((status, &*kind), (429, "rate_limit_exceeded"));
    let seconds =
        message.strip_prefix("Too many requests. Try again in ").and_then(|rest| rest.strip_suffix(" seconds."));
    assert!((50..=60).contains(&seconds.unwrap().parse().unwrap()), "{message}");
    assert!(!refused.headers.keys().any(|name| name == "retry-after" || name.as_str().contains("ratelimit")));

    assert_eq!(read("read", "mem_active").status, 200);
    assert_eq!(client.patch("mem_active", json!({ "hwid": "a" })).status, 200);
    assert_eq!(client.current("GET", "/memberships?first=1").send().status, 200);
    assert_eq!(client.get("/api/v2/memberships/mem_active").status, 200, "v2 has a limit of its own");
}

#[test]
fn six_hundred_a_minute_are_the_default() {
    let client = Client::new();
    let statuses: Vec<u16> = (0..601).map(|_| client.current("GET", "/plans/plan_sandbox").send().status).collect();

    assert!(statuses[..600].iter().all(|&status| status == 200));
    assert_eq!(statuses[600], 429);
}

#[test]
fn the_limit_is_switched_off_together_with_v2s() {
    let client = Client::with(Options { rate_limit: None, current_rate_limit: 1, ..Options::default() });

    assert!((0..5).all(|_| client.current("GET", "/plans/plan_sandbox").send().status == 200));
}
