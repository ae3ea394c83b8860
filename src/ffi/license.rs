//! Validate, for C.

use std::mem::MaybeUninit;

use libc::c_char;

use super::client::Client;
use super::response::{Response, respond};
use super::status::Status;
use super::text::{text, text_or_null};

/// Asks whether a license entitles on this device, with a client of default settings: for the first five minutes and
/// for one-off tools. It checks no product: any license of the company passes. NULL for metadata_json is the device id
/// of no product. See whop_client_validate_license().
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
            (
                text("api_key", api_key)?,
                text("license_key", license_key)?,
                text_or_null("metadata_json", metadata_json)?,
            )
        };
        let client = crate::Client::builder(api_key).build()?;
        Ok(client.validate_license(license_key, metadata_json)?.into())
    })
}

/// Asks whether a license entitles on this device.
///
/// license_key: the key that the customer typed or pasted, or the membership's id. White space around it is dropped, and
/// so is what nobody can see (zero-width characters, a byte order mark, marks of direction, variation selectors). A
/// control character or a line break in it is WHOP_INVALID_ARGUMENT.
///
/// metadata_json: NULL, or a JSON object that says which device this is. NULL stands for {"hwid":"<device id>"}, with
/// what whop_client_device_id() gives; WHOP_NO_DEVICE_ID if it gives nothing. Whop stores the metadata with the first
/// call, with the buyer's membership, and refuses every other from then on (WHOP_DEVICE_MISMATCH), until the buyer
/// presses "Reset key" in the Whop dashboard. So nothing in an object of your own may change from one start to the
/// next: no time, version or host name. It is sent byte for byte. "{}" binds nothing, and older guides of Whop call it
/// a reset of the binding: it is sent only when written.
///
/// Repeating the call is harmless, and the library does it by itself where that may help.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_validate_license(
    client: *const Client,
    license_key: *const c_char,
    metadata_json: *const c_char,
    response: Option<&mut MaybeUninit<*mut Response>>,
) -> Status {
    respond(response, || {
        // SAFETY: the contract of the header: NULL, or a client that is not freed while a call of it begins.
        let client = unsafe { Client::held(client) }?;
        // SAFETY: the contract of the header: each is NULL, or a string that lasts until the call returns.
        let (license_key, metadata_json) =
            unsafe { (text("license_key", license_key)?, text_or_null("metadata_json", metadata_json)?) };
        Ok(client.validate_license(license_key, metadata_json)?.into())
    })
}
