//! License keys of any form arrive at the relay as they were typed, and its hash of them is ours.

use whop_license::lease::license_key_sha256;

use crate::support::signer::Asked;
use crate::support::{DEVICE, Peer, Signer};

#[test]
fn relay_that_decodes_the_path_once_hashes_the_same_key() {
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    let client = peer.relay_client(&signer).build().unwrap();
    let longest = "é".repeat(512);
    for (typed, sent) in [
        ("KEY-1", "KEY-1"),
        ("key-1", "key-1"),
        (" KEY-1\t", "KEY-1"),
        ("\u{feff}KEY\u{200b}-1\u{2060}", "KEY-1"),
        ("KEY 1", "KEY 1"),
        ("a/b", "a/b"),
        ("a\\b", "a\\b"),
        ("../../v1/plans", "../../v1/plans"),
        ("...", "..."),
        ("a/../b", "a/../b"),
        ("a//b", "a//b"),
        ("a?b#c;d=e&f", "a?b#c;d=e&f"),
        ("100%", "100%"),
        ("100%25", "100%25"),
        ("a%2Fb", "a%2Fb"),
        ("%2e%2e", "%2e%2e"),
        ("mem%5F1", "mem%5F1"),
        ("MEM_1", "MEM_1"),
        ("a+b", "a+b"),
        ("Ключ-1", "Ключ-1"),
        ("e\u{301}", "e\u{301}"),
        ("é", "é"),
        ("許可証🔑", "許可証🔑"),
        ("\"<>{}|^`'", "\"<>{}|^`'"),
        (&longest, &longest),
    ] {
        let verdict = client.validate_license(typed, DEVICE).unwrap();
        assert!(verdict.is_allowed(), "{typed}");
        let request = peer.seen().pop().unwrap();
        assert_eq!(Asked::read(&request).license_key, sent);
        let path = request.split(' ').nth(1).unwrap();
        assert!(path.bytes().all(|byte| byte.is_ascii_graphic()), "{path}");
        assert_eq!(path.matches('/').count(), 4, "{path}: one segment");
        assert_eq!(license_key_sha256(typed).unwrap(), license_key_sha256(sent).unwrap());
    }
    // What differs is another license.
    let hash = |key| license_key_sha256(key).unwrap();
    assert_ne!(hash("KEY-1"), hash("key-1"));
    assert_ne!(hash("e\u{301}"), hash("é"));
    assert_ne!(hash("a%2Fb"), hash("a/b"));
}
