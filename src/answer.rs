//! What came back: the HTTP status, the JSON, and Whop's message from whichever place it is in.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::memory::has_room_for_json;
use crate::model::JsonObject;
use crate::redact;
use crate::tree::Tree;

/// An answer as it came over the wire. Its `Debug` shows the HTTP status alone: the body holds the buyer's data.
#[derive(Clone, Default)]
pub struct Answer {
    http_status: u16,
    retry_after: Option<Duration>,
    date: Option<SystemTime>,
    /// Whether it is a stored one.
    is_offline: bool,
    /// What else is to be said of it.
    remark: Option<Box<str>>,
    body: Arc<str>,
    /// None for what is not JSON, or would take too much memory.
    tree: Option<Arc<Tree>>,
}

impl Answer {
    pub(crate) fn new(http_status: u16, retry_after: Option<Duration>, body: Vec<u8>) -> Self {
        match String::from_utf8(body) {
            Ok(body) => {
                let tree = Tree::of(&body).map(Arc::new);
                Self { http_status, retry_after, tree, body: body.into(), ..Self::default() }
            }
            // What is no JSON either: its beginning tells a page from a reason.
            Err(bytes) => {
                let beginning = bytes.as_bytes().trim_ascii_start().iter().copied().take(BEGINNING).collect::<Vec<_>>();
                let body = String::from_utf8_lossy(&beginning).into();
                Self { http_status, retry_after, body, ..Self::default() }
            }
        }
    }

    /// What a relay has signed.
    pub(crate) fn signed(http_status: u16, (body, tree): (Arc<str>, Arc<Tree>)) -> Self {
        Self { http_status, body, tree: Some(tree), ..Self::default() }
    }

    /// The same, kept from an earlier call.
    pub(crate) fn stored(said: (Arc<str>, Arc<Tree>)) -> Self {
        Self { is_offline: true, ..Self::signed(0, said) }
    }

    pub(crate) fn dated(self, date: Option<SystemTime>) -> Self {
        Self { date, ..self }
    }

    pub(crate) fn set_remark(&mut self, remark: String) {
        self.remark = Some(remark.into());
    }

    pub(crate) fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// Whether it did not come over the network now, but from a lease that was stored.
    pub fn is_offline(&self) -> bool {
        self.is_offline
    }

    /// The same without what it says, so that nobody reads a yes out of what is not signed.
    pub(crate) fn without_body(self) -> Self {
        Self { body: Arc::default(), tree: None, ..self }
    }

    /// The same without anything but its status: what it says and asks is not signed.
    pub(crate) fn status_alone(&self) -> Self {
        Self { http_status: self.http_status, ..Self::default() }
    }

    /// The HTTP status code; 0 for an answer that was stored.
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// The body byte for byte, if it is JSON.
    pub fn json(&self) -> Option<&str> {
        self.tree.is_some().then_some(&self.body)
    }

    /// The body parsed, if it is JSON: a copy with each call.
    pub fn value(&self) -> Option<Value> {
        self.tree.as_ref().map(|tree| tree.value.clone())
    }

    /// The same without a copy, where there is no clone of the answer. None also without memory for a copy.
    pub fn into_value(self) -> Option<Value> {
        match Arc::try_unwrap(self.tree?) {
            Ok(tree) => Some(tree.value),
            Err(shared) => has_room_for_json(self.body.len()).then(|| shared.value.clone()),
        }
    }

    /// How long Whop asks to wait, from the `Retry-After` header.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What time it was at the server, from the `Date` header.
    pub fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// How long to wait, from the header or else from the message: "Try again in 12 seconds."
    pub(crate) fn asked_wait(&self) -> Option<Duration> {
        self.retry_after.or_else(|| {
            let message = self.message()?.to_lowercase();
            message.split(" in ").skip(1).find_map(wait)
        })
    }

    pub(crate) fn is_html(&self) -> bool {
        self.body.trim_start_matches('\u{feff}').trim_start().starts_with('<')
    }

    /// What is wrong with an answer that is a web page.
    pub(crate) fn page(&self, url: &str) -> String {
        format!("a web page ({}): a network's login page, or a wrong {url}", self.http_status)
    }

    /// The fields of the body. A field that is given twice is an error, however deep it lies.
    pub(crate) fn fields(&self) -> Result<&JsonObject, String> {
        match self.tree.as_deref() {
            Some(Tree { repeats_a_name: true, .. }) => Err("a field is given twice".into()),
            Some(Tree { value: Value::Object(fields), .. }) => Ok(fields),
            _ if self.is_html() => Err(self.page(BASE_URL)),
            _ => Err("the body is not a JSON object, or one of too many values".into()),
        }
    }

    /// The body as an object of Whop's.
    pub(crate) fn object<T: DeserializeOwned>(&self) -> Result<T, String> {
        // What serde says stays out of the message: it quotes values, which are the buyer's.
        T::deserialize(self.fields()?).map_err(|_| "a field cannot be read".into())
    }

    /// Whop's message in one line, with the `secrets` and e-mail addresses struck out, or a remark in its place.
    pub(crate) fn reason(&self, secrets: &[&str]) -> String {
        // Broken JSON is not shown: the buyer's data may be in it.
        let is_plain = |text: &&str| self.tree.is_none() && !text.is_empty() && !text.contains(['{', '[']);
        let plain_text = Some(self.body.trim()).filter(is_plain);
        let Some(message) = self.message().or(plain_text) else { return "it gave no reason".into() };
        redact::reason(message, secrets)
    }

    /// Whether an object with a status of success calls itself a failure.
    pub(crate) fn is_failure(&self) -> bool {
        let has_error = |sent: &JsonObject| sent.get("error").is_some_and(|error| !error.is_null());
        self.fields().is_ok_and(|sent| has_error(sent) || sent.get("success") == Some(&Value::Bool(false)))
    }

    /// Whop's message from whichever place it is in.
    pub(crate) fn message(&self) -> Option<&str> {
        let sent = self.fields().ok()?;
        let of_error = sent.get("error").and_then(|error| error.get("message")?.as_str());
        of_error.or_else(|| sent.get("message")?.as_str())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("http_status", &self.http_status).finish_non_exhaustive()
    }
}

/// A wait at the beginning of a text: "12 seconds.".
fn wait(text: &str) -> Option<Duration> {
    let mut words = text.split_whitespace();
    let (number, unit) = (words.next()?.parse::<u64>().ok()?, words.next()?);
    let seconds = match unit.trim_end_matches(|c: char| !c.is_alphanumeric()) {
        "second" | "seconds" | "s" => number,
        "minute" | "minutes" => number.saturating_mul(60),
        _ => return None,
    };
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

/// Longer than anything asks for in earnest.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);
/// What leads to Whop.
pub(crate) const BASE_URL: &str = "base URL";
/// More than is looked at of a text that is not JSON, in bytes.
const BEGINNING: usize = 4 * (redact::BEGINNING + 1);

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(body: &str) -> String {
        Answer::new(400, None, body.into()).reason(&["KEY-1", "KEY-1-2"])
    }

    #[test]
    fn message_is_found_in_every_shape_whop_sends() {
        for body in [
            r#"{"error":{"status":"400","message":"no"}}"#,
            r#"{"error":{"status":400,"message":"no"}}"#,
            r#"{"error":{"type":"x","message":"no","code":null,"param":null}}"#,
            r#"{"message":"no"}"#,
            r#"{"success":false,"message":"no","errors":[]}"#,
        ] {
            assert_eq!(reason(body), "no", "{body}");
        }
        assert_eq!(reason(r#"{"errors":[]}"#), "it gave no reason");
        assert_eq!(reason(" Bad Request\n"), "Bad Request");
        for broken in [r#"{"phone":"555""#, "\u{feff}{\"phone\":\"555\"}", r#"error: {"phone":"555"}"#, "[555"] {
            assert_eq!(reason(broken), "it gave no reason");
        }
        assert_eq!(Answer::new(400, None, b"Acc\xe8s refus\xe9".into()).reason(&[]), "Acc\u{fffd}s refus\u{fffd}");
    }

    #[test]
    fn reason_holds_no_secret_no_control_character_and_no_novel() {
        assert_eq!(reason(r#"{"message":"bad\u001b[2J: KEY-1\n"}"#), "bad[2J: …");
        assert_eq!(reason(r#"{"message":"KEY\u0000-1, KEY\u200b-1"}"#), "…, …");
        assert_eq!(reason(r#"{"message":"KEY-1-2, key-1"}"#), "…, …");
        let pasted = Answer::new(400, None, br#"{"message":"no KEY-2"}"#.to_vec());
        assert_eq!(pasted.reason(&["KEY\u{200b}-2"]), "no …");
        assert_eq!(reason(r#"{"message":"not for (user@example.com), sorry"}"#), "not for … sorry");
        assert_eq!(reason(&format!(r#"{{"message":"{}"}}"#, "x".repeat(9_999))).len(), 300);
    }

    #[test]
    fn json_that_would_fill_the_memory_is_not_taken() {
        let array_of =
            |item: &str, times| Answer::new(201, None, format!("[{}{item}]", format!("{item},").repeat(times)).into());
        assert!(array_of(r#""plan_0123456789abc""#, 30_000).json().is_some());
        assert!(array_of("0", 100_000).json().is_none());
        assert!(array_of(r#"{"":0}"#, 10_000).value().is_none());
        assert!(Answer::new(201, None, "[".repeat(100_000).into()).json().is_none());
    }

    #[test]
    fn private_name_of_the_json_library_is_no_other_object() {
        let hidden = br#"{"a":{"$serde_json::private::RawValue":"{\"id\":1}"}}"#;
        assert!(Answer::new(201, None, hidden.to_vec()).object::<Value>().is_err());
    }

    #[test]
    fn web_page_is_known_whatever_its_encoding() {
        for page in ["<html>".as_bytes(), b"\n <p>acc\xe8s", "\u{feff}<html>".as_bytes()] {
            assert!(Answer::new(403, None, page.into()).is_html());
        }
    }

    #[test]
    fn debug_shows_no_body() {
        let answer = Answer::new(201, None, br#"{"email":"user@example.com"}"#.to_vec());
        assert_eq!(format!("{answer:?}"), "Answer { http_status: 201, .. }");
    }
}
