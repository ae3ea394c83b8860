//! What people may see of a request: license keys, API keys, metadata and the buyer's own data are cut short.

use serde_json::Value;

/// As much of a body as is shown.
const SHOWN: usize = 4000;
/// What a stored lease is asked for by.
const IN_A_QUERY: [&str; 2] = ["key", "device"];
const SECRET: [&str; 5] = ["license_key", "email", "phone_number", "username", "manage_url"];

/// A body as it may be shown: indented where it is JSON, with these texts cut short wherever they stand. A text of less
/// than four characters stands in too many words.
pub fn body(bytes: &[u8], secrets: &[&str]) -> String {
    let text = match serde_json::from_slice::<Value>(bytes) {
        Ok(mut value) => {
            strike(&mut value, false);
            format!("{value:#}")
        }
        Err(_) => other(&String::from_utf8_lossy(bytes)),
    };
    let struck = secrets
        .iter()
        .filter(|secret| secret.len() >= 4)
        .fold(text, |text, secret| text.replace(secret, &short(secret)));
    match struck.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", struck.get(..end).unwrap_or_default()),
        None => struck,
    }
}

/// Where nothing can be cut out, all of it is.
fn other(text: &str) -> String {
    match SECRET.into_iter().chain(["metadata"]).any(|name| text.contains(name)) {
        true => format!("{} bytes that are no JSON", text.len()),
        false => text.to_owned(),
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

/// A path with the license keys in it cut short.
pub fn path(path: &str) -> String {
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut before = "";
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| {
            let is_key = before == "memberships" && !is_ours(segment) && !segment.is_empty();
            before = segment;
            if is_key { short(segment) } else { segment.to_owned() }
        })
        .collect();
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if SECRET.contains(&name) || IN_A_QUERY.contains(&name) => {
            format!("{name}={}", short(value))
        }
        _ => pair.to_owned(),
    };
    let query = query.map(|query| query.split('&').map(pair).collect::<Vec<_>>().join("&"));
    segments.join("/") + &query.map(|query| format!("?{query}")).unwrap_or_default()
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
        assert_eq!(body(b"no membership: KLINE-8FFK3", &["KLINE-8FFK3", "no"]), "no membership: KLIN…");
        assert_eq!(body(b"\xff short", &["short"]), "\u{fffd} …");
    }

    #[test]
    fn what_is_no_json_is_not_shown_if_it_may_hold_a_secret() {
        assert_eq!(body(br#"{"metadata":{"hwid":"secret""#, &[]), "28 bytes that are no JSON");
        assert_eq!(body(b"Service Unavailable", &[]), "Service Unavailable");
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
            ("/memberships/KLINE-8FFK3/", "/memberships/KLIN…/"),
            ("/api/v1/memberships?license_key=KLINE-8FFK3&x=1", "/api/v1/memberships?license_key=KLIN…&x=1"),
            (
                "/false-relay/good/lease-file?key=KLINE-8FFK3&device=d1",
                "/false-relay/good/lease-file?key=KLIN…&device=…",
            ),
            ("/nowhere/a/b/c-is-long?", "/nowhere/a/b/c-is-long?"),
        ] {
            assert_eq!(path(asked), shown);
        }
    }
}
