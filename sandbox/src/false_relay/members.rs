//! A JSON object as text, member by member: it can say what no JSON library would write.

use std::fmt;

/// The members in their order: a name may come twice, and a value may be anything.
#[derive(Debug, Clone, Default)]
pub struct Members(Vec<(String, String)>);

impl Members {
    /// Gives a member this value, which is JSON text, in place of the one that it has.
    pub fn set(&mut self, name: &str, json: impl Into<String>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, value)) => *value = json.into(),
            None => self.add(name, json),
        }
    }

    /// Gives a member a text.
    pub fn set_text(&mut self, name: &str, text: &str) {
        self.set(name, quoted(text));
    }

    /// Puts a member at the end, whether there is one of this name or not.
    pub fn add(&mut self, name: &str, json: impl Into<String>) {
        self.0.push((name.to_owned(), json.into()));
    }

    /// Puts a member before all others.
    pub fn add_first(&mut self, name: &str, json: impl Into<String>) {
        self.0.insert(0, (name.to_owned(), json.into()));
    }

    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| known != name);
    }

    pub fn rename(&mut self, name: &str, other: &str) {
        self.0.iter_mut().filter(|(known, _)| known == name).for_each(|(known, _)| *known = other.to_owned());
    }

    pub fn reverse(&mut self) {
        self.0.reverse();
    }

    /// Leaves these alone.
    pub fn retain(&mut self, names: &[&str]) {
        self.0.retain(|(name, _)| names.contains(&name.as_str()));
    }

    /// The values without their names.
    pub fn values(&self) -> String {
        let values: Vec<_> = self.0.iter().map(|(_, value)| value.as_str()).collect();
        format!("[{}]", values.join(","))
    }
}

/// Names stand as they are, so that a case can write one with escapes.
impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<_> = self.0.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
        write!(f, "{{{}}}", members.join(","))
    }
}

pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
