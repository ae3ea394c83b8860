//! What `make check` says of a lock that would let in a file without a known hash.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use regex::Regex;
use tempfile::TempDir;

const PYTHON: &str = "bindings/python/requirements-dev";
const NPM: &str = "bindings/csharp/tools/package-lock.json";
const KOFFI: &str = "examples/other/package-lock.json";

/// A copy of the locks, and of what they are made from.
fn locks() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let tools = [
        "bench/requirements",
        "bindings/csharp/tools/requirements",
        "scripts/tools",
        "tests/windows/requirements",
        PYTHON,
    ];
    let files = tools.iter().flat_map(|file| [format!("{file}.in"), format!("{file}.txt")]);
    let npm = [NPM, KOFFI].into_iter().flat_map(|lock| [lock.to_owned(), lock.replace("-lock", "")]);
    for file in files.chain(npm) {
        let to = copy.path().join(&file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file), to).unwrap();
    }
    copy
}

fn check(root: &Path) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/locks.py");
    Command::new("python3").arg(script).arg("--check").arg(root).output().unwrap()
}

#[test]
fn committed_locks_are_complete() {
    let output = check(locks().path());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn every_gap_is_found() {
    for (file, pattern, replacement, complaint) in [
        // No hash, half a hash, a range in place of a pin.
        (&*format!("{PYTHON}.txt"), r"(pluggy==\S+)( \\\n *--hash=\S+)+", "$1", "pluggy==1.7.0: no pin with hashes"),
        (&format!("{PYTHON}.txt"), r"(pluggy==\S+ \\\n *--hash=sha256:\w{60})\w+", "$1", "no pin with hashes"),
        (&format!("{PYTHON}.txt"), "pluggy==", "pluggy>=", "no pin with hashes"),
        (&format!("{PYTHON}.txt"), "^", "--index-url https://example.com\n", "names a place"),
        (&format!("{PYTHON}.in"), r"ruff==\S+", "ruff==99.0", "requirements-dev.txt: lacks ruff==99.0"),
        (&format!("{PYTHON}.in"), r"ruff==\S+", "ruff", "ruff: not NAME==VERSION"),
        (&format!("{PYTHON}.in"), "$", "\nblack==99.0\n", "lacks black==99.0"),
        (NPM, r#""integrity": "[^"]*""#, r#""license": "MIT""#, "@autorest/csharp: no hash"),
        (NPM, "sha512-", "sha1-", "@autorest/csharp: no hash"),
        (NPM, r#""integrity""#, r#""resolved": "https://example.com/a.tgz", "integrity""#, "names the place"),
        (NPM, r#""version": "[^"]*""#, r#""version": "1.0.0""#, "lacks @autorest/csharp"),
        (KOFFI, r#""integrity": "[^"]*""#, r#""license": "MIT""#, "no hash"),
        ("bindings/csharp/tools/package.json", "beta", "alpha", "not of what package.json wants"),
    ] {
        let locks = locks();
        let path = locks.path().join(file);
        let text = fs::read_to_string(&path).unwrap();
        let broken = Regex::new(pattern).unwrap().replace(&text, replacement);
        assert_ne!(text, broken, "{file}: {pattern}");
        fs::write(&path, &*broken).unwrap();
        let output = check(locks.path());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(complaint), "{file}: {pattern}: {said}");
    }
}
