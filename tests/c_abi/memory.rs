//! A host with little memory. Its program has an allocator of its own, which a sanitizer has too.

use crate::support::workshop::{Way, Workshop};
use crate::support::{Act, Peer, answer};

#[test]
fn host_that_has_little_memory_left_is_told_so_and_goes_on() {
    // The one is long, the other takes much more memory than it is long.
    let long = format!(r#"{{"id":"mem_1","valid":true,"x":"{}"}}"#, "x".repeat(900 << 10));
    let heavy = format!(r#"{{"id":"mem_1","valid":true,"x":[{}0]}}"#, "0,".repeat(40 << 10));
    let [long, heavy] = [long, heavy].map(|body| Act::Send(answer(201, &body)));
    let peer = Peer::start([vec![long; 3], vec![heavy]].concat());
    let url = format!("http://{}/api", peer.host());
    Workshop::new().check("tests/c/no_memory.c", &["-rdynamic"], Way::Plain, &[url]);
}
