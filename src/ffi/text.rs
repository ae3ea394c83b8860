//! Strings from C, and for C.

use std::ffi::{CStr, CString};

use libc::c_char;

use crate::Error;

/// The caller's string.
///
/// # Safety
///
/// `pointer` is NULL or leads to bytes that end with NUL and stay as they are for `'a`.
pub(super) unsafe fn text<'a>(argument: &'static str, pointer: *const c_char) -> Result<&'a str, Error> {
    if pointer.is_null() {
        return Err(null(argument));
    }
    // SAFETY: not NULL, and the rest is the caller's promise.
    let bytes = unsafe { CStr::from_ptr(pointer) };
    bytes.to_str().map_err(|_| Error::InvalidArgument { argument, fault: "not UTF-8".into() })
}

/// The caller's string, or none for NULL.
///
/// # Safety
///
/// As for [`text`].
pub(super) unsafe fn text_or_null<'a>(
    argument: &'static str,
    pointer: *const c_char,
) -> Result<Option<&'a str>, Error> {
    // SAFETY: the caller's promise.
    (!pointer.is_null()).then(|| unsafe { text(argument, pointer) }).transpose()
}

pub(super) fn null(argument: &'static str) -> Error {
    Error::InvalidArgument { argument, fault: "NULL".into() }
}

/// A text for C, which cannot hold a NUL.
pub(super) fn c_string(text: &impl ToString) -> CString {
    let mut bytes = text.to_string().into_bytes();
    bytes.retain(|byte| *byte != 0);
    CString::new(bytes).unwrap_or_default()
}
