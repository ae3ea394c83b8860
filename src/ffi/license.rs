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
/// license_key: the key that the customer typed or pasted, or the membership's id ("mem_..."). An id is not secret: where
/// customers type the key, refuse what begins so. White space around it is dropped, and
/// so is what nobody can see (zero-width characters, a byte order mark, marks of direction, variation selectors). A
/// control character or a line break in it is WHOP_INVALID_ARGUMENT.
///
/// metadata_json: NULL, or a JSON object that says which device this is. On a server, which checks for its customers, pass
/// what their programs sent, {"hwid":"<their device>"}: NULL is the machine that calls. NULL stands for {"hwid":"<device id>"}, with
/// what whop_client_device_id() gives; WHOP_NO_DEVICE_ID if it gives nothing. It is stored with the first call, in the
/// metadata of the buyer's membership, and every other is refused from then on (WHOP_DEVICE_MISMATCH), until the
/// license is reset. So nothing in an object of your own may change from one start to the next: no time, version or host
/// name.
///
/// The current API has no call for this: the membership is looked up, judged, bound at first use, and read again, in up
/// to three requests, and one more where the API key must be proved good before a license counts as unknown. Of two
/// devices that come first at the same moment at least one is allowed, and exactly one at its next check. Values are
/// strings of up to 500 characters, in at most 50 pairs; other names in the membership's metadata are the seller's own
/// and left alone. So the names say what is compared: take none of them from a customer. "{}" binds nothing and passes on
/// every device. To bind needs an API key with member:manage, which must never be shipped; one that
/// can only read still confirms a license that is bound already.
///
/// A relay (whop_client_new_relay()) takes exactly one pair, of 1 to 256 printable ASCII characters, and no membership's id in
/// place of the key. It binds one first use at a time; its answer counts only if it is signed for this call. Where a
/// lease file is set and no such answer comes, the newest lease stands in for it: see whop_client_set_lease_file() and
/// whop_response_is_offline().
///
/// With API v2 metadata_json is sent byte for byte, and Whop binds and judges. Older guides of Whop call "{}" a reset of
/// the binding there: it is sent only when written.
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

/// Frees the device of a license, of whichever product, so that the next device to check is bound. For a seller's tool,
/// never in what is shipped: it needs an API key with member:manage.
///
/// What goes is the value under the metadata key ("hwid", or whop_client_set_metadata_key()). Whop cannot delete one name: all
/// metadata is cleared, and what else was in it is written back with a second request. Cut off between the two, the
/// device is free and the rest is gone from Whop: the status is WHOP_NO_ANSWER then, the message says so, and
/// whop_response_json() is the membership as it was before, to write it back from.
///
/// WHOP_OK: the device is free, or was; the response is the membership. WHOP_LICENSE_NOT_FOUND: there is no such license.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_reset_license(
    client: *const Client,
    license_key: *const c_char,
    response: Option<&mut MaybeUninit<*mut Response>>,
) -> Status {
    respond(response, || {
        // SAFETY: the contract of the header: NULL, or a client that is not freed while a call of it begins.
        let client = unsafe { Client::held(client) }?;
        // SAFETY: the contract of the header: NULL, or a string that lasts until the call returns.
        let license_key = unsafe { text("license_key", license_key)? };
        Ok(client.reset_license(license_key)?.into())
    })
}
