//! What an error answer says about a license.
//!
//! A no needs as much proof as a yes: a gateway, a moved API or a revoked API key answers every customer alike. So a
//! message counts only when each of its words is one that Whop would use to say this and nothing else.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::answer::Answer;
use crate::error::Error;
use crate::model::JsonObject;

/// Whether a 404 says that there is no such license, and not that something else is not there.
pub(crate) fn says_not_there(answer: &Answer, license_key: &str) -> bool {
    is_of_kind(answer)
        && known_message(answer, license_key, NOT_THERE_WORDS).is_some_and(|said| {
            let holds = |phrase: &&str| said.contains(phrase);
            [" license ", " membership "].iter().any(holds) && NOT_THERE.iter().any(holds)
        })
}

/// Whether a 400 says that the license is bound to another device.
pub(crate) fn says_other_device(answer: &Answer, license_key: &str) -> bool {
    known_message(answer, license_key, OTHER_DEVICE_WORDS).is_some_and(|said| said.contains(" reset your key "))
}

/// What an answer of API v2 means that is none of its own: it has been retired, or something else stands at the address.
pub(crate) fn retired(answer: Answer) -> Error {
    let status = answer.http_status();
    Error::bad_response(
        format!("Whop has retired API v2: use the current API, or check base URL and API key ({status})"),
        answer,
    )
}

/// Whether an answer says that there is no such route, and not that the request is wrong or names what is not there.
pub(crate) fn says_route_is_gone(answer: &Answer) -> bool {
    match answer.http_status() {
        410 => true,
        404 => !names_an_object(answer),
        _ => false,
    }
}

/// Whether a message is about one of the things that a plan refers to.
fn names_an_object(answer: &Answer) -> bool {
    let said = words(answer.message().unwrap_or_default());
    said.iter().any(|word| ["product", "plan", "account", "company", "pass"].contains(&&**word))
}

/// The one message of the error without the license key, if all of its words are known.
fn known_message(answer: &Answer, license_key: &str, known: &str) -> Option<String> {
    let body = answer.fields().ok()?;
    let is_success = body.get("success") == Some(&Value::Bool(true));
    let inner = body.get("error").and_then(|error| error.get("message"));
    let mut messages = [inner, body.get("message")].into_iter().flatten().filter(|message| !message.is_null());
    let (Some(Value::String(message)), None) = (messages.next(), messages.next()) else { return None };
    if is_success || message.len() > MAX_MESSAGE || !agrees(body, answer.http_status()) {
        return None;
    }
    let said = strike(message, license_key);
    said.split_whitespace().all(|word| word == KEY || is_among(word, known)).then_some(said)
}

/// Whether the kind of error that the answer gives, if it gives one, is that something is not there.
fn is_of_kind(answer: &Answer) -> bool {
    let Ok(body) = answer.fields() else { return true };
    let given = [Some(body), body.get("error").and_then(Value::as_object)].into_iter().flatten();
    let kinds = given.flat_map(|error| ["type", "code"].map(|name| error.get(name)?.as_str())).flatten();
    let words = kinds.flat_map(|kind| words(&kind.replace('_', " ")));
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    words.into_iter().all(|word| is_number(&word) || is_among(&word, NOT_THERE_WORDS))
}

fn is_among(word: &str, known: &str) -> bool {
    known.split(' ').any(|known| known == word)
}

/// Whether each status that the error gives, as a number or in digits, is that of the answer.
fn agrees(body: &JsonObject, http_status: u16) -> bool {
    let given = [Some(body), body.get("error").and_then(Value::as_object)].into_iter().flatten();
    let given = given.flat_map(|error| ["status", "statusCode", "code"].map(|name| error.get(name)));
    given.flatten().all(|status| match status {
        Value::Number(number) => number.as_u64() == Some(http_status.into()),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => *text == http_status.to_string(),
        _ => true,
    })
}

/// The words of a message, each between two spaces, with a mark in place of the license key.
fn strike(message: &str, license_key: &str) -> String {
    let (said, key) = (words(message).join("  "), words(license_key).join("  "));
    let said = format!(" {said} ");
    let said = if key.is_empty() { said } else { said.replace(&format!(" {key} "), &format!(" {KEY} ")) };
    said.replace("  ", " ")
}

/// A text's words in lower case, however they are encoded and set apart. A path is one word, which nobody knows.
fn words(text: &str) -> Vec<String> {
    let text = percent_decode_str(text).decode_utf8_lossy().to_lowercase().replace(['\'', '’'], "");
    let words = text.split(|c: char| !c.is_alphanumeric() && !"_/".contains(c));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Stands for the license key. Part of no word.
const KEY: &str = "…";
/// Longer than any message of Whop's with the longest license key in it.
const MAX_MESSAGE: usize = 8 * 1024;

const NOT_THERE: [&str; 14] = [
    " no such ",
    " no license found ",
    " no license key found ",
    " no membership found ",
    " not found ",
    " not be found ",
    " not find ",
    " cannot find ",
    " couldnt find ",
    " couldnt be found ",
    " not exist ",
    " doesnt exist ",
    " unknown license ",
    " unknown membership ",
];
/// No route, endpoint, version, plan, user or API is among them, nor whose license it is.
const NOT_THERE_WORDS: &str = "a an any be by cannot could couldnt did does doesnt exist find for found given id is key \
    license matching membership no not of provided such that the there this unknown was we with";
/// No token, secret, API or account is among them, nor what became of it.
const OTHER_DEVICE_WORDS: &str = "a already an another before bound can computer device different first in is it key \
    license machine new on please reset the then this to use your";
