//! Statuses, and what they mean.

use std::ffi::CStr;

use libc::c_char;

use super::guard::guard;

/// How a call ended: one of the numbers below.
pub type Status = i32;

/// validate: the license entitles here, now. create: the plan is created.
pub const WHOP_OK: Status = 0;

/// Denied: the message of the answer says that there is no such license.
pub const WHOP_LICENSE_NOT_FOUND: Status = 100;
/// Denied: expired, canceled or unpaid; the response's "/status" says which.
pub const WHOP_LICENSE_INACTIVE: Status = 101;
/// Denied: bound to another device, until the buyer resets the key.
pub const WHOP_DEVICE_MISMATCH: Status = 102;
/// Denied: a license of another product, which the answer names. If it was free, this check has bound it to this product's device id.
pub const WHOP_PRODUCT_MISMATCH: Status = 103;

/// Nothing was sent: the message names the argument or setting and its fault.
pub const WHOP_INVALID_ARGUMENT: Status = 200;
/// Whop does not accept the API key (401).
pub const WHOP_UNAUTHORIZED: Status = 201;
/// The API key lacks the right (403).
pub const WHOP_FORBIDDEN: Status = 202;
/// Whop refused the request (400, 422 and other 4xx): the message has its reason.
pub const WHOP_REJECTED: Status = 203;

/// No name, connection or trust: nothing was sent, to repeat is safe.
pub const WHOP_UNREACHABLE: Status = 300;
/// Sent, then silence, a reset or half an answer: whether it took effect is not known.
pub const WHOP_NO_ANSWER: Status = 301;
/// Too many requests (429): wait as whop_response_retry_after_ms() says.
pub const WHOP_RATE_LIMITED: Status = 302;
/// Whop has trouble of its own (5xx).
pub const WHOP_SERVER_ERROR: Status = 303;
/// An answer that is not Whop's, or about another license: a web page, a redirect, broken or oversized JSON.
pub const WHOP_BAD_RESPONSE: Status = 304;
/// This machine has no identity of its own, or none that this user may read: nothing was sent; see
/// whop_client_set_device_id().
pub const WHOP_NO_DEVICE_ID: Status = 305;

/// A bug in this library, caught.
pub const WHOP_INTERNAL_ERROR: Status = 900;

/// The verdict of WHOP_OK.
pub const WHOP_ALLOWED: i32 = 1;
/// The verdict of 100 to 199.
pub const WHOP_DENIED: i32 = 0;
/// The verdict of every other status.
pub const WHOP_UNDETERMINED: i32 = -1;

/// What a status decides: WHOP_ALLOWED, WHOP_DENIED or WHOP_UNDETERMINED. Takes any number.
#[unsafe(no_mangle)]
pub extern "C" fn whop_status_verdict(status: i32) -> i32 {
    match status {
        WHOP_OK => WHOP_ALLOWED,
        100..=199 => WHOP_DENIED,
        _ => WHOP_UNDETERMINED,
    }
}

/// The name of a status, such as "WHOP_DEVICE_MISMATCH"; "WHOP_UNKNOWN" for any other number. Static.
#[unsafe(no_mangle)]
pub extern "C" fn whop_status_name(status: i32) -> *const c_char {
    guard(UNKNOWN.1, || row(status).1).as_ptr()
}

/// What a status means and what to do about it, in one sentence. Takes any number. Static. The message of a response
/// says more.
#[unsafe(no_mangle)]
pub extern "C" fn whop_status_message(status: i32) -> *const c_char {
    guard(UNKNOWN.2, || row(status).2).as_ptr()
}

/// The version of the library, such as "1.2.3". Static.
#[unsafe(no_mangle)]
pub extern "C" fn whop_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

fn row(status: Status) -> &'static Row {
    ROWS.iter().find(|row| row.0 == status).unwrap_or(&UNKNOWN)
}

type Row = (Status, &'static CStr, &'static CStr);

const UNKNOWN: Row = (-1, c"WHOP_UNKNOWN", c"This version of the library does not know the status.");

const ROWS: [Row; 16] = [
    (WHOP_OK, c"WHOP_OK", c"The license is valid here, or the plan is created."),
    (WHOP_LICENSE_NOT_FOUND, c"WHOP_LICENSE_NOT_FOUND", c"There is no such license: check the key for typing errors."),
    (
        WHOP_LICENSE_INACTIVE,
        c"WHOP_LICENSE_INACTIVE",
        c"The license is not active: it has expired, was canceled or is unpaid.",
    ),
    (
        WHOP_DEVICE_MISMATCH,
        c"WHOP_DEVICE_MISMATCH",
        c"The license is in use on another device: reset the key in your Whop dashboard, then try again.",
    ),
    (WHOP_PRODUCT_MISMATCH, c"WHOP_PRODUCT_MISMATCH", c"The license is for another product."),
    (
        WHOP_INVALID_ARGUMENT,
        c"WHOP_INVALID_ARGUMENT",
        c"An argument or setting cannot be used, and nothing was sent: the message of the response or client names it.",
    ),
    (
        WHOP_UNAUTHORIZED,
        c"WHOP_UNAUTHORIZED",
        c"Whop does not accept the API key: check that it was copied whole and has not been revoked.",
    ),
    (
        WHOP_FORBIDDEN,
        c"WHOP_FORBIDDEN",
        c"The API key lacks the right for this call: give it the permission in Whop's developer settings.",
    ),
    (WHOP_REJECTED, c"WHOP_REJECTED", c"Whop refused the request: the message of the response has its reason."),
    (
        WHOP_UNREACHABLE,
        c"WHOP_UNREACHABLE",
        c"Whop could not be reached, and nothing was sent: check the connection, then try again.",
    ),
    (
        WHOP_NO_ANSWER,
        c"WHOP_NO_ANSWER",
        c"The request was sent, but no whole answer came back: a validation can be repeated, a created plan may exist.",
    ),
    (WHOP_RATE_LIMITED, c"WHOP_RATE_LIMITED", c"Too many requests: wait as long as the response says."),
    (WHOP_SERVER_ERROR, c"WHOP_SERVER_ERROR", c"Whop has trouble of its own: try again later."),
    (
        WHOP_BAD_RESPONSE,
        c"WHOP_BAD_RESPONSE",
        c"The answer cannot be used: a hotel network's login page, a proxy or a wrong base URL may stand in between.",
    ),
    (
        WHOP_NO_DEVICE_ID,
        c"WHOP_NO_DEVICE_ID",
        c"This machine has no readable id of its own (a container, a copied image): set a device id, or pass metadata.",
    ),
    (WHOP_INTERNAL_ERROR, c"WHOP_INTERNAL_ERROR", c"A bug in this library: please report it."),
];
