//! The library exports what `tests/exports.txt` lists, and the header declares.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::support::workshop::{library, root, run};

#[test]
fn the_library_exports_what_is_listed_and_nothing_else() {
    let listed = fs::read_to_string(root().join("tests/exports.txt")).unwrap();
    let symbols = run(Command::new("nm").args(["--dynamic", "--defined-only"]).arg(library()));
    let exported: BTreeSet<_> = symbols.lines().filter_map(|line| line.split(' ').next_back()).collect();
    assert_eq!(exported, listed.lines().collect());
}
