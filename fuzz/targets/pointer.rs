//! The getters of C: of "POINTER\nJSON" they give what RFC 6901 says, and only strings that C can hold.

#![no_main]

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use whop_license::fuzzing::{
    self, whop_response_boolean, whop_response_count, whop_response_integer, whop_response_json, whop_response_number,
    whop_response_string, whop_response_text,
};

fuzz_target!(|input: &[u8]| {
    let Some(line) = input.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(pointer) = CString::new(&input[..line]) else { return };
    let body = &input[line + 1..];

    let response = fuzzing::response(body);
    let json: Option<Value> = std::str::from_utf8(body).ok().and_then(|body| serde_json::from_str(body).ok());
    let wanted = json.as_ref().and_then(|json| resolve(json, pointer.to_str().ok()?));

    let text = text(whop_response_json(Some(&response)));
    assert_eq!(text.map(CStr::to_bytes), json.is_some().then_some(body));

    let string = self::text(whop_response_string(Some(&response), pointer.as_ptr()));
    let wanted_string = wanted.and_then(Value::as_str).filter(|text| !text.contains('\0'));
    assert_eq!(string.map(CStr::to_bytes), wanted_string.map(str::as_bytes));

    let part = self::text(whop_response_text(Some(&response), pointer.as_ptr()));
    let read = part.map(|part| serde_json::from_slice::<Value>(part.to_bytes()).unwrap());
    assert_eq!(read.as_ref(), wanted);

    let count = whop_response_count(Some(&response), pointer.as_ptr());
    let wanted_count =
        wanted.and_then(|value| value.as_array().map(Vec::len).or(value.as_object().map(|all| all.len())));
    assert_eq!(usize::try_from(count).ok(), wanted_count);

    let integer = value(|out| whop_response_integer(Some(&response), pointer.as_ptr(), Some(out)));
    assert_eq!(integer, wanted.and_then(Value::as_i64));

    let boolean = value(|out| whop_response_boolean(Some(&response), pointer.as_ptr(), Some(out)));
    assert_eq!(boolean, wanted.and_then(Value::as_bool).map(i32::from));

    let number = value(|out| whop_response_number(Some(&response), pointer.as_ptr(), Some(out)));
    let wanted_number = wanted.and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
    assert_eq!(number, wanted_number.filter(|number| number.is_finite()));
});

/// RFC 6901, word for word.
fn resolve<'a>(json: &'a Value, pointer: &str) -> Option<&'a Value> {
    if pointer.is_empty() {
        return Some(json);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(json, |value, token| {
        let name = token.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Object(fields) => fields.get(&name),
            Value::Array(items) => {
                let is_index =
                    token == "0" || !token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit());
                items.get(token.parse::<usize>().ok().filter(|_| is_index)?)
            }
            _ => None,
        }
    })
}

fn text<'a>(pointer: *const c_char) -> Option<&'a CStr> {
    // SAFETY: NULL, or a string that lives as long as the response, which outlives this input.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) })
}

fn value<T>(get: impl FnOnce(&mut MaybeUninit<T>) -> i32) -> Option<T> {
    let mut out = MaybeUninit::uninit();
    // SAFETY: 1 says that it was written.
    (get(&mut out) == 1).then(|| unsafe { out.assume_init() })
}
