//! The lines of the screen, and what may not be in them.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::time;
use crate::exit::Failure;
use crate::{masking, output};

/// What was found out, in the order of the steps.
pub(super) struct Report {
    lines: Vec<Line>,
    /// Struck out wherever it stands.
    secret: Option<SecretString>,
}

#[derive(Debug, Serialize)]
struct Line {
    level: Level,
    subject: &'static str,
    fact: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Warn,
    Fail,
    /// Not looked at, or of no consequence.
    Note,
}

/// The whole report for scripts.
#[derive(Serialize)]
struct JsonReport<'a> {
    program: &'static str,
    version: &'static str,
    system: String,
    time: String,
    lines: &'a [Line],
    failed: usize,
    warned: usize,
}

impl Report {
    pub fn new(secret: Option<&SecretString>) -> Self {
        let secret = secret.map(|key| SecretString::from(key.expose_secret().trim()));
        Self { lines: Vec::new(), secret: secret.filter(|key| !key.expose_secret().is_empty()) }
    }

    pub fn ok(&mut self, subject: &'static str, fact: impl AsRef<str>) {
        self.add(Level::Ok, subject, fact.as_ref(), None);
    }

    pub fn note(&mut self, subject: &'static str, fact: impl AsRef<str>) {
        self.add(Level::Note, subject, fact.as_ref(), None);
    }

    pub fn warn(&mut self, subject: &'static str, fact: impl AsRef<str>, advice: impl AsRef<str>) {
        self.add(Level::Warn, subject, fact.as_ref(), Some(advice.as_ref()));
    }

    pub fn fail(&mut self, subject: &'static str, fact: impl AsRef<str>, advice: impl AsRef<str>) {
        self.add(Level::Fail, subject, fact.as_ref(), Some(advice.as_ref()));
    }

    fn add(&mut self, level: Level, subject: &'static str, fact: &str, advice: Option<&str>) {
        let (fact, advice) = (self.clean(fact), advice.map(|advice| self.clean(advice)));
        self.lines.push(Line { level, subject, fact, advice });
    }

    /// Without the API key and what looks like one, the name of the user in a path, and control characters.
    fn clean(&self, text: &str) -> String {
        let text = output::without_home(&output::visible(&masking::without_api_keys(text)));
        match &self.secret {
            Some(secret) => text.replace(secret.expose_secret(), "…"),
            None => text,
        }
    }

    pub fn has_failed(&self) -> bool {
        self.count(Level::Fail) > 0
    }

    fn count(&self, level: Level) -> usize {
        self.lines.iter().filter(|line| line.level == level).count()
    }

    /// Prints everything.
    pub fn tell(&self, as_json: bool) -> Result<(), Failure> {
        let (failed, warned) = (self.count(Level::Fail), self.count(Level::Warn));
        let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
        let time = time::in_words(time::now());
        let (program, version) = ("whop-license doctor", env!("CARGO_PKG_VERSION"));
        if as_json {
            return output::json(&JsonReport { program, version, system, time, lines: &self.lines, failed, warned });
        }
        output::line(format_args!("{program} {version}, {system}, {time}"))?;
        for Line { level, subject, fact, advice } in &self.lines {
            output::line(format_args!("{:4}  {subject:<12} {fact}", level.word()))?;
            if let Some(advice) = advice {
                output::line(format_args!("{:18} -> {advice}", ""))?;
            }
        }
        output::line(format_args!("{failed} failed, {warned} to look at"))
    }
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
            Self::Note => "-",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_key_and_control_characters_are_in_no_line() {
        let mut report = Report::new(Some(&"apik_secret\n".into()));
        report.fail("x", "it said apik_secret\u{7}", "apik_secret");
        let line = &report.lines[0];
        assert_eq!((&*line.fact, line.advice.as_deref()), ("it said …\u{fffd}", Some("…")));
    }
}
