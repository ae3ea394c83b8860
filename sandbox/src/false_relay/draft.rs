//! A lease on its way from its claims to the answer that it comes in, each step of which a case can change.

use super::answer::Answer;
use super::keys::{Key, encoded};
use super::members::Members;
use super::question::Question;

/// What a good relay would say, before a case has changed it.
pub struct Draft {
    pub question: Question,
    pub header: Members,
    pub claims: Members,
    /// From the texts of header and claims to the bytes that are encoded.
    pub header_bytes: fn(String) -> Vec<u8>,
    pub claims_bytes: fn(String) -> Vec<u8>,
    /// From both parts, encoded, to the bytes that are signed.
    pub parts: fn(String) -> String,
    pub sign: fn(&str) -> Vec<u8>,
    pub token: Box<dyn Fn(String) -> String>,
    pub http_status: u16,
    pub answer: fn(Answer) -> Answer,
    /// What was said to an earlier call, if there was one.
    pub earlier: Option<String>,
}

impl Draft {
    pub fn new(question: Question) -> Self {
        let mut header = Members::default();
        header.set_text("alg", "EdDSA");
        header.set_text("typ", "whop-lease+jwt");
        header.set_text("kid", &Key::Trusted.id());
        Self {
            header,
            claims: claims(&question),
            header_bytes: String::into_bytes,
            claims_bytes: String::into_bytes,
            parts: |parts| parts,
            sign: |parts| Key::Trusted.sign(parts.as_bytes()),
            token: Box::new(|token| token),
            http_status: 201,
            answer: |answer| answer,
            earlier: None,
            question,
        }
    }

    /// In place of a membership, the reason why there is none.
    pub fn deny(&mut self, http_status: u16, reason: &str) {
        self.http_status = http_status;
        self.claims.retain(&OF_EVERY_LEASE);
        self.claims.add_first("reason", super::members::quoted(reason));
    }

    pub fn token(&self) -> String {
        let header = (self.header_bytes)(self.header.to_string());
        let claims = (self.claims_bytes)(self.claims.to_string());
        let parts = (self.parts)(format!("{}.{}", encoded(&header), encoded(&claims)));
        let signature = (self.sign)(&parts);
        (self.token)(format!("{parts}.{}", encoded(&signature)))
    }

    /// The answer. What stands beside the lease says yes, whatever the lease says.
    pub fn answer(&self) -> Answer {
        (self.answer)(Answer::with(self.http_status, self.token()))
    }
}

fn claims(question: &Question) -> Members {
    let mut claims = Members::default();
    claims.set_text("id", "mem_active");
    claims.set("valid", "true");
    claims.set_text("status", "active");
    claims.set_text("product", &question.product);
    claims.set_text("plan", "plan_sandbox");
    claims.set("expires_at", (question.now + 30 * DAY).to_string());
    claims.set("cancel_at_period_end", "false");
    claims.set_text("key_sha256", &question.key_sha256());
    claims.set_text("device_sha256", &question.device_sha256());
    claims.set_text("nonce", &question.nonce);
    claims.set("iat", question.now.to_string());
    claims.set("exp", (question.now + 3 * DAY).to_string());
    claims
}

const OF_EVERY_LEASE: [&str; 5] = ["key_sha256", "device_sha256", "nonce", "iat", "exp"];
pub const DAY: i64 = 24 * 60 * 60;
