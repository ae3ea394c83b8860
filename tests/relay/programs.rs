//! C programs that use a client of a relay from threads and from children.

use crate::support::workshop::{Way, Workshop};
use crate::support::{Peer, Signer};

#[test]
fn children_that_are_forked_while_threads_keep_leases_get_their_own_answers() {
    // Plain alone: the allocator of the address sanitizer stays locked in a child if a thread of the parent held it, and to
    // Valgrind a child has lost what those threads held.
    let count = 8;
    let signer = Signer::new(1);
    let peer = Peer::start([signer.yes()]);
    let workshop = Workshop::new();
    let leases = workshop.path("leases").display().to_string();
    let arguments = [format!("http://{}", peer.host()), signer.public_key(), leases, count.to_string()];
    workshop.check("tests/c/relay_fork.c", &[], Way::Plain, &arguments);
    // The parent's first and last, and each thread's and child's.
    assert_eq!(peer.seen().len(), 5 * (2 + 2 * count));
    assert!(workshop.path("leases").is_file());
}
