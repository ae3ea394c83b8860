//! The client, for C.

use std::ffi::{CStr, CString};
use std::mem::{self, MaybeUninit};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

use libc::c_char;
use once_cell::race::OnceBox;

use super::guard::guard;
use super::response::{Response, status_of};
use super::status::{Status, WHOP_INTERNAL_ERROR, WHOP_INVALID_ARGUMENT, WHOP_OK};
use super::text::{c_string, null, text};
use crate::{Api, ClientBuilder, Error};

/// The way to Whop with one API key: settings, one product, connections that are kept alive.
///
/// A setting that is refused is not forgotten: this client answers every later call with the same status and message,
/// so that an unchecked status cannot skip the product check. Free it and begin again.
pub struct Client {
    settings: Result<ClientBuilder, Error>,
    message: CString,
    /// Made from the settings at the first call, by whichever thread comes first, and without a lock that a fork could leave
    /// locked. Each call that is in flight shares it, so that this may be freed meanwhile.
    made: OnceBox<Arc<crate::Client>>,
    /// The device id, once it was asked for.
    device_id: OnceBox<CString>,
}

/// Makes a client. One is handed over also when the API key is refused, so that whop_client_message() can say why.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_new(api_key: *const c_char, client: Option<&mut MaybeUninit<*mut Client>>) -> Status {
    let out = client.map(|out| out.write(ptr::null_mut()));
    guard(WHOP_INTERNAL_ERROR, || {
        // SAFETY: the contract of the header: NULL, or a string that lasts until the call returns.
        let settings = unsafe { text("api_key", api_key) }.map(crate::Client::builder);
        let mut client =
            Client { settings, message: CString::default(), made: OnceBox::new(), device_id: OnceBox::new() };
        let status = client.settle();
        if let Some(out) = out {
            *out = Box::into_raw(Box::new(client));
        }
        status
    })
}

/// Whop's current API, in versions by date.
pub const WHOP_API_CURRENT: i32 = 1;
/// API v2, which Whop has retired on 2026-11-13: for a server of your own that speaks it.
pub const WHOP_API_V2: i32 = 2;

/// Which of Whop's APIs is asked: WHOP_API_CURRENT or WHOP_API_V2; the current one if not set, whatever the base URL is.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_api(client: Option<&mut Client>, api: i32) -> Status {
    set(client, |settings| {
        settings.api(match api {
            WHOP_API_CURRENT => Api::Current,
            WHOP_API_V2 => Api::V2,
            _ => {
                let fault = "expected WHOP_API_CURRENT (1) or WHOP_API_V2 (2)".into();
                return Err(Error::InvalidArgument { argument: "api", fault });
            }
        });
        Ok(())
    })
}

/// The version of the current API, "YYYY-MM-DD" or "YYYY-MM-DD-n"; "2026-09-23" if not set. None before 2026-07-23,
/// because to bind a license would drop the seller's own metadata there.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_api_version_date(client: Option<&mut Client>, date: *const c_char) -> Status {
    set_text(client, "api_version_date", date, |settings, date| {
        settings.api_version_date(date);
    })
}

/// 0 refuses a license whose payment is overdue ("past_due"), which is a grace period with the current API; 1 if not set.
/// API v2 decides this by itself.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_allow_past_due(client: Option<&mut Client>, allow: i32) -> Status {
    set(client, |settings| {
        settings.allow_past_due(allow != 0);
        Ok(())
    })
}

/// Accepts licenses of this product alone ("prod_..."): an API key is company-wide, so without this the license key
/// of a free product of the company validates too. It is also a part of the device id: whoever sets, changes or drops
/// it in a program that customers have makes every device another one.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_product_id(client: Option<&mut Client>, product_id: *const c_char) -> Status {
    set_text(client, "product_id", product_id, |settings, product_id| {
        settings.product_id(product_id);
    })
}

/// Takes this for the device id, in place of the library's own: the id of a platform that has one (a console, a store),
/// or a random one that you store. White space around it is dropped; up to 1024 bytes (500 characters with the current
/// API), no control characters.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_device_id(client: Option<&mut Client>, device_id: *const c_char) -> Status {
    set_text(client, "device_id", device_id, |settings, device_id| {
        settings.device_id(device_id);
    })
}

/// Names the device id in the metadata that a NULL metadata_json stands for; "hwid" if not set. For buyers whose licenses
/// are bound under another name ("HWID", "deviceId") already, so that they stay bound; set their device id too.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_metadata_key(client: Option<&mut Client>, metadata_key: *const c_char) -> Status {
    set_text(client, "metadata_key", metadata_key, |settings, metadata_key| {
        settings.metadata_key(metadata_key);
    })
}

/// Limits a whole call in milliseconds, name lookup and retries included: 1 to 600000; 10000 if not set.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_timeout_ms(client: Option<&mut Client>, whole_call: u32) -> Status {
    set(client, |settings| {
        settings.timeout(Duration::from_millis(whole_call.into()));
        Ok(())
    })
}

/// How often a call is repeated when that is harmless and may help: 0 to 10; 2 if not set. With 0 no connection is kept
/// alive, since a server may have closed it meanwhile. A plan is never created twice.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_max_retries(client: Option<&mut Client>, retries: u32) -> Status {
    set(client, |settings| {
        settings.max_retries(retries);
        Ok(())
    })
}

/// With API v2, asks for objects in place of ids in the answer: "product", "user", "plan", "promo_code", separated by commas; none
/// if empty. Of these a plan that is created expands "product" alone. With the current API each call is refused.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_expand(client: Option<&mut Client>, comma_separated: *const c_char) -> Status {
    set_text(client, "expand", comma_separated, |settings, names| {
        settings.expand(names);
    })
}

/// Sends requests to this address, given without the "/v1" or "/v2": https, or plain http on this machine. If not set, the API key
/// decides: the sandbox on this machine, or https://api.whop.com/api. If set, a "sandbox_..." key goes there like any other.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_base_url(client: Option<&mut Client>, url: *const c_char) -> Status {
    set_text(client, "base_url", url, |settings, url| {
        settings.base_url(url);
    })
}

/// 0 refuses an API key that leads to the sandbox by itself ("sandbox_PORT_NAME"), also with a base URL; 1 if not set. For
/// programs that are shipped and read the key from a file: whoever writes such a key into it could answer for Whop.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_allow_sandbox(client: Option<&mut Client>, allow: i32) -> Status {
    set(client, |settings| {
        settings.allow_sandbox(allow != 0);
        Ok(())
    })
}

/// Trusts the certificates in this PEM file alone, in place of the bundled ones of the public authorities.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_ca_file(client: Option<&mut Client>, pem_path: *const c_char) -> Status {
    set_text(client, "ca_file", pem_path, |settings, path| {
        settings.ca_file(path);
    })
}

/// Goes through this proxy ("http://USER:PASSWORD@HOST:PORT", or https, socks5h, or socks5, with which this machine looks
/// Whop's name up), or through none if empty. The certificate of an https proxy is checked like Whop's. If not set,
/// the first that is set of https_proxy, HTTPS_PROXY, all_proxy and ALL_PROXY decides, unless no_proxy or NO_PROXY lists
/// the host. Plain http, which stays on this machine, never goes through one.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_proxy(client: Option<&mut Client>, url_or_empty: *const c_char) -> Status {
    set_text(client, "proxy", url_or_empty, |settings, url| {
        settings.proxy(url);
    })
}

/// 1 lets a plan have names and values that this version does not know, for the day Whop adds one; 0 if not set.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_set_allow_unknown_plan_fields(client: Option<&mut Client>, allow: i32) -> Status {
    set(client, |settings| {
        settings.allow_unknown_plan_fields(allow != 0);
        Ok(())
    })
}

/// Why a setting was refused, in one sentence; "" if none was. Borrowed until the next setter; never NULL, never holds a
/// secret.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_message(client: Option<&Client>) -> *const c_char {
    guard(c"", || client.map_or(c"client: NULL", |client| client.message.as_c_str())).as_ptr()
}

/// The device id, which a NULL metadata_json stands for: what whop_client_set_device_id() was given, else 64 lower-case
/// hex digits that last at least as long as the operating system's installation. They tell nothing of the machine, and
/// are others for each product, so that sellers cannot match buyers: HMAC-SHA256(machine identity,
/// "whop-license/device/v1" || product id). NULL if a setting was refused, or where this machine cannot be told from
/// others (WHOP_NO_DEVICE_ID). Borrowed until the next setter.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_device_id(client: Option<&Client>) -> *const c_char {
    guard(ptr::null(), || client.and_then(|client| client.device_id().ok()).map_or(ptr::null(), CStr::as_ptr))
}

/// Frees the client. Calls that are in flight in other threads (the server has their requests) end well, each with its
/// own answer, and what they use is freed with the last of them. No other function may have the client at that time,
/// nor a call that is only about to begin. Responses live on.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_free(client: Option<Box<Client>>) {
    guard((), || drop(client));
}

impl Client {
    /// The client with all its settings, for one call to hold. From here on the call leaves the handle alone. So it came as
    /// a pointer: a reference would promise that the handle outlives the call.
    ///
    /// # Safety
    ///
    /// `client` is NULL, or a client that is not freed before this returns.
    pub(super) unsafe fn held(client: *const Self) -> Result<Arc<crate::Client>, Error> {
        // SAFETY: the caller's promise.
        let client = unsafe { client.as_ref() };
        client.ok_or_else(|| null("client"))?.ready().cloned()
    }

    fn ready(&self) -> Result<&Arc<crate::Client>, Error> {
        let settings = self.settings.as_ref().map_err(Clone::clone)?;
        self.made.get_or_try_init(|| Ok(Box::new(Arc::new(settings.build()?))))
    }

    fn device_id(&self) -> Result<&CStr, Error> {
        let made = self.ready()?;
        let read = || made.device_id().map(|id| Box::new(c_string(&id)));
        self.device_id.get_or_try_init(read).map(CString::as_c_str)
    }

    /// Notes whether the settings so far can be used.
    fn settle(&mut self) -> Status {
        let refused = self.settings.as_ref().map_or_else(Some, ClientBuilder::refused);
        self.message = refused.map(c_string).unwrap_or_default();
        refused.map_or(WHOP_OK, status_of)
    }
}

// Many threads may use one client and read one response, which C cannot check.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Client>();
    shared::<Response>();
};

/// The shape of every setter.
fn set(client: Option<&mut Client>, change: impl FnOnce(&mut ClientBuilder) -> Result<(), Error>) -> Status {
    let Some(client) = client else { return WHOP_INVALID_ARGUMENT };
    // Should there be a bug in what follows, no call goes out without this setting.
    let lost = Error::InvalidArgument { argument: "client", fault: "lost a setting to a bug: make a new one".into() };
    client.message = c_string(&lost);
    let settings = mem::replace(&mut client.settings, Err(lost));
    guard(WHOP_INTERNAL_ERROR, || {
        client.settings = settings.and_then(|mut settings| {
            if settings.refused().is_none() {
                change(&mut settings)?;
            }
            Ok(settings)
        });
        client.made = OnceBox::new();
        client.device_id = OnceBox::new();
        client.settle()
    })
}

fn set_text(
    client: Option<&mut Client>,
    argument: &'static str,
    value: *const c_char,
    change: impl FnOnce(&mut ClientBuilder, &str),
) -> Status {
    set(client, |settings| {
        // SAFETY: the contract of the header: NULL, or a string that lasts until the call returns.
        change(settings, unsafe { text(argument, value)? });
        Ok(())
    })
}
