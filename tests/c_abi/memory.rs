//! A host with little memory. Its program has an allocator of its own, which a sanitizer has too.

use crate::peers::{CURRENT, V2};
use crate::support::workshop::{Way, Workshop};
use crate::support::{Act, Peer, answer};

/// What either API answers about a license, with a field more.
fn membership(metadata: &str, more: &str) -> Act {
    let fields = r#""id":"mem_1","license_key":"KEY","status":"active","valid":true"#;
    Act::Send(answer(200, &format!(r#"{{{fields},"metadata":{metadata},"x":{more}}}"#)))
}

#[test]
fn host_that_has_little_memory_left_is_told_so_and_goes_on() {
    let bound = r#"{"hwid":"no memory"}"#;
    // The one is long, the other takes much more memory than it is long.
    let long = membership(bound, &format!(r#""{}""#, "x".repeat(900 << 10)));
    let heavy = membership(bound, &format!("[{}0]", "0,".repeat(40 << 10)));
    for api in [CURRENT, V2] {
        let peer = Peer::start([vec![long.clone(); 3], vec![heavy.clone()]].concat());
        let first_use = Peer::start([membership("{}", "0"), membership(bound, "0"), long.clone()]);
        let url = |peer: &Peer| format!("http://{}/api", peer.host());
        let first_use = if api == CURRENT { url(&first_use) } else { "-".into() };
        let arguments = [api.into(), url(&peer), first_use];
        Workshop::new().check("tests/c/no_memory.c", &["-rdynamic"], Way::Plain, &arguments);
    }
}
