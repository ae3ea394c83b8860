/*
 * whop_license: may this customer run this program, on this device?
 *
 * Asks Whop (https://whop.com) over HTTPS. Not affiliated with Whop.
 * Licensed MIT OR Apache-2.0.
 *
 *     whop_client *client;
 *     whop_response *response;
 *     whop_client_new(api_key, &client);
 *     whop_client_set_product_id(client, "prod_...");
 *     whop_status status = whop_client_validate_license(client, license_key, NULL, &response);
 *     switch (whop_status_verdict(status)) {
 *     case WHOP_ALLOWED: run(); break;
 *     case WHOP_DENIED:  refuse(whop_response_message(response)); break;
 *     default:           keep_what_was_decided_before(whop_response_message(response)); break;
 *     }
 *     whop_response_free(response);
 *     whop_client_free(client);
 *
 * THE DECISION. Nothing but WHOP_OK is a yes. A status of 100 to 199 is a no. Every other one is neither: the
 * network, the API key or the request is at fault, so neither lock the customer out nor let anyone in. Compare with
 * WHOP_ALLOWED: WHOP_UNDETERMINED is not 0, and WHOP_OK is no verdict.
 *
 * THE API. Whop's current API, in versions by date, unless whop_client_set_api() says WHOP_API_V2, which Whop
 * announced to stop on 2026-11-13. The calls, statuses and promises are the same over both.
 *
 * THE API KEY. Whoever has a program can read what is in it, and a key of the current API that binds licenses can change
 * every membership. So no key may be in what customers run: it stays on a server, in a bot or with a tool of
 * yours. A key "sandbox_PORT_NAME" leads to the sandbox on this machine (http://127.0.0.1:PORT/api), every other key to
 * Whop; where the client has a base URL, every key leads there. A key that is read from a file which others can edit can be
 * replaced by a sandbox's, which says yes: set a base URL, or whop_client_set_allow_sandbox() to 0, or do not read keys
 * from there.
 *
 * THE DEVICE. A license is bound to the first device that it is checked on, until it is reset. A server passes on what its
 * customer's program sent, {"hwid":"<their device>"}. NULL in place of metadata_json says "this device", the one that
 * calls: {"hwid":"<device id>"} is stored with the buyer's membership, and nothing else of the machine is sent. The
 * device id lasts at least as long as the operating system's installation; see whop_client_device_id().
 *
 * STRINGS IN are UTF-8, end with NUL, and are copied before the call returns. A string that is NULL, not UTF-8 or too
 * long is WHOP_INVALID_ARGUMENT; metadata_json alone may be NULL. White space around keys, ids and addresses is
 * dropped; from license keys also invisible characters. Keys, ids and addresses may have 1024 bytes, JSON texts 256 KiB.
 *
 * OWNERSHIP. A `T **` parameter hands an object over: free it with its own _free function. What it points to is set to
 * NULL first. Pass NULL for it if you want the status alone. A `const char *` that is returned is borrowed: it lives as
 * long as the object it came from, or for ever if it came from no object. No string is ever to be freed.
 * A _free function does nothing with NULL.
 *
 * THREADS. `const whop_client *` may be used by many threads at once; `whop_client *` by one, while no other
 * uses the client. whop_client_free() alone may come while calls are in flight: once the server has its request, a call
 * holds all that it needs, and ends well. Start no call while the client is being freed: that cannot be protected.
 * A response never changes and may be read by many. A `whop_call` may be asked, waited for and canceled by many, and freed
 * by one when no other uses it. No call takes longer than the client's timeout.
 *
 * WITHOUT BLOCKING. whop_client_start_validate_license() returns at once, and any thread may poll, wait for, or cancel what it
 * started. Nothing calls back. Before a program quits, whop_client_cancel_all() ends what its threads wait in. A process may
 * exit while calls are pending: nothing waits for them. A canceled call decides nothing.
 *
 * PROCESSES. After fork(), or a system call that does the same, a child may use and free what its parent made. It makes
 * connections of its own, and a call that its parent has pending is canceled in the child. As everywhere, POSIX promises
 * little to a child whose parent had other threads.
 *
 * STATUSES are never renumbered. There may be more of them one day: decide by whop_status_verdict().
 *
 * SECRETS. No message holds an API key, a license key or the JSON, which is the buyer's data; of a plan's JSON or of
 * metadata at most a name, number or listed value that is wrong. The only text of Whop's in a message is its reason in
 * WHOP_REJECTED, from which the keys,
 * the metadata's values of 8 or more letters and digits, and e-mail addresses are struck out, also where they are encoded
 * (as in URLs, HTML and JSON; keys and values also in hex and Base64), spaced, or written with accents. A reason that still
 * holds 8 letters or digits of one of them in a row is withheld, and the message says so.
 *
 * The library never exits, prints, starts a program, or changes a signal handler, the locale or the environment. It
 * needs no more than 256 KiB of stack. Once loaded it stays, also after dlclose(), because a name lookup can outlive its call,
 * and the thread of a started call stays for a second.
 * Of the environment it reads the proxy variables alone, in curl's order: https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY,
 * no_proxy, NO_PROXY.
 *
 * MEMORY. Where an argument or an answer finds no room, the call says so (WHOP_INVALID_ARGUMENT, WHOP_NO_ANSWER). Where
 * there is none for what every call needs (about 0.7 MiB, and as much as 2 MiB of address space where a name is looked up),
 * Rust's allocator or the C library ends the process, with lines on stderr.
 *
 * A panic inside it is a bug: it is caught and becomes WHOP_INTERNAL_ERROR without a response, or, in a function that
 * returns no status, the value that says "nothing". Rust's line about it is then on stderr; nothing else is printed.
 */


#ifndef WHOP_LICENSE_H
#define WHOP_LICENSE_H

/* Made from src/ffi by build.rs: do not edit. */

#include <stdint.h>

/* The version of this header; whop_version() is that of the library. */
#define WHOP_LICENSE_VERSION "0.1.0"
#define WHOP_LICENSE_VERSION_MAJOR 0
#define WHOP_LICENSE_VERSION_MINOR 1
#define WHOP_LICENSE_VERSION_PATCH 0

// The verdict of WHOP_OK.
#define WHOP_ALLOWED 1

// The verdict of 100 to 199.
#define WHOP_DENIED 0

// The verdict of every other status.
#define WHOP_UNDETERMINED -1

// Whop's current API, in versions by date.
#define WHOP_API_CURRENT 1

// API v2, which Whop announced to stop on 2026-11-13: for a server of your own that speaks it.
#define WHOP_API_V2 2

// A check that was started.
typedef struct whop_call whop_call;

// The way to Whop with one API key: settings, one product, connections that are kept alive.
//
// A setting that is refused is not forgotten: this client answers every later call with the same status and message,
// so that an unchecked status cannot skip the product check. Free it and begin again.
typedef struct whop_client whop_client;

// What came back. Never changes.
typedef struct whop_response whop_response;

// How a call ended: one of the numbers below.
typedef int32_t whop_status;

// The license entitles here, now; or the plan is created, or the device is free.
#define WHOP_OK 0

// Denied: there is no such license.
#define WHOP_LICENSE_NOT_FOUND 100

// Denied: expired, canceled or unpaid; the license status says which.
#define WHOP_LICENSE_INACTIVE 101

// Denied: bound to another device, until the license is reset.
#define WHOP_DEVICE_MISMATCH 102

// Denied: a license of another product, which Whop's answer names.
#define WHOP_PRODUCT_MISMATCH 103

// Nothing was sent: the message names the argument or setting and its fault.
#define WHOP_INVALID_ARGUMENT 200

// Whop does not accept the API key (401).
#define WHOP_UNAUTHORIZED 201

// The API key lacks the right (403).
#define WHOP_FORBIDDEN 202

// Whop refused the request (400, 422 and other 4xx): the message has its reason.
#define WHOP_REJECTED 203

// No name, connection or trust: nothing was sent, to repeat is safe.
#define WHOP_UNREACHABLE 300

// Sent, then silence, a reset or half an answer: whether it took effect is not known.
#define WHOP_NO_ANSWER 301

// Too many requests (429): wait as long as the answer says.
#define WHOP_RATE_LIMITED 302

// Whop has trouble of its own (5xx).
#define WHOP_SERVER_ERROR 303

// An answer that is not Whop's, or about another license: a web page, a redirect, broken or oversized JSON.
#define WHOP_BAD_RESPONSE 304

// This machine has no identity of its own, or none that this user may read: set a device id, or pass metadata.
#define WHOP_NO_DEVICE_ID 305

// An answer that is not the relay's: nothing in it is signed, by one of the public keys, for this call.
#define WHOP_UNTRUSTED 306

// The call that was started is not done yet.
#define WHOP_PENDING 307

// The call was canceled by this program.
#define WHOP_CANCELED 308

// A bug in this library, caught.
#define WHOP_INTERNAL_ERROR 900

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// What a status decides: WHOP_ALLOWED, WHOP_DENIED or WHOP_UNDETERMINED. Takes any number.
int32_t whop_status_verdict(int32_t status);

// The name of a status, such as "WHOP_DEVICE_MISMATCH"; "WHOP_UNKNOWN" for any other number. Static.
const char *whop_status_name(int32_t status);

// What a status means and what to do about it, in one sentence. Takes any number. Static. The message of a response
// says more.
const char *whop_status_message(int32_t status);

// The version of the library, such as "1.2.3". Static.
const char *whop_version(void);

// Asks whether a license entitles on this device, with a client of default settings: for the first five minutes and
// for one-off tools. It checks no product: any license of the company passes. NULL for metadata_json is the device id
// of no product. See whop_client_validate_license().
whop_status whop_validate_license(const char *api_key,
                                  const char *license_key,
                                  const char *metadata_json,
                                  whop_response **response);

// Asks whether a license entitles on this device.
//
// license_key: the key that the customer typed or pasted, or the membership's id ("mem_..."). An id is not secret: where
// customers type the key, refuse what begins so. White space around it is dropped, and
// so is what nobody can see (zero-width characters, a byte order mark, marks of direction, variation selectors). A
// control character or a line break in it is WHOP_INVALID_ARGUMENT.
//
// metadata_json: NULL, or a JSON object that says which device this is. On a server, which checks for its customers, pass
// what their programs sent, {"hwid":"<their device>"}: NULL is the machine that calls. NULL stands for {"hwid":"<device id>"}, with
// what whop_client_device_id() gives; WHOP_NO_DEVICE_ID if it gives nothing. It is stored with the first call, in the
// metadata of the buyer's membership, and every other is refused from then on (WHOP_DEVICE_MISMATCH), until the
// license is reset. So nothing in an object of your own may change from one start to the next: no time, version or host
// name.
//
// The current API has no call for this: the membership is looked up, judged, bound at first use, and read again, in up
// to three requests, and one more where the API key must be proved good before a license counts as unknown. Of two
// devices that come first at the same moment at least one is allowed, and exactly one at its next check. Values are
// strings of up to 500 characters, in at most 50 pairs; other names in the membership's metadata are the seller's own
// and left alone. So the names say what is compared: take none of them from a customer. "{}" binds nothing and passes on
// every device. To bind needs an API key with member:manage, which must never be shipped; one that
// can only read still confirms a license that is bound already.
//
// A relay (whop_client_new_relay()) takes exactly one pair, of 1 to 256 printable ASCII characters, and no membership's id in
// place of the key. It binds one first use at a time; its answer counts only if it is signed for this call. Where a
// lease file is set and no such answer comes, the newest lease stands in for it: see whop_client_set_lease_file() and
// whop_response_is_offline().
//
// With API v2 metadata_json is sent byte for byte, and Whop binds and judges. Older guides of Whop call "{}" a reset of
// the binding there: it is sent only when written.
//
// Repeating the call is harmless, and the library does it by itself where that may help.
whop_status whop_client_validate_license(const whop_client *client,
                                         const char *license_key,
                                         const char *metadata_json,
                                         whop_response **response);

// Frees the device of a license, of whichever product, so that the next device to check is bound. For a seller's tool,
// never in what is shipped: it needs an API key with member:manage.
//
// What goes is the value under the metadata key ("hwid", or whop_client_set_metadata_key()). Whop cannot delete one name: all
// metadata is cleared, and what else was in it is written back with a second request. Cut off between the two, the
// device is free and the rest is gone from Whop: the status is WHOP_NO_ANSWER then, the message says so, and
// whop_response_json() is the membership as it was before, to write it back from.
//
// WHOP_OK: the device is free, or was; the response is the membership. WHOP_LICENSE_NOT_FOUND: there is no such license.
whop_status whop_client_reset_license(const whop_client *client,
                                      const char *license_key,
                                      whop_response **response);

// Starts whop_client_validate_license() and returns at once: poll the call from your frame loop, wait for it, or stop it.
// It runs on a thread of the library's own, "whop-call", with a stack of 256 KiB, which takes no signal; there are 1024 at
// the most, and beyond that the call ends as WHOP_UNREACHABLE, without a look at a lease. The first start of a client reads its
// device id and trust settings, from files, on the calling thread: whop_client_device_id() does so ahead of need.
//
// WHOP_OK: it is started. A refused argument gives a call too, which is done, and its status here. The client may be freed
// meanwhile: the call goes on.
whop_status whop_client_start_validate_license(const whop_client *client,
                                               const char *license_key,
                                               const char *metadata_json,
                                               whop_call **call);

// Whether the call is done: 1 or 0. Never blocks. 1 for NULL.
int32_t whop_call_is_done(const whop_call *call);

// Waits until the call is done, at most so many milliseconds. 1: done; 0: not yet.
int32_t whop_call_wait(const whop_call *call, uint32_t timeout_ms);

// How the call ended, with the status and response of whop_client_validate_license(); WHOP_PENDING until it is done. Can be
// asked again: each time it hands over a response of its own.
whop_status whop_call_result(const whop_call *call,
                             whop_response **response);

// Ends the call at once as WHOP_CANCELED, from any thread; its own thread leaves the work within milliseconds, whatever it waits
// for, and ends a second later unless another call needs it. Once it is done, this changes nothing. What was sent already may have taken effect: a first use may have bound the
// device, and the next check on it is allowed then. A canceled call uses no lease.
void whop_call_cancel(const whop_call *call);

// Frees the call, and cancels it if it is not done. Never blocks. No other thread may use the call at that time.
void whop_call_free(whop_call *call);

// Waits until a started call of the client is done that this function has not reported yet, at most so many milliseconds.
// 1: one is; 0: none. One thread, or one step of an event loop, can wait so for all calls of a client. A call that was freed
// is not reported. whop_client_cancel_all() ends this wait only through the calls that it cancels.
int32_t whop_client_wait_any(const whop_client *client,
                             uint32_t timeout_ms);

// Creates a plan, with a client of default settings. See whop_client_create_plan().
whop_status whop_create_plan(const char *api_key, const char *plan_json, whop_response **response);

// Creates a plan: the terms on which a product is sold. Needs an API key that must never be shipped to customers.
//
// plan_json: a JSON object, such as {"product_id":"prod_1","initial_price":19.99,"currency":"eur"}; docs/fields.md lists
// the fields of either API. Prices are in major units of the currency: 19.99 is 19 euros and 99 cents. A field of a
// wrong type, of a name or with a value that Whop does not know, is refused before anything is sent, because Whop may
// ignore it and sell the plan on other terms. One that is null is left out. With API v2 a plan's "metadata" is copied
// to each license that is made from it, where it can make the first device check fail.
//
// Of one call comes one plan at the most. The current API takes a creation once, however often it arrives, so that it is
// repeated within the time limit; with API v2 it is repeated only when nothing was sent. After WHOP_NO_ANSWER,
// WHOP_SERVER_ERROR, WHOP_BAD_RESPONSE and WHOP_CANCELED the plan may exist: look before you create it again.
whop_status whop_client_create_plan(const whop_client *client,
                                    const char *plan_json,
                                    whop_response **response);

// Makes a client. One is handed over also when the API key is refused, so that whop_client_message() can say why.
whop_status whop_client_new(const char *api_key,
                            whop_client **client);

// Makes a client that asks a relay of yours in place of Whop, so that nothing secret is in what you ship. It checks
// licenses and does nothing else; a product id must be set.
//
// relay_url: https, or plain http on this machine, without the "/v2".
//
// public_keys: one to four, separated by commas, 43 characters each, as "whop-relay keygen" prints them. Only what the
// holder of the private half of one has signed is believed, neither a yes nor a no of anybody else: WHOP_UNTRUSTED.
whop_status whop_client_new_relay(const char *relay_url,
                                  const char *public_keys,
                                  whop_client **client);

// Why a setting was refused, in one sentence; "" if none was. Borrowed until the next setter; never NULL, never holds a
// secret.
const char *whop_client_message(const whop_client *client);

// The device id, which a NULL metadata_json stands for: what whop_client_set_device_id() was given, else 64 lower-case
// hex digits that last at least as long as the operating system's installation. They tell nothing of the machine, and
// are others for each product, so that sellers cannot match buyers: HMAC-SHA256(machine identity,
// "whop-license/device/v1" || product id). NULL if a setting was refused, or where this machine cannot be told from
// others (WHOP_NO_DEVICE_ID). Borrowed until the next setter.
const char *whop_client_device_id(const whop_client *client);

// Opens a connection ahead of need, as while a splash screen is shown, and keeps it for a minute: the next check is faster by
// its handshakes. Blocks like a call and sends no request. WHOP_OK: one is open; WHOP_UNREACHABLE: none can be opened, and
// the next check will say why; WHOP_CANCELED; WHOP_INVALID_ARGUMENT: see whop_client_message(). Of no use with whop_client_set_max_retries() 0, which uses no connection twice.
whop_status whop_client_connect(const whop_client *client);

// Cancels all calls of the client that run now, as a game does that quits: the started ones, and those that other threads
// wait in. They return within milliseconds as WHOP_CANCELED, unless their answer is here already. A reset that could lose other
// metadata returns as WHOP_NO_ANSWER, with the membership as it was. Calls that begin later are not affected.
void whop_client_cancel_all(const whop_client *client);

// Frees the client. Calls that are in flight in other threads (the server has their requests) end well, each with its
// own answer, and what they use is freed with the last of them. No other function may have the client at that time,
// nor a call that is only about to begin. Responses live on.
void whop_client_free(whop_client *client);

// Which of Whop's APIs is asked, whatever the base URL is: WHOP_API_CURRENT or WHOP_API_V2. If not set: the current
// one. Not for a client that asks a relay.
whop_status whop_client_set_api(whop_client *client,
                                int32_t api);

// The version of the current API, "YYYY-MM-DD" or "YYYY-MM-DD-n". If not set: "2026-09-23". None before 2026-07-23,
// because to bind a license would drop the seller's own metadata there.
whop_status whop_client_set_api_version_date(whop_client *client,
                                             const char *date);

// Whether the current API allows a license whose payment is overdue ("past_due"), as a grace period: 1 or 0. If not
// set: 1. API v2 decides this by itself.
whop_status whop_client_set_allow_past_due(whop_client *client,
                                           int32_t allow);

// The product whose licenses are accepted ("prod_..."), and no other. If not set: any product. Set it: an API key is
// company-wide, so that without it the license key of a free product of the company validates too. It is also a part
// of the device id: whoever sets, changes or drops it in a program that customers have makes every device another one.
whop_status whop_client_set_product_id(whop_client *client,
                                       const char *product_id);

// What tells this device from others: the id of a platform that has one (a console, a store), or a random one that you
// store. If not set: the library's own id. White space around it is dropped; up to 1024 bytes (500 characters with the
// current API, 256 printable ASCII characters with a relay), no control characters.
whop_status whop_client_set_device_id(whop_client *client,
                                      const char *device_id);

// What the device id is called in the metadata that is sent where none is given. If not set: "hwid". For buyers whose
// licenses are bound under another name ("HWID", "deviceId") already, so that they stay bound; set their device id
// too. With the current API a license that is bound under another name counts as free.
whop_status whop_client_set_metadata_key(whop_client *client,
                                         const char *metadata_key);

// The limit of a whole call, name lookup and retries included, in milliseconds: 1 to 600000. If not set: 10000.
whop_status whop_client_set_timeout_ms(whop_client *client,
                                       uint32_t whole_call);

// How often a call is repeated when that is harmless and may help (unreachable, no answer, 502, 503, 504): 0 to 10. If
// not set: 2. With 0 no connection is kept alive, since a server may have closed it meanwhile. A plan is never created
// twice.
whop_status whop_client_set_max_retries(whop_client *client,
                                        uint32_t retries);

// What API v2 gives as objects in place of ids: "product", "user", "plan", "promo_code", separated by commas. If not
// set: nothing. Of these a plan that is created expands "product" alone. With the current API each call is refused.
// Not for a client that asks a relay.
whop_status whop_client_set_expand(whop_client *client,
                                   const char *comma_separated);

// Where requests go, without the "/v1" or "/v2": https, or plain http on this machine. If not set: what the API key
// leads to, which is the sandbox on this machine or "https://api.whop.com/api". If set, a "sandbox_..." key goes there
// like any other. Not for a client that asks a relay.
whop_status whop_client_set_base_url(whop_client *client,
                                     const char *url);

// Whether an API key that leads to the sandbox by itself ("sandbox_PORT_NAME") is taken, also with a base URL: 1 or 0.
// If not set: 1. Say no in programs that read the key from a place that others can edit: whoever writes such a key
// there could answer for Whop. Of a client that asks a relay on this machine: whether that may ask the sandbox in
// place of Whop.
whop_status whop_client_set_allow_sandbox(whop_client *client,
                                          int32_t allow);

// For a client that asks a relay: the file in which its signed answers are kept, so that a license which was allowed
// runs on without network until the lease ends. If not set: nothing is kept. Up to eight licenses, this user's alone,
// safe with several programs at once; beside it stand a ".lock" and, for a moment, a ".new". Choose a place that lasts
// and that the user can write. Where it cannot be used, only the time without network is lost, and the message says
// so. A disk that hangs can make a call last longer than its timeout.
whop_status whop_client_set_lease_file(whop_client *client,
                                       const char *path);

// A PEM file whose certificates alone are trusted. If not set: the bundled ones of the public authorities.
whop_status whop_client_set_ca_file(whop_client *client, const char *pem_path);

// A proxy ("http://USER:PASSWORD@HOST:PORT", or https, socks5h, or socks5, with which this machine looks Whop's name
// up), or none if empty. If not set: the first that is not empty of "https_proxy", "HTTPS_PROXY", "all_proxy" and
// "ALL_PROXY", unless "no_proxy" or "NO_PROXY" lists the host. The certificate of an https proxy is checked like
// Whop's. Plain http, which stays on this machine, never goes through one.
whop_status whop_client_set_proxy(whop_client *client,
                                  const char *url_or_empty);

// Whether a plan may have names and values that this version does not know, for the day Whop adds one: 1 or 0. If not
// set: 0.
whop_status whop_client_set_allow_unknown_plan_fields(whop_client *client,
                                                      int32_t allow);

// The JSON as Whop sent it; NULL if there was none. Borrowed. Holds the buyer's data: keep it out of logs.
const char *whop_response_json(const whop_response *response);

// One sentence for a person, in English. Borrowed; never NULL, never holds a secret.
const char *whop_response_message(const whop_response *response);

// The HTTP status of the answer, such as 201; 0 if there was none.
int32_t whop_response_http_status(const whop_response *response);

// How many milliseconds to wait before the next call; -1 if nothing was said about it.
int64_t whop_response_retry_after_ms(const whop_response *response);

// Whether the yes is that of a lease which was stored earlier, because the relay gave no answer now: 1 or 0. The message
// says why, and until when.
int32_t whop_response_is_offline(const whop_response *response);

// The id of the membership, "mem_..."; NULL if the answer shows none. Borrowed. This and the next four are read from the
// fields of whichever API answered.
const char *whop_response_membership_id(const whop_response *response);

// Where the license stands, such as "active" or "canceled"; NULL if the answer does not say. Borrowed. For people: the
// verdict is the status of the call.
const char *whop_response_license_status(const whop_response *response);

// The id of the product that the license or the plan is of, "prod_..."; NULL if the answer does not say. Borrowed.
const char *whop_response_product_id(const whop_response *response);

// The id of the plan that was bought or created, "plan_..."; NULL if the answer does not say. Borrowed.
const char *whop_response_plan_id(const whop_response *response);

// When the license ends unless it is renewed, in Unix seconds. 1: found and written; 0: it does not expire, or the answer
// does not say.
int32_t whop_response_expires_at(const whop_response *response,
                                 int64_t *unix_seconds);

// A string of the JSON by its RFC 6901 pointer, such as "/status" or "/account/id"; NULL if there is none there.
// Borrowed.
const char *whop_response_string(const whop_response *response,
                                 const char *pointer);

// A whole number of the JSON, such as "/member_count". 1: found and written; 0: none there.
int32_t whop_response_integer(const whop_response *response, const char *pointer, int64_t *value);

// A number of the JSON, also one that Whop sends as a string, such as the price "19.99". 1: found and written;
// 0: none there.
int32_t whop_response_number(const whop_response *response,
                             const char *pointer,
                             double *value);

// A boolean of the JSON: 1 is written for true, 0 for false. 1: found and written; 0: none there.
int32_t whop_response_boolean(const whop_response *response, const char *pointer, int32_t *value);

// How many items an array of the JSON has, or how many members an object: "/data", or "" for the whole. -1: there is
// neither.
int64_t whop_response_count(const whop_response *response,
                            const char *pointer);

// The JSON text of whatever is at a pointer, byte for byte as it was sent: a whole object such as "/metadata", or a number of
// more digits than a double holds; NULL if there is nothing. Borrowed. Each text is copied once, and kept.
const char *whop_response_text(const whop_response *response,
                               const char *pointer);

// Frees the response and all that was borrowed from it.
void whop_response_free(whop_response *response);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* WHOP_LICENSE_H */
