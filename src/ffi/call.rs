//! Calls that are started, for C.

use std::mem::MaybeUninit;
use std::ptr;
use std::time::Duration;

use libc::c_char;

use super::client::Client;
use super::guard::guard;
use super::response::{Response, respond, status_of};
use super::status::{Status, WHOP_INTERNAL_ERROR, WHOP_INVALID_ARGUMENT, WHOP_OK};
use super::text::{null, text, text_or_null};
use crate::{Error, PendingCall};

/// A check that was started.
pub struct Call(PendingCall);

/// Starts whop_client_validate_license() and returns at once: poll the call from your frame loop, wait for it, or stop it.
/// It runs on a thread of the library's own, "whop-call", with a stack of 256 KiB, which takes no signal; there are 1024 at
/// the most, and beyond that the call ends as WHOP_UNREACHABLE, without a look at a lease. The first start of a client reads its
/// device id and trust settings, from files, on the calling thread: whop_client_device_id() does so ahead of need.
///
/// WHOP_OK: it is started. A refused argument gives a call too, which is done, and its status here. The client may be freed
/// meanwhile: the call goes on.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_start_validate_license(
    client: *const Client,
    license_key: *const c_char,
    metadata_json: *const c_char,
    call: Option<&mut MaybeUninit<*mut Call>>,
) -> Status {
    let out = call.map(|out| out.write(ptr::null_mut()));
    guard(WHOP_INTERNAL_ERROR, || {
        // Without a place for the call, nothing is started that nobody could end.
        let Some(out) = out else { return WHOP_INVALID_ARGUMENT };
        // SAFETY: the contract of the header: NULL, or a client that is not freed while a call of it begins; each string
        // is NULL, or lasts until this returns.
        let started = unsafe { start(client, license_key, metadata_json) };
        let started = started.unwrap_or_else(|error| {
            // SAFETY: as above.
            let calls = unsafe { client.as_ref() }.map(|client| client.calls.clone()).unwrap_or_default();
            PendingCall::failed(&calls, error)
        });
        let status = match started.result() {
            Some(Err(error @ Error::InvalidArgument { .. })) => status_of(&error),
            _ => WHOP_OK,
        };
        *out = Box::into_raw(Box::new(Call(started)));
        status
    })
}

/// Whether the call is done: 1 or 0. Never blocks. 1 for NULL.
#[unsafe(no_mangle)]
pub extern "C" fn whop_call_is_done(call: Option<&Call>) -> i32 {
    guard(1, || call.is_none_or(|call| call.0.is_done()).into())
}

/// Waits until the call is done, at most so many milliseconds. 1: done; 0: not yet.
#[unsafe(no_mangle)]
pub extern "C" fn whop_call_wait(call: Option<&Call>, timeout_ms: u32) -> i32 {
    guard(1, || call.is_none_or(|call| call.0.wait(Duration::from_millis(timeout_ms.into()))).into())
}

/// How the call ended, with the status and response of whop_client_validate_license(); WHOP_PENDING until it is done. Can be
/// asked again: each time it hands over a response of its own.
#[unsafe(no_mangle)]
pub extern "C" fn whop_call_result(call: Option<&Call>, response: Option<&mut MaybeUninit<*mut Response>>) -> Status {
    respond(response, || match call.ok_or_else(|| null("call"))?.0.result() {
        Some(outcome) => Ok(outcome?.into()),
        None => Ok(Response::pending()),
    })
}

/// Ends the call at once as WHOP_CANCELED, from any thread; its own thread leaves the work within milliseconds, whatever it waits
/// for, and ends a second later unless another call needs it. Once it is done, this changes nothing. What was sent already may have taken effect: a first use may have bound the
/// device, and the next check on it is allowed then. A canceled call uses no lease.
#[unsafe(no_mangle)]
pub extern "C" fn whop_call_cancel(call: Option<&Call>) {
    guard((), || call.map_or((), |call| call.0.cancel()));
}

/// Frees the call, and cancels it if it is not done. Never blocks. No other thread may use the call at that time.
#[unsafe(no_mangle)]
pub extern "C" fn whop_call_free(call: Option<Box<Call>>) {
    guard((), || drop(call));
}

/// Waits until a started call of the client is done that this function has not reported yet, at most so many milliseconds.
/// 1: one is; 0: none. One thread, or one step of an event loop, can wait so for all calls of a client. A call that was freed
/// is not reported. whop_client_cancel_all() ends this wait only through the calls that it cancels.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_wait_any(client: *const Client, timeout_ms: u32) -> i32 {
    guard(0, || {
        // SAFETY: the contract of the header: NULL, or a client that is not freed while a call of it begins.
        let reports = unsafe { client.as_ref() }.map(|client| client.calls.reports.clone());
        reports.is_some_and(|reports| reports.wait_any(Duration::from_millis(timeout_ms.into()))).into()
    })
}

/// # Safety
///
/// As the header asks of a caller.
unsafe fn start(
    client: *const Client,
    license_key: *const c_char,
    metadata_json: *const c_char,
) -> Result<PendingCall, Error> {
    // SAFETY: the caller's promise.
    let (client, license_key, metadata_json) = unsafe {
        (Client::held(client)?, text("license_key", license_key)?, text_or_null("metadata_json", metadata_json)?)
    };
    Ok(client.start_validate_license(license_key, metadata_json))
}

// Many threads may use one call, which C cannot check.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Call>();
};
