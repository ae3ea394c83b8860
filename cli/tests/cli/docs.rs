//! The page about the command line shows what the program says.

use regex::Regex;

use crate::support::{on_machine, run, sandbox};

/// Without what differs from one run to the next.
fn masked(screen: &str) -> String {
    let mut screen = screen.to_owned();
    for (what, mask) in [
        (r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME"),
        (r"127\.0\.0\.1:\d+", "SERVER"),
        (r"in \d+ ms", "in MS"),
        (r"doctor [\d.]+, \w+ \w+", "doctor VERSION"),
        (r"program +[\d.]+", "program VERSION"),
    ] {
        screen = Regex::new(what).unwrap().replace_all(&screen, mask).into_owned();
    }
    screen
}

#[test]
fn screen_in_the_docs_is_a_real_one() {
    let page = include_str!("../../../docs/cli.md");
    let shown = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let whop = sandbox();
    let mut doctor = on_machine("3f0c9a5e7b2d41c68e10a4f7d5b3c297", &["doctor", "--product", "prod_sandbox"]);
    let said = run(doctor.env("WHOP_API_KEY", whop.api_key("full")));
    assert_eq!(masked(shown), masked(&said.stdout));
}
