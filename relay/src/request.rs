//! A request for a check: what is read of it, and what is refused before anybody is asked.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use whop_license::lease;

use crate::pair;

/// What a program asks, with what it says about the answer that it takes.
pub(crate) struct Request {
    /// Decoded, as it is sent to Whop.
    pub license_key: String,
    pub device: String,
    /// What the answer has to repeat. Without it nothing is signed.
    pub nonce: Option<String>,
    /// The ids of the keys whose signature the program takes.
    pub key_ids: Vec<String>,
    /// The newest grant that the program says it holds.
    pub lease: Option<String>,
}

/// Why a request goes no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 400
    Malformed(&'static str),
    /// 404: license keys are secret, ids are not.
    MembershipId,
    /// 413
    TooLarge,
    /// 415
    MediaType,
    /// 408
    TooSlow,
}

impl Request {
    /// Reads a request. `license_key` is the segment of the path as it came.
    pub fn read(license_key: &str, headers: &HeaderMap, body: &[u8], device_key: &str) -> Result<Self, Refusal> {
        let license_key = self::license_key(license_key)?;
        is_json(headers)?;
        let device = pair::device(body, device_key).ok_or(Refusal::Malformed(
            "expected {\"metadata\":{\"NAME\":\"DEVICE\"}} with the one name that is set here, and 1 to 256 printable \
             ASCII characters",
        ))?;
        Ok(Self { license_key, device, nonce: nonce(headers)?, key_ids: key_ids(headers), lease: lease(headers) })
    }
}

/// The license key in a segment of a path.
fn license_key(segment: &str) -> Result<String, Refusal> {
    let decoded = percent_decode_str(segment).decode_utf8().map_err(|_| Refusal::Malformed("the path is not UTF-8"))?;
    // In the one spelling that Whop is sent: others would pass for ids, and for licenses that are not kept.
    let license_key = lease::license_key(&decoded).map_err(|_| Refusal::Malformed("not a license key"))?;
    if is_membership_id(&license_key) { Err(Refusal::MembershipId) } else { Ok(license_key) }
}

/// Whether Whop would take it for the id of a membership, which is no secret.
pub(crate) fn is_membership_id(license_key: &str) -> bool {
    license_key.get(..MEMBERSHIP.len()).is_some_and(|start| start.eq_ignore_ascii_case(MEMBERSHIP))
}

fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let named = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let media_type = named(header::CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let is_plain = named(header::CONTENT_ENCODING).is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"));
    match media_type.eq_ignore_ascii_case("application/json") && is_plain {
        true => Ok(()),
        false => Err(Refusal::MediaType),
    }
}

fn nonce(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let mut given = headers.get_all(NONCE).iter();
    let (nonce, None) = (given.next(), given.next()) else { return Err(Refusal::Malformed("two nonces")) };
    let Some(nonce) = nonce else { return Ok(None) };
    let text = nonce.to_str().unwrap_or_default();
    match BASE64_URL_SAFE_NO_PAD.decode(text) {
        Ok(bytes) if bytes.len() == NONCE_BYTES => Ok(Some(text.to_owned())),
        _ => Err(Refusal::Malformed("the nonce is not 16 bytes in base64url")),
    }
}

fn key_ids(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(KEYS).iter().filter_map(|line| line.to_str().ok());
    let ids = lines.flat_map(|line| line.split(',')).map(str::trim).filter(|id| !id.is_empty());
    ids.take(MOST_KEYS).map(str::to_owned).collect()
}

/// One that cannot be read is as none: nobody is refused for what he holds.
fn lease(headers: &HeaderMap) -> Option<String> {
    let mut given = headers.get_all(LEASE).iter();
    let (lease, None) = (given.next(), given.next()) else { return None };
    Some(lease?.to_str().ok()?.trim().to_owned())
}

const NONCE: &str = "whop-license-nonce";
const KEYS: &str = "whop-license-keys";
const LEASE: &str = "whop-license-lease";
/// What the id of every membership begins with.
const MEMBERSHIP: &str = "mem_";
const NONCE_BYTES: usize = 16;
/// Twice as many as a program can trust.
const MOST_KEYS: usize = 8;

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const BODY: &[u8] = br#"{"metadata":{"hwid":"pc"}}"#;

    fn headers(more: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in more {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn read(key: &str, headers: &HeaderMap) -> Result<Request, Refusal> {
        Request::read(key, headers, BODY, "hwid")
    }

    #[test]
    fn license_key_is_decoded_and_trimmed() {
        for (segment, key) in [("A-1", "A-1"), ("%20A%2F1%20", "A/1"), ("a%25b", "a%b"), ("a+b", "a+b")] {
            assert_eq!(read(segment, &headers(&[])).ok().unwrap().license_key, key);
        }
        // A zero-width space, a byte order mark, a soft hyphen and a tag, none of which anybody sees.
        for unseen in ["", "%20", "%E2%80%8B", "%EF%BB%BF", "%C2%AD", "%F3%A0%81%81"] {
            for id in ["mem_1", "%6Dem_1", "MEM_1", &format!("m{}em_1", unseen.replace("%20", ""))] {
                assert_eq!(
                    read(&format!("{unseen}{id}"), &headers(&[])).err(),
                    Some(Refusal::MembershipId),
                    "{unseen}{id}"
                );
            }
            let key = read(&format!("{unseen}A-1{unseen}"), &headers(&[])).ok().unwrap().license_key;
            assert_eq!(key, "A-1", "{unseen}");
        }
        for bad in ["%20", "%FF", ".", "..", "%2E%2E", "a%00b", "a%0Ab", &"x".repeat(1025)] {
            assert!(matches!(read(bad, &headers(&[])).err(), Some(Refusal::Malformed(_))), "{bad}");
        }
    }

    #[test]
    fn nonce_is_16_bytes_or_left_out() {
        let good = "AAAAAAAAAAAAAAAAAAAAAA";
        let with = |nonce: &str| read("A", &headers(&[(NONCE, nonce)]));
        assert_eq!(with(good).ok().unwrap().nonce.as_deref(), Some(good));
        assert_eq!(read("A", &headers(&[])).ok().unwrap().nonce, None);
        for bad in [
            "",
            "A",
            &good[1..],
            &format!("{good}=="),
            &format!("{good}A"),
            &good.replace('A', "/"),
            &format!("{}B", &good[1..]),
        ] {
            assert!(with(bad).is_err(), "{bad}");
        }
        assert!(read("A", &headers(&[(NONCE, good), (NONCE, good)])).is_err());
    }

    #[test]
    fn keys_and_lease_refuse_nobody() {
        let given = [(KEYS, " a, ,b,"), (KEYS, "c"), (LEASE, " x.y.z ")];
        let request = read("A", &headers(&given)).ok().unwrap();
        assert_eq!(
            (request.key_ids, request.lease.as_deref()),
            (vec!["a".into(), "b".into(), "c".into()], Some("x.y.z"))
        );
        let twice = read("A", &headers(&[(LEASE, "a"), (LEASE, "b")])).ok().unwrap();
        assert_eq!(twice.lease, None);
    }

    #[test]
    fn only_plain_json_is_read() {
        for media_type in ["application/json", "Application/JSON; charset=utf-8"] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap())]);
            assert!(read("A", &headers).is_ok(), "{media_type}");
        }
        for media_type in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap())]);
            assert_eq!(read("A", &headers).err(), Some(Refusal::MediaType), "{media_type}");
        }
        assert_eq!(read("A", &HeaderMap::new()).err(), Some(Refusal::MediaType));
        assert_eq!(read("A", &headers(&[("content-encoding", "gzip")])).err(), Some(Refusal::MediaType));
    }
}
