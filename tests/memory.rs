//! What a call costs in memory at the most, and what stays behind in memory that is freed.

#![allow(unsafe_code, reason = "what C pays is measured through the C ABI")]
#![cfg(test)]

#[path = "support/allocator.rs"]
mod allocator;
mod support;

use std::ffi::{CStr, CString, c_char, c_void};
use std::io::Write;
use std::ptr;

use allocator::{SECRET, Watching, most_held, secrets_spilt};
use support::{Act, Peer, answer, yes};
use whop_sandbox::{Options, Sandbox};

#[global_allocator]
static ALLOCATOR: Watching = Watching;

const CURRENT: i32 = 1;
const V2: i32 = 2;
/// A relay, which is no API of Whop's.
const RELAY: i32 = 3;
const PUBLIC_KEY: &CStr = c"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const MIB: usize = 1 << 20;
const DEVICE: &CStr = c"{\"hwid\":\"this-device\"}";

unsafe extern "C" {
    fn whop_client_new(api_key: *const c_char, client: *mut *mut c_void) -> i32;
    fn whop_client_new_relay(url: *const c_char, public_keys: *const c_char, client: *mut *mut c_void) -> i32;
    fn whop_client_set_base_url(client: *mut c_void, url: *const c_char) -> i32;
    fn whop_client_set_api(client: *mut c_void, api: i32) -> i32;
    fn whop_client_set_product_id(client: *mut c_void, product_id: *const c_char) -> i32;
    fn whop_client_set_ca_file(client: *mut c_void, pem_path: *const c_char) -> i32;
    fn whop_client_set_proxy(client: *mut c_void, url_or_empty: *const c_char) -> i32;
    fn whop_client_validate_license(
        client: *const c_void,
        license_key: *const c_char,
        metadata_json: *const c_char,
        response: *mut *mut c_void,
    ) -> i32;
    fn whop_response_string(response: *const c_void, pointer: *const c_char) -> *const c_char;
    fn whop_response_free(response: *mut c_void);
    fn whop_client_free(client: *mut c_void);
}

#[test]
fn no_memory_holds_the_api_key_when_it_is_freed() {
    let api_key = CString::new(SECRET).unwrap();
    // The reason of a refusal is searched for the API key.
    let refusal = Act::Send(answer(400, "{\"message\":\"not for you\"}"));
    let peer = Peer::start([yes("this-device"), yes("this-device"), refusal]);
    let url = CString::new(format!("http://{}/api", peer.host())).unwrap();
    let tls = Sandbox::start(Options { tls: true, ..Options::default() }).unwrap();
    let mut ca_file = tempfile::NamedTempFile::new().unwrap();
    ca_file.write_all(tls.ca_pem().unwrap().as_bytes()).unwrap();
    let tls_url = CString::new(format!("https://localhost:{}/api", tls.port())).unwrap();
    let ca_file = CString::new(ca_file.path().to_str().unwrap()).unwrap();

    for (api, url, ca_file) in [
        (CURRENT, &url, None),
        (V2, &url, None),
        (CURRENT, &url, None),
        (V2, &url, None),
        (CURRENT, &tls_url, Some(&ca_file)),
        (V2, &tls_url, Some(&ca_file)),
    ] {
        let spilt = secrets_spilt(|| check(api, &api_key, url, ca_file.map(CString::as_c_str)));
        assert_eq!(spilt, 0, "{api}: {url:?}");
    }
    assert_eq!(peer.seen().iter().filter(|request| request.contains(str::from_utf8(SECRET).unwrap())).count(), 4);
    assert!(!tls.requests().is_empty());
}

/// The texts that cost most for their length: a piece, again and again, between two ends.
const COSTLY: [(&str, &str, &str); 23] = [
    (r#"{"lease":""#, "a.b.", r#""}"#),
    (r#"{"lease":["#, "0,", "0]}"),
    (r#"{"message":"x","lease":{"#, r#""NUMBER":0,"#, r#""":0}}"#),
    (r#"{"id":"mem_1","license_key":"KEY","status":"active","product_id":"prod_sandbox","x":["#, "0,", "0]}"),
    (
        r#"{"id":"mem_1","license_key":"KEY","status":"active","product_id":"prod_sandbox","x":["#,
        r#"{"":{"":[0]}},"#,
        "0]}",
    ),
    (
        r#"{"id":"mem_1","license_key":"KEY","status":"active","product_id":"prod_sandbox","metadata":{"#,
        r#""NUMBER":0,"#,
        r#""":0}}"#,
    ),
    (
        r#"{"id":"mem_1","license_key":"KEY","status":"active","product_id":"prod_sandbox","metadata":{"#,
        r#""NUMBER":"1","#,
        r#""":0}}"#,
    ),
    (r#"{"id":"mem_1","valid":true,"nft_tokens":["#, "0,", "0]}"),
    (r#"{"id":"mem_1","valid":true,"nft_tokens":["#, r#""","#, "0]}"),
    (r#"{"id":"mem_1","valid":true,"nft_tokens":["#, r#""1","#, "0]}"),
    (r#"{"id":"mem_1","valid":true,"nft_tokens":["#, "[0],", "0]}"),
    (r#"{"id":"mem_1","valid":true,"nft_tokens":["#, r#"{"":0},"#, "0]}"),
    (r#"{"id":"mem_1","valid":true,"nft_tokens":["#, r#"{"":{"":[0]}},"#, "0]}"),
    (r#"{"id":"mem_1","valid":true,"product":{"plans":["#, r#""plan_0123456789abc","#, r#"""]}}"#),
    (r#"{"id":"mem_1","valid":true,"user":{"social_accounts":["#, r#"{"":0},"#, "{}]}}"),
    (r#"{"id":"mem_1","valid":true,"metadata":{"#, r#""NUMBER":0,"#, r#""":0}}"#),
    (r#"{"id":"mem_1","valid":true,"metadata":{"#, r#""NUMBER":"1","#, r#""":0}}"#),
    (r#"{"id":"mem_1","valid":true,"email":""#, r"\n", r#""}"#),
    (r#"{"id":"mem_1","valid":true,"email":"PADDING","nft_tokens":["#, r#""12345","#, "0]}"),
    (r#"{"id":"mem_1","valid":true,"unknown":["#, "0,", "0]}"),
    (r#"{"message":""#, "message", r#""}"#),
    ("[", "0,", "0]"),
    ("", "a ", "@"),
];

fn costly((head, piece, tail): (&str, &str, &str), length: usize) -> String {
    let mut body = head.replace("PADDING", &"x".repeat(length / 2));
    let times = (length - body.len() - tail.len()) / piece.replace("NUMBER", "1000000").len();
    if piece.contains("NUMBER") {
        body.extend((1_000_000..).take(times).map(|number| piece.replace("NUMBER", &number.to_string())));
    } else {
        body.push_str(&piece.repeat(times));
    }
    body + tail
}

#[test]
fn an_answer_of_one_mib_costs_no_more_than_eight() {
    for shape in COSTLY {
        for (api, eighths, status) in [
            (V2, 1, 201),
            (V2, 2, 201),
            (V2, 4, 201),
            (V2, 6, 201),
            (V2, 6, 400),
            (V2, 8, 201),
            (CURRENT, 2, 200),
            (CURRENT, 6, 200),
            (CURRENT, 6, 400),
            (CURRENT, 6, 404),
            (CURRENT, 8, 200),
            (RELAY, 2, 201),
            (RELAY, 6, 201),
            (RELAY, 6, 404),
            (RELAY, 8, 201),
        ] {
            let length = eighths * MIB / 8;
            let peer = Peer::start([Act::Send(answer(status, &costly(shape, length)))]);
            let url = CString::new(format!("http://{}/api", peer.host())).unwrap();
            let cost = most_held(|| check(api, c"apik", &url, None));
            println!("{api}: {cost:>8} bytes for {length:>8} of {} and {} after {status}", shape.0, shape.1);
            assert!(cost <= 8 * MIB, "{api}: {cost} bytes for {length} of {}", shape.1);
        }
    }
}

/// One check with a client of its own, and a look at a field.
fn check(api: i32, api_key: &CStr, url: &CStr, ca_file: Option<&CStr>) {
    let (mut client, mut response) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: strings that outlive the calls, and objects that are freed once.
    unsafe {
        if api == RELAY {
            assert_eq!(whop_client_new_relay(url.as_ptr(), PUBLIC_KEY.as_ptr(), &mut client), 0);
        } else {
            assert_eq!(whop_client_new(api_key.as_ptr(), &mut client), 0);
            assert_eq!(whop_client_set_base_url(client, url.as_ptr()), 0);
            assert_eq!(whop_client_set_api(client, api), 0);
        }
        assert_eq!(whop_client_set_proxy(client, c"".as_ptr()), 0);
        assert_eq!(whop_client_set_product_id(client, c"prod_sandbox".as_ptr()), 0);
        if let Some(ca_file) = ca_file {
            assert_eq!(whop_client_set_ca_file(client, ca_file.as_ptr()), 0);
        }
        whop_client_validate_license(client, c"KEY".as_ptr(), DEVICE.as_ptr(), &mut response);
        whop_response_string(response, c"/status".as_ptr());
        whop_response_free(response);
        whop_client_free(client);
    }
}
