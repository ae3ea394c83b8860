//! A bug in any function that C can call is an answer, and harms no later call.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;

use libc::c_char;
use whop_sandbox::{Options, Sandbox};

use super::call::*;
use super::client::*;
use super::guard::forced::panic_in;
use super::license::*;
use super::plan::*;
use super::response::*;
use super::settings::SETTERS;
use super::status::*;

const KEY: &CStr = c"SANDBOX-ACTIVE";
const DEVICE: &CStr = c"{\"hwid\":\"panics\"}";
const PLAN: &CStr = c"{\"product_id\":\"prod_sandbox\"}";

/// Calls a function that panics, and notes its name.
macro_rules! panicking {
    ($names:ident, $function:ident($($argument:expr),*)) => {{
        $names.insert(stringify!($function));
        panic_in(|| $function($($argument),*))
    }};
}

fn new_client(api_key: &CStr) -> Box<Client> {
    let mut client = MaybeUninit::uninit();
    assert_eq!(whop_client_new(api_key.as_ptr(), Some(&mut client)), WHOP_OK);
    // SAFETY: it was handed over, to us alone.
    unsafe { Box::from_raw(client.assume_init()) }
}

fn validate(client: &Client) -> Box<Response> {
    let mut response = MaybeUninit::uninit();
    let status = whop_client_validate_license(client, KEY.as_ptr(), DEVICE.as_ptr(), Some(&mut response));
    assert_eq!(status, WHOP_OK);
    // SAFETY: it was handed over, to us alone.
    unsafe { Box::from_raw(response.assume_init()) }
}

fn text<'a>(pointer: *const c_char) -> &'a CStr {
    // SAFETY: what the library returns is a string.
    unsafe { CStr::from_ptr(pointer) }
}

#[test]
fn a_panic_in_any_function_is_an_answer_and_the_next_call_works() {
    let sandbox = Sandbox::start(Options { rate_limit: None, ..Options::default() }).unwrap();
    let api_key = CString::new(sandbox.api_key("full")).unwrap();
    let mut names = BTreeSet::new();

    let client = new_client(&api_key);
    let response = validate(&client);
    let (this, answer) = (Some(&*client), Some(&*response));

    let mut out = MaybeUninit::uninit();
    assert_eq!(panicking!(names, whop_client_new(api_key.as_ptr(), Some(&mut out))), WHOP_INTERNAL_ERROR);
    // SAFETY: an out-parameter is always written.
    assert!(unsafe { out.assume_init() }.is_null());

    let (url, keys) = (c"http://127.0.0.1:1".as_ptr(), c"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".as_ptr());
    let mut out = MaybeUninit::uninit();
    assert_eq!(panicking!(names, whop_client_new_relay(url, keys, Some(&mut out))), WHOP_INTERNAL_ERROR);
    // SAFETY: an out-parameter is always written.
    assert!(unsafe { out.assume_init() }.is_null());

    for call in 0..5 {
        let mut out = MaybeUninit::uninit();
        let (key, license, device, plan) = (api_key.as_ptr(), KEY.as_ptr(), DEVICE.as_ptr(), PLAN.as_ptr());
        let status = match call {
            0 => panicking!(names, whop_validate_license(key, license, device, Some(&mut out))),
            1 => panicking!(names, whop_create_plan(key, plan, Some(&mut out))),
            2 => panicking!(names, whop_client_validate_license(&raw const *client, license, device, Some(&mut out))),
            3 => panicking!(names, whop_client_reset_license(&raw const *client, license, Some(&mut out))),
            _ => panicking!(names, whop_client_create_plan(&raw const *client, plan, Some(&mut out))),
        };
        assert_eq!(status, WHOP_INTERNAL_ERROR);
        // SAFETY: an out-parameter is always written.
        assert!(unsafe { out.assume_init() }.is_null());
    }

    let mut started = MaybeUninit::uninit();
    let (handle, license, device) = (&raw const *client, KEY.as_ptr(), DEVICE.as_ptr());
    let status = panicking!(names, whop_client_start_validate_license(handle, license, device, Some(&mut started)));
    assert_eq!(status, WHOP_INTERNAL_ERROR);
    // SAFETY: an out-parameter is always written.
    assert!(unsafe { started.assume_init() }.is_null());
    assert_eq!(whop_client_start_validate_license(handle, license, device, Some(&mut started)), WHOP_OK);
    // SAFETY: it was handed over, to us alone.
    let call = unsafe { Box::from_raw(started.assume_init()) };
    assert_eq!(panicking!(names, whop_call_is_done(Some(&call))), 1);
    assert_eq!(panicking!(names, whop_call_wait(Some(&call), 0)), 1);
    assert_eq!(whop_call_wait(Some(&call), 60_000), 1);
    let mut out = MaybeUninit::uninit();
    assert_eq!(panicking!(names, whop_call_result(Some(&call), Some(&mut out))), WHOP_INTERNAL_ERROR);
    // SAFETY: an out-parameter is always written.
    assert!(unsafe { out.assume_init() }.is_null());
    panicking!(names, whop_call_cancel(Some(&call)));
    assert_eq!(whop_call_result(Some(&call), None), WHOP_OK);
    panicking!(names, whop_call_free(Some(call)));
    assert_eq!(panicking!(names, whop_client_wait_any(handle, 0)), 0);
    assert_eq!(panicking!(names, whop_client_connect(handle)), WHOP_INTERNAL_ERROR);
    panicking!(names, whop_client_cancel_all(this));

    assert_eq!(text(panicking!(names, whop_client_message(this))), c"");
    assert!(panicking!(names, whop_client_device_id(this)).is_null());
    assert!(panicking!(names, whop_response_json(answer)).is_null());
    assert_eq!(text(panicking!(names, whop_response_message(answer))), c"");
    assert_eq!(panicking!(names, whop_response_http_status(answer)), 0);
    assert_eq!(panicking!(names, whop_response_retry_after_ms(answer)), -1);
    assert_eq!(panicking!(names, whop_response_is_offline(answer)), 0);
    assert!(panicking!(names, whop_response_membership_id(answer)).is_null());
    assert!(panicking!(names, whop_response_license_status(answer)).is_null());
    assert!(panicking!(names, whop_response_product_id(answer)).is_null());
    assert!(panicking!(names, whop_response_plan_id(answer)).is_null());
    assert_eq!(panicking!(names, whop_response_expires_at(answer, None)), 0);
    assert!(panicking!(names, whop_response_string(answer, c"/status".as_ptr())).is_null());
    assert_eq!(panicking!(names, whop_response_integer(answer, c"/expires_at".as_ptr(), None)), 0);
    assert_eq!(panicking!(names, whop_response_number(answer, c"/expires_at".as_ptr(), None)), 0);
    assert_eq!(panicking!(names, whop_response_boolean(answer, c"/valid".as_ptr(), None)), 0);
    assert_eq!(panicking!(names, whop_response_count(answer, c"".as_ptr())), -1);
    assert!(panicking!(names, whop_response_text(answer, c"/metadata".as_ptr())).is_null());
    assert_eq!(text(panicking!(names, whop_status_name(WHOP_OK))), c"WHOP_UNKNOWN");
    assert_eq!(panicking!(names, whop_status_message(WHOP_OK)), whop_status_message(-1));

    assert_eq!(text(whop_response_string(answer, c"/license_key".as_ptr())), KEY);
    assert_eq!(text(whop_response_text(answer, c"/metadata".as_ptr())), DEVICE);
    panicking!(names, whop_response_free(Some(response)));
    whop_response_free(Some(validate(&client)));
    panicking!(names, whop_client_free(Some(client)));

    for (name, set) in SETTERS {
        names.insert(name);
        let mut client = new_client(&api_key);
        let status = panic_in(|| set(Some(&mut client)));
        assert_eq!(status, WHOP_INTERNAL_ERROR);
        // A setting that got lost is as bad as one that was refused.
        assert!(text(whop_client_message(Some(&client))).to_bytes().starts_with(b"client: "));
        let next = whop_client_validate_license(&raw const *client, KEY.as_ptr(), DEVICE.as_ptr(), None);
        assert_eq!(next, WHOP_INVALID_ARGUMENT);
    }
    whop_response_free(Some(validate(&new_client(&api_key))));

    // These two compute nothing that could panic.
    names.extend(["whop_status_verdict", "whop_version"]);
    assert_eq!(names, include_str!("../../tests/exports.txt").lines().collect());
}
