//! The library, the headers and `tests/exports.txt` name the same things.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::workshop::{library, root, run};

type Names = BTreeSet<String>;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// Words of letters, digits and `_`, each with what stands directly after it.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.split_inclusive(move |character| !is_word(character))
        .map(move |piece| piece.split_at(piece.trim_end_matches(|character| !is_word(character)).len()))
}

/// What C sees declared, once the preprocessor has taken the comments away.
fn declared() -> Names {
    let header = run(Command::new("cc").args(["-E", "-P"]).arg(root().join("include/whop_license.h")));
    let functions = words(&header).filter(|(word, after)| word.starts_with("whop_") && *after == "(");
    functions.map(|(word, _)| word.to_owned()).collect()
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let listed: Names = read("tests/exports.txt").lines().map(str::to_owned).collect();
    let symbols = run(Command::new("nm").args(["--dynamic", "--defined-only"]).arg(library()));
    let exported: Names = symbols.lines().filter_map(|line| Some(line.split(' ').next_back()?.to_owned())).collect();

    assert_eq!(declared(), listed, "include/whop_license.h against tests/exports.txt");
    assert_eq!(exported, listed, "the library against tests/exports.txt");
}

#[test]
fn the_cpp_header_covers_every_function_and_every_constant() {
    let header = read("include/whop_license.h");
    let constants = header.lines().filter_map(|line| line.strip_prefix("#define WHOP_")?.split_once(' '));
    let constants = constants.map(|(name, _)| format!("WHOP_{name}")).filter(|name| !name.contains("VERSION"));
    let wanted: Names = constants.chain(declared()).collect();
    assert!(wanted.contains("WHOP_UNREACHABLE"), "no constants found in the header");

    let cpp = read("include/whop_license.hpp");
    let used: Names = words(&cpp).map(|(word, _)| word.to_owned()).collect();
    assert_eq!(wanted.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new());
}
