//! A call ends by its deadline, whatever keeps it waiting.

use crate::support::workshop::{Workshop, alone, run};

#[test]
fn holds_with_a_name_that_never_resolves() {
    let workshop = Workshop::new();
    let preloaded = workshop.preloaded("tests/c/never_resolves.c");
    let program = workshop.compile("tests/c/deadline.c", &[]);
    run(alone(program).args(["https://whop.example/api", "500", "300"]).env("LD_PRELOAD", preloaded));
}
