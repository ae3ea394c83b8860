//! Built so that a panic ends the program, the library refuses to compile.

#![cfg(test)]

use std::process::Command;

/// What the compiler says of the library. It is alone with it, so that it always complains about missing crates as well.
fn complaints(strategy: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    rustc.args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "-C", &format!("panic={strategy}")]);
    rustc.arg("--out-dir").arg(directory.path()).arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs"));
    String::from_utf8(rustc.output().unwrap().stderr).unwrap()
}

#[test]
fn abort_is_refused_and_unwind_is_not() {
    let refusal = "error: with panic = \"abort\" a bug in this library would end the host program";
    assert!(complaints("abort").contains(refusal));
    assert!(!complaints("unwind").contains(refusal));
}
