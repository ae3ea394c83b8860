//! Statuses, and what they mean.

use libc::c_char;

use super::guard::guard;
pub use super::statuses::*;

/// How a call ended: one of the numbers below.
pub type Status = i32;

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

const UNKNOWN: Row = (-1, c"WHOP_UNKNOWN", c"This version of the library does not know the status.");
