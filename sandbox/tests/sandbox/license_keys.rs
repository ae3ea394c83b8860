use serde_json::json;
use whop_sandbox::LICENSE_KEYS;

use crate::client::Client;

#[test]
fn every_key_of_the_table_has_a_membership_that_can_be_read() {
    let client = Client::new();
    for license_key in LICENSE_KEYS {
        let answer = client.get(&format!("/api/v2/memberships/{}", license_key.key));
        assert_eq!((answer.status, &answer.json()["license_key"]), (200, &json!(license_key.key)));
    }
}

#[test]
fn the_readme_has_the_same_table() {
    let readme = include_str!("../../README.md");
    let start = readme.find("| license key | validating it |\n|---|---|\n").unwrap();
    let listed: Vec<&str> = readme[start..].lines().skip(2).take_while(|line| line.starts_with('|')).collect();

    let mut rows: Vec<String> = LICENSE_KEYS.iter().map(|row| format!("| `{}` | {} |", row.key, row.does)).collect();
    rows.push("| anything else | 404 |".to_owned());
    assert_eq!(listed, rows);
}

#[test]
fn the_readme_has_every_api_key() {
    let readme = include_str!("../../README.md");
    for key in whop_sandbox::ApiKey::ALL {
        assert!(readme.contains(&format!("| `{}` | {} |\n", key.text("PORT"), key.may())), "{key:?}");
    }
}
