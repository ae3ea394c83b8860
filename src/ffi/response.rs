//! What came back, for C.

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::ptr;
use std::time::Duration;

use libc::c_char;
use serde_json::Value;

use super::copies::Copies;
use super::guard::guard;
use super::json_text;
use super::status::*;
use super::text::{c_string, text};
use crate::memory::has_room_for_json;
use crate::{Answer, Error, JsonObject, Lookup, Membership, Plan, Verdict};

/// What came back. Never changes.
pub struct Response {
    status: Status,
    message: CString,
    json: Option<CString>,
    http_status: i32,
    retry_after_ms: i64,
    is_offline: bool,
    facts: Facts,
    /// The values of the JSON, each string with a NUL at its end, so that C can borrow it.
    fields: Value,
    /// Parts of the JSON that were asked for.
    texts: Copies,
}

/// What the answer says in whichever API.
#[derive(Default)]
struct Facts {
    membership_id: Option<CString>,
    license_status: Option<CString>,
    product_id: Option<CString>,
    plan_id: Option<CString>,
    expires_at: Option<i64>,
}

/// The JSON as Whop sent it; NULL if there was none. Borrowed. Holds the buyer's data: keep it out of logs.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_json(response: Option<&Response>) -> *const c_char {
    guard(ptr::null(), || response.and_then(|response| response.json.as_deref()).map_or(ptr::null(), CStr::as_ptr))
}

/// One sentence for a person, in English. Borrowed; never NULL, never holds a secret.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_message(response: Option<&Response>) -> *const c_char {
    guard(c"", || response.map_or(c"response: NULL", |response| response.message.as_c_str())).as_ptr()
}

/// The HTTP status of the answer, such as 201; 0 if there was none.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_http_status(response: Option<&Response>) -> i32 {
    guard(0, || response.map_or(0, |response| response.http_status))
}

/// How many milliseconds to wait before the next call; -1 if nothing was said about it.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_retry_after_ms(response: Option<&Response>) -> i64 {
    guard(-1, || response.map_or(-1, |response| response.retry_after_ms))
}

/// Whether the yes is that of a lease which was stored earlier, because the relay gave no answer now: 1 or 0. The message
/// says why, and until when.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_is_offline(response: Option<&Response>) -> i32 {
    guard(0, || response.map_or(0, |response| response.is_offline.into()))
}

/// The id of the membership, "mem_..."; NULL if the answer shows none. Borrowed. This and the next four are read from the
/// fields of whichever API answered.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_membership_id(response: Option<&Response>) -> *const c_char {
    fact(response, |facts| facts.membership_id.as_deref())
}

/// Where the license stands, such as "active" or "canceled"; NULL if the answer does not say. Borrowed. For people: the
/// verdict is the status of the call.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_license_status(response: Option<&Response>) -> *const c_char {
    fact(response, |facts| facts.license_status.as_deref())
}

/// The id of the product that the license or the plan is of, "prod_..."; NULL if the answer does not say. Borrowed.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_product_id(response: Option<&Response>) -> *const c_char {
    fact(response, |facts| facts.product_id.as_deref())
}

/// The id of the plan that was bought or created, "plan_..."; NULL if the answer does not say. Borrowed.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_plan_id(response: Option<&Response>) -> *const c_char {
    fact(response, |facts| facts.plan_id.as_deref())
}

/// When the license ends unless it is renewed, in Unix seconds. 1: found and written; 0: it does not expire, or the answer
/// does not say.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_expires_at(
    response: Option<&Response>,
    unix_seconds: Option<&mut MaybeUninit<i64>>,
) -> i32 {
    guard(0, || write(unix_seconds, response.and_then(|response| response.facts.expires_at)))
}

/// A string of the JSON by its RFC 6901 pointer, such as "/status" or "/account/id"; NULL if there is none there.
/// Borrowed.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_string(response: Option<&Response>, pointer: *const c_char) -> *const c_char {
    guard(ptr::null(), || field(response, pointer).and_then(string).map_or(ptr::null(), CStr::as_ptr))
}

/// A whole number of the JSON, such as "/member_count". 1: found and written; 0: none there.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_integer(
    response: Option<&Response>,
    pointer: *const c_char,
    value: Option<&mut MaybeUninit<i64>>,
) -> i32 {
    guard(0, || write(value, field(response, pointer).and_then(Value::as_i64)))
}

/// A number of the JSON, also one that Whop sends as a string, such as the price "19.99". 1: found and written;
/// 0: none there.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_number(
    response: Option<&Response>,
    pointer: *const c_char,
    value: Option<&mut MaybeUninit<f64>>,
) -> i32 {
    guard(0, || write(value, field(response, pointer).and_then(number)))
}

/// A boolean of the JSON: 1 is written for true, 0 for false. 1: found and written; 0: none there.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_boolean(
    response: Option<&Response>,
    pointer: *const c_char,
    value: Option<&mut MaybeUninit<i32>>,
) -> i32 {
    guard(0, || write(value, field(response, pointer).and_then(Value::as_bool).map(i32::from)))
}

/// How many items an array of the JSON has, or how many members an object: "/data", or "" for the whole. -1: there is
/// neither.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_count(response: Option<&Response>, pointer: *const c_char) -> i64 {
    guard(-1, || field(response, pointer).and_then(count).unwrap_or(-1))
}

/// The JSON text of whatever is at a pointer, byte for byte as it was sent: a whole object such as "/metadata", or a number of
/// more digits than a double holds; NULL if there is nothing. Borrowed. Each text is copied once, and kept.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_text(response: Option<&Response>, pointer: *const c_char) -> *const c_char {
    guard(ptr::null(), || response.and_then(|response| response.text(path(pointer)?)).map_or(ptr::null(), CStr::as_ptr))
}

/// Frees the response and all that was borrowed from it.
#[unsafe(no_mangle)]
pub extern "C" fn whop_response_free(response: Option<Box<Response>>) {
    guard((), || drop(response));
}

/// The shape of every call: the out-parameter is NULL first, and holds a response after every status but a bug's.
pub(super) fn respond(
    out: Option<&mut MaybeUninit<*mut Response>>,
    call: impl FnOnce() -> Result<Response, Error>,
) -> Status {
    let out = out.map(|out| out.write(ptr::null_mut()));
    guard(WHOP_INTERNAL_ERROR, || {
        let response = call().unwrap_or_else(Response::from);
        let status = response.status;
        if let Some(out) = out {
            *out = Box::into_raw(Box::new(response));
        }
        status
    })
}

impl Response {
    /// Of an outcome, and the answer in it.
    fn of<T>(
        status: Status,
        message: impl ToString,
        retry_after: Option<Duration>,
        outcome: T,
        answer: impl FnOnce(&T) -> Option<&Answer>,
    ) -> Self {
        let answer = answer(&outcome).cloned().unwrap_or_default();
        // Then the values have one owner, and need not be copied.
        drop(outcome);
        let json = answer.json().map(|json| c_string(&json));
        Self {
            status,
            message: c_string(&message),
            http_status: answer.http_status().into(),
            retry_after_ms: retry_after.and_then(|wait| wait.as_millis().try_into().ok()).unwrap_or(-1),
            is_offline: answer.is_offline(),
            facts: Facts::default(),
            fields: answer.into_value().map(terminated).unwrap_or_default(),
            json,
            texts: Copies::default(),
        }
    }

    /// None where nothing is, and without memory for it.
    fn text(&self, pointer: &str) -> Option<&CStr> {
        let json = self.json.as_deref()?.to_str().ok()?;
        if !has_room_for_json(json.len()) {
            return None;
        }
        let text = json_text::at(json, pointer)?;
        self.texts.copy(text.as_ptr() as usize - json.as_ptr() as usize, text)
    }

    fn with(self, facts: Facts) -> Self {
        Self { facts, ..self }
    }

    /// What is said of a call that is not done yet.
    pub(super) fn pending() -> Self {
        Self::of(WHOP_PENDING, "The call is not done yet.", None, (), |()| None)
    }
}

impl From<Verdict> for Response {
    fn from(verdict: Verdict) -> Self {
        let status = match verdict {
            Verdict::Allowed(_) => WHOP_OK,
            Verdict::NotFound(_) => WHOP_LICENSE_NOT_FOUND,
            Verdict::Inactive(_) => WHOP_LICENSE_INACTIVE,
            Verdict::DeviceMismatch(_) => WHOP_DEVICE_MISMATCH,
            Verdict::ProductMismatch(_) => WHOP_PRODUCT_MISMATCH,
        };
        let facts = verdict.membership().map(Facts::from).unwrap_or_default();
        let retry_after = verdict.answer().retry_after();
        Self::of(status, verdict.to_string(), retry_after, verdict, |verdict| Some(verdict.answer())).with(facts)
    }
}

impl From<Plan> for Response {
    fn from(plan: Plan) -> Self {
        let facts = Facts {
            product_id: plan.product_id().and_then(|id| CString::new(id).ok()),
            plan_id: CString::new(plan.id()).ok(),
            ..Facts::default()
        };
        let retry_after = plan.answer().retry_after();
        Self::of(WHOP_OK, "The plan is created.", retry_after, plan, |plan| Some(plan.answer())).with(facts)
    }
}

impl From<Lookup> for Response {
    fn from(reset: Lookup) -> Self {
        match reset {
            Lookup::NotFound(answer) => Verdict::NotFound(answer).into(),
            Lookup::Found(membership) => {
                let message = "The device is free: nothing is stored under the metadata key.";
                let facts = Facts::from(&*membership);
                Self::of(WHOP_OK, message, None, membership, |membership| Some(membership.answer())).with(facts)
            }
        }
    }
}

impl From<&Membership> for Facts {
    fn from(membership: &Membership) -> Self {
        // What C would cut is not given.
        let text = |text: Option<&str>| CString::new(text?).ok();
        Self {
            membership_id: text(membership.id()),
            license_status: text(membership.status()),
            product_id: text(membership.product_id()),
            plan_id: text(membership.plan_id()),
            expires_at: membership.expires_at(),
        }
    }
}

impl From<Error> for Response {
    fn from(error: Error) -> Self {
        Self::of(status_of(&error), error.to_string(), error.retry_after(), error, Error::answer)
    }
}

pub(super) fn status_of(error: &Error) -> Status {
    match error {
        Error::InvalidArgument { .. } => WHOP_INVALID_ARGUMENT,
        Error::Unauthorized(_) => WHOP_UNAUTHORIZED,
        Error::Forbidden { .. } => WHOP_FORBIDDEN,
        Error::Rejected { .. } => WHOP_REJECTED,
        Error::Unreachable { .. } => WHOP_UNREACHABLE,
        Error::NoAnswer { .. } | Error::HalfReset { .. } => WHOP_NO_ANSWER,
        Error::RateLimited { .. } => WHOP_RATE_LIMITED,
        Error::ServerError(_) => WHOP_SERVER_ERROR,
        Error::BadResponse { .. } => WHOP_BAD_RESPONSE,
        Error::NoDeviceId => WHOP_NO_DEVICE_ID,
        Error::Canceled => WHOP_CANCELED,
        Error::Untrusted { .. } => WHOP_UNTRUSTED,
        Error::Relay { cause, .. } => status_of(cause),
    }
}

/// The same values, each string with a NUL at its end.
fn terminated(mut value: Value) -> Value {
    terminate(&mut value);
    value
}

fn terminate(value: &mut Value) {
    match value {
        Value::String(text) => text.push('\0'),
        Value::Array(items) => items.iter_mut().for_each(terminate),
        Value::Object(fields) => fields.values_mut().for_each(terminate),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn fact(response: Option<&Response>, read: impl Fn(&Facts) -> Option<&CStr>) -> *const c_char {
    guard(ptr::null(), || response.and_then(|response| read(&response.facts)).map_or(ptr::null(), CStr::as_ptr))
}

fn field(response: Option<&Response>, pointer: *const c_char) -> Option<&Value> {
    response?.fields.pointer(path(pointer)?)
}

/// None without memory for it: each part is copied.
fn path<'a>(pointer: *const c_char) -> Option<&'a str> {
    // SAFETY: the contract of the header: NULL, or a string that lasts until the call returns.
    let pointer = unsafe { text("pointer", pointer) }.ok()?;
    has_room_for_json(pointer.len()).then_some(pointer)
}

fn count(value: &Value) -> Option<i64> {
    let count = value.as_array().map(Vec::len).or_else(|| value.as_object().map(JsonObject::len))?;
    count.try_into().ok()
}

/// A string that C can hold: one with a NUL of its own would be cut.
fn string(value: &Value) -> Option<&CStr> {
    CStr::from_bytes_with_nul(value.as_str()?.as_bytes()).ok()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| string(value)?.to_str().ok()?.parse().ok()).filter(|number: &f64| number.is_finite())
}

fn write<T>(out: Option<&mut MaybeUninit<T>>, value: Option<T>) -> i32 {
    let (Some(out), Some(value)) = (out, value) else { return 0 };
    out.write(value);
    1
}

#[cfg(test)]
mod tests {
    use super::super::status::whop_status_message;
    use super::*;

    #[test]
    fn panic_in_a_call_is_an_internal_error_and_the_next_call_works() {
        let mut out = MaybeUninit::uninit();
        assert_eq!(respond(Some(&mut out), || panic!("a bug")), WHOP_INTERNAL_ERROR);
        // SAFETY: respond has written it.
        assert!(unsafe { out.assume_init() }.is_null());
        assert_eq!(respond(None, || Ok(Plan::default().into())), WHOP_OK);
    }

    #[test]
    fn message_of_a_denial_is_that_of_its_status() {
        for verdict in [
            Verdict::NotFound(Answer::default()),
            Verdict::Inactive(Box::default()),
            Verdict::DeviceMismatch(Box::default()),
            Verdict::ProductMismatch(Box::default()),
        ] {
            let response = Response::from(verdict);
            // SAFETY: the messages are static.
            let message = unsafe { CStr::from_ptr(whop_status_message(response.status)) };
            assert_eq!(response.message.as_c_str(), message);
        }
    }

    #[test]
    fn string_that_c_would_cut_is_not_given() {
        let mut fields = serde_json::json!({"good": "a", "cut": "a\0b", "price": "19.99", "word": "x"});
        terminate(&mut fields);
        let get = |name: &str| fields.get(name).unwrap();
        assert_eq!(string(get("good")), Some(c"a"));
        assert_eq!(string(get("cut")), None);
        assert_eq!(number(get("price")), Some(19.99));
        assert_eq!(number(get("word")), None);
    }
}
