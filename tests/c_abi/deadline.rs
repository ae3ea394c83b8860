//! A call ends by its deadline, whatever keeps it waiting.

use crate::support::Signer;
use crate::support::workshop::{Workshop, alone, run};

#[test]
fn holds_with_a_name_that_never_resolves() {
    let workshop = Workshop::new();
    let preloaded = workshop.preloaded("tests/c/never_resolves.c");
    let program = workshop.compile("tests/c/deadline.c", &[]);
    run(alone(&program).args(["https://whop.example/api", "500", "300"]).env("LD_PRELOAD", &preloaded));
    let public_key = Signer::new(1).public_key();
    run(alone(program).args(["https://relay.example", "500", "300", &public_key]).env("LD_PRELOAD", preloaded));
}
