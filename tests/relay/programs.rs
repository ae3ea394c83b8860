//! C programs that use a client of a relay from threads and from children.

use crate::support::workshop::{Way, Workshop};
use crate::support::{Peer, Signer};

#[test]
fn children_that_are_forked_while_threads_keep_leases_get_their_own_answers() {
    // To Valgrind, a child has lost what threads of its parent held.
    for (way, count) in [(Way::Plain, 8), (Way::Sanitized, 4)] {
        let signer = Signer::new(1);
        let peer = Peer::start([signer.yes()]);
        let workshop = Workshop::new();
        let leases = workshop.path("leases").display().to_string();
        let arguments = [format!("http://{}", peer.host()), signer.public_key(), leases, count.to_string()];
        workshop.check("tests/c/relay_fork.c", &[], way, &arguments);
        // The parent's first and last, and each thread's and child's.
        assert_eq!(peer.seen().len(), 5 * (2 + 2 * count));
        assert!(workshop.path("leases").is_file());
    }
}
