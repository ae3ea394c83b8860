//! Validate, for C.

use std::mem::MaybeUninit;

use libc::c_char;

use super::client::Client;
use super::response::{Response, respond};
use super::status::Status;
use super::text::text;

/// Asks whether a license entitles on this device, with a client of default settings: for the first five minutes and
/// for one-off tools. It checks no product: any license of the company passes. See whop_client_validate_license().
#[unsafe(no_mangle)]
pub extern "C" fn whop_validate_license(
    api_key: *const c_char,
    license_key: *const c_char,
    metadata_json: *const c_char,
    response: Option<&mut MaybeUninit<*mut Response>>,
) -> Status {
    respond(response, || {
        // SAFETY: the contract of the header: each is NULL, or a string that lasts until the call returns.
        let (api_key, license_key, metadata_json) = unsafe {
            (text("api_key", api_key)?, text("license_key", license_key)?, text("metadata_json", metadata_json)?)
        };
        let client = crate::Client::builder(api_key).build()?;
        Ok(client.validate_license(license_key, metadata_json)?.into())
    })
}

/// Asks whether a license entitles on this device.
///
/// license_key: the key that the customer typed (white space around it is dropped), or the membership's id.
///
/// metadata_json: a JSON object that says which device this is, such as {"hwid":"3f0c"}. Whop stores it with the
/// first call and refuses every other from then on (WHOP_DEVICE_MISMATCH), until the buyer resets the key in the
/// dashboard. So nothing in it may change from one start to the next: no time, version or host name. It is sent
/// byte for byte. NULL is refused: a license is bound to what the caller chose, or not at all. "{}" binds nothing, and
/// older guides of Whop call it a reset of the binding.
///
/// Repeating the call is harmless, and the library does it by itself where that may help.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_validate_license(
    client: Option<&Client>,
    license_key: *const c_char,
    metadata_json: *const c_char,
    response: Option<&mut MaybeUninit<*mut Response>>,
) -> Status {
    respond(response, || {
        let client = Client::ready(client)?;
        // SAFETY: the contract of the header: each is NULL, or a string that lasts until the call returns.
        let (license_key, metadata_json) =
            unsafe { (text("license_key", license_key)?, text("metadata_json", metadata_json)?) };
        Ok(client.validate_license(license_key, metadata_json)?.into())
    })
}
