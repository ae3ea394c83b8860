//! The client, for C.

use std::ffi::{CStr, CString};
use std::mem::{self, MaybeUninit};
use std::ptr;
use std::sync::Arc;

use libc::c_char;
use once_cell::race::OnceBox;

use super::guard::guard;
use super::response::{Response, status_of};
use super::status::{Status, WHOP_INTERNAL_ERROR, WHOP_INVALID_ARGUMENT, WHOP_OK};
use super::text::{c_string, null, text};
use crate::{ClientBuilder, ClientCalls, Error};

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
    /// Those that run, also after a setting was changed.
    pub(super) calls: ClientCalls,
}

/// Makes a client. One is handed over also when the API key is refused, so that whop_client_message() can say why.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_new(api_key: *const c_char, client: Option<&mut MaybeUninit<*mut Client>>) -> Status {
    // SAFETY: the contract of the header: NULL, or a string that lasts until the call returns.
    make(client, || Ok(crate::Client::builder(unsafe { text("api_key", api_key) }?)))
}

/// Makes a client that asks a relay of yours in place of Whop, so that nothing secret is in what you ship. It checks
/// licenses and does nothing else; a product id must be set.
///
/// relay_url: https, or plain http on this machine, without the "/v2".
///
/// public_keys: one to four, separated by commas, 43 characters each, as "whop-relay keygen" prints them. Only what the
/// holder of the private half of one has signed is believed, neither a yes nor a no of anybody else: WHOP_UNTRUSTED.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_new_relay(
    relay_url: *const c_char,
    public_keys: *const c_char,
    client: Option<&mut MaybeUninit<*mut Client>>,
) -> Status {
    // SAFETY: the contract of the header: each is NULL, or a string that lasts until the call returns.
    make(client, || unsafe {
        Ok(crate::Client::relay(text("relay_url", relay_url)?, text("public_keys", public_keys)?))
    })
}

/// The shape of both: one is handed over also when it was refused.
fn make(
    client: Option<&mut MaybeUninit<*mut Client>>,
    settings: impl FnOnce() -> Result<ClientBuilder, Error>,
) -> Status {
    let out = client.map(|out| out.write(ptr::null_mut()));
    guard(WHOP_INTERNAL_ERROR, || {
        let settings = settings();
        let mut client = Client {
            settings,
            message: CString::default(),
            made: OnceBox::new(),
            device_id: OnceBox::new(),
            calls: ClientCalls::default(),
        };
        let status = client.settle();
        if let Some(out) = out {
            *out = Box::into_raw(Box::new(client));
        }
        status
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

/// Opens a connection ahead of need, as while a splash screen is shown, and keeps it for a minute: the next check is faster by
/// its handshakes. Blocks like a call and sends no request. WHOP_OK: one is open; WHOP_UNREACHABLE: none can be opened, and
/// the next check will say why; WHOP_CANCELED; WHOP_INVALID_ARGUMENT: see whop_client_message(). Of no use with whop_client_set_max_retries() 0, which uses no connection twice.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_connect(client: *const Client) -> Status {
    guard(WHOP_INTERNAL_ERROR, || {
        // SAFETY: the contract of the header: NULL, or a client that is not freed while a call of it begins.
        let connected = unsafe { Client::held(client) }.and_then(|client| client.connect());
        connected.as_ref().map_or_else(status_of, |()| WHOP_OK)
    })
}

/// Cancels all calls of the client that run now, as a game does that quits: the started ones, and those that other threads
/// wait in. They return within milliseconds as WHOP_CANCELED, unless their answer is here already. A reset that could lose other
/// metadata returns as WHOP_NO_ANSWER, with the membership as it was. Calls that begin later are not affected.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_cancel_all(client: Option<&Client>) {
    guard((), || client.map_or((), |client| client.calls.running.cancel_all()));
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
        self.made.get_or_try_init(|| Ok(Box::new(Arc::new(settings.build_with(self.calls.clone())?))))
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
pub(super) fn set(client: Option<&mut Client>, change: impl FnOnce(&mut ClientBuilder) -> Result<(), Error>) -> Status {
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

pub(super) fn set_text(
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
