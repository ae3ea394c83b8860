//! A license key: it is refused, or one segment of the path that decodes to what is seen of the key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;
use whop_license::fuzzing;

fuzz_target!(|key: &str| {
    let Ok(segment) = fuzzing::segment(key) else {
        let is_refused = matches!(key, "" | "." | "..") || key.len() > 1024;
        assert!(is_refused || !key.bytes().all(|byte| byte.is_ascii_graphic()), "{key:?}");
        return;
    };
    assert!(segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{segment}");
    let sent = String::from_utf8(decoded(&segment).unwrap()).unwrap();
    assert!(!sent.is_empty() && sent == sent.trim() && !sent.contains(char::is_control), "{sent:?}");
    // All in its order, and no character of ASCII is lost but the white space around it.
    let mut rest = key.chars();
    assert!(sent.chars().all(|c| rest.any(|other| other == c)), "{key:?} {sent:?}");
    let ascii = |text: &str| text.chars().filter(char::is_ascii_graphic).collect::<String>();
    assert_eq!(ascii(&sent), ascii(key));
    let url = Url::parse(&format!("https://api.whop.com/api/v2/memberships/{segment}/validate_license")).unwrap();
    let segments: Vec<_> = url.path_segments().unwrap().collect();
    assert_eq!(segments, ["api", "v2", "memberships", &segment, "validate_license"]);
    assert_eq!((url.host_str(), url.query(), url.fragment()), (Some("api.whop.com"), None, None));
});

fn decoded(segment: &str) -> Option<Vec<u8>> {
    let mut bytes = segment.bytes();
    std::iter::from_fn(|| {
        Some(match bytes.next()? {
            b'%' => digit(bytes.next()).zip(digit(bytes.next())).map(|(high, low)| high * 16 + low),
            byte => Some(byte),
        })
    })
    .collect()
}

/// Upper case, as RFC 3986 wants it.
fn digit(byte: Option<u8>) -> Option<u8> {
    match byte? {
        byte @ b'0'..=b'9' => Some(byte - b'0'),
        byte @ b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
