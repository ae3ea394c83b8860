//! One license as Whop's current API keeps it: looked up, listed, and its metadata merged.

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};
use whop_license::Api;

use super::act::{Act, answer};
use super::shape::membership;

#[derive(Clone)]
pub struct Stored {
    license_key: &'static str,
    metadata: Arc<Mutex<Map<String, Value>>>,
}

impl Stored {
    pub fn new(license_key: &'static str, metadata: Value) -> Self {
        let metadata = metadata.as_object().unwrap().clone();
        Self { license_key, metadata: Arc::new(Mutex::new(metadata)) }
    }

    pub fn metadata(&self) -> Value {
        self.metadata.lock().unwrap().clone().into()
    }

    /// Does what is asked, and says so.
    pub fn act(&self) -> Act {
        let stored = self.clone();
        Act::ask(move |request| Act::Send(stored.answer(request)))
    }

    /// Does what is asked, and something else in place of the answer.
    pub fn but(&self, act: Act) -> Act {
        let stored = self.clone();
        Act::ask(move |request| {
            stored.answer(request);
            act.clone()
        })
    }

    /// The membership as it is.
    pub fn shown(&self) -> Value {
        let mut shown = membership(Api::Current, self.license_key);
        shown["metadata"] = self.metadata();
        shown
    }

    pub fn answer(&self, request: &str) -> String {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        if head.contains("/v1/memberships?first=1 ") {
            // The newest of all, which is another one.
            return answer(200, r#"{"data":[{"id":"mem_9","license_key":"ANOTHERS"}]}"#);
        }
        if head.starts_with("PATCH ") {
            let body: Value = serde_json::from_str(body).unwrap();
            let sent = body["metadata"].as_object().unwrap();
            let mut metadata = self.metadata.lock().unwrap();
            // As documented: merged, and an empty object clears all.
            if sent.is_empty() {
                metadata.clear();
            }
            metadata.extend(sent.clone());
        }
        answer(200, &self.shown().to_string())
    }
}
