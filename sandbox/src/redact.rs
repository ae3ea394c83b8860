//! What people may see of a request: license keys, API keys, metadata and the buyer's own data are cut short.

use serde_json::Value;

/// As much of a body as is shown.
const SHOWN: usize = 4000;
const SECRET: [&str; 5] = ["license_key", "email", "phone_number", "username", "manage_url"];

/// A body as it may be shown: indented where it is JSON, with these texts cut short wherever they stand.
pub fn body(bytes: &[u8], secrets: &[&str]) -> String {
    let text = match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => {
            strike(&mut value, false);
            format!("{value:#}")
        }
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    let struck = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text, |text, secret| text.replace(secret, &short(secret)));
    match struck.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", struck.get(..end).unwrap_or_default()),
        None => struck,
    }
}

/// The first characters, if they do not tell too much.
pub fn short(secret: &str) -> String {
    let begin: String = secret.chars().take(4).collect();
    if secret.chars().count() < 8 { "…".to_owned() } else { format!("{begin}…") }
}

/// What the sandbox has made itself is no secret.
pub fn is_ours(id: &str) -> bool {
    ["SANDBOX-", "mem_", "plan_"].iter().any(|begin| id.starts_with(begin))
}

/// A path with the license key in it cut short.
pub fn path(path: &str) -> String {
    let (before, query) = path.split_once('?').map_or((path, None), |(before, query)| (before, Some(query)));
    let short_key =
        |(place, segment): (usize, &str)| match place == 4 && before.starts_with("/api/") && !is_ours(segment) {
            true => short(segment),
            false => segment.to_owned(),
        };
    let segments: Vec<String> = before.split('/').enumerate().map(short_key).collect();
    query.map_or_else(|| segments.join("/"), |query| format!("{}?{query}", segments.join("/")))
}

fn strike(value: &mut Value, secret: bool) {
    match value {
        Value::String(text) if secret => *text = short(text),
        Value::Number(_) | Value::Bool(_) if secret => *value = "…".into(),
        Value::Array(items) => items.iter_mut().for_each(|item| strike(item, secret)),
        Value::Object(fields) => {
            for (name, value) in fields {
                strike(value, secret || name == "metadata" || SECRET.contains(&name.as_str()));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_metadata_and_the_buyers_data_are_cut_short_at_any_depth() {
        let sent = br#"{"data":[{"license_key":"KLINE-8FFK3-SD83K","email":"a@b.example","metadata":{"hwid":"0123456789","n":[17]}}]}"#;
        let shown = body(sent, &[]);

        for hidden in ["8FFK3", "b.example", "456789", "17"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        assert!(shown.contains("KLIN…") && shown.contains("0123…") && shown.contains("hwid"), "{shown}");
    }

    #[test]
    fn told_secrets_are_cut_short_wherever_they_stand() {
        assert_eq!(body(b"no membership: KLINE-8FFK3", &["KLINE-8FFK3", ""]), "no membership: KLIN…");
        assert_eq!(body(b"\xff short", &["short"]), "\u{fffd} …");
    }

    #[test]
    fn a_long_body_ends_early() {
        assert_eq!(body("ä".repeat(5000).as_bytes(), &[]).chars().count(), SHOWN + 2);
    }

    #[test]
    fn a_path_shows_what_the_sandbox_made_and_no_other_license_key() {
        for (asked, shown) in [
            (
                "/api/v2/memberships/SANDBOX-ACTIVE/validate_license?expand=plan",
                "/api/v2/memberships/SANDBOX-ACTIVE/validate_license?expand=plan",
            ),
            ("/api/v1/memberships/KLINE-8FFK3", "/api/v1/memberships/KLIN…"),
            ("/api/v1/memberships?first=1", "/api/v1/memberships?first=1"),
            ("/api/v1/plans/plan_1/", "/api/v1/plans/plan_1/"),
            ("/nowhere/a/b/c-is-long", "/nowhere/a/b/c-is-long"),
        ] {
            assert_eq!(path(asked), shown);
        }
    }
}
