//! What is said of an answer without a signed one in it. None of its own words: whoever has sent it would speak to the
//! customer in the program's name.

use crate::answer::Answer;

pub(super) fn in_words(answer: &Answer) -> String {
    if answer.is_html() {
        return answer.page("relay URL");
    }
    let status = answer.http_status();
    match status {
        200..=299 => format!("it is not signed ({status}): {NO_LEASE}"),
        400 | 413 | 415 => format!("it is not signed ({status}): {NOT_READ}"),
        404 => format!("it is not signed ({status}): {NOT_THERE}"),
        _ => format!("it is not signed ({status})"),
    }
}

const NO_LEASE: &str = "is this a relay, and does it sign with one of these public keys?";
const NOT_READ: &str = "a relay that cannot read the request says so: is the metadata key the one that it is set to?";
const NOT_THERE: &str = "check the relay's URL: it is the address of the relay, without /v2";
