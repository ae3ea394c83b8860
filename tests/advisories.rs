//! What `make check` says of security advisories, with a database of the test's own.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const NOT_CHECKED: &str = "advisories: NOT CHECKED, the database cannot be reached\n";

/// Runs git, and fails unless it succeeds.
fn git(folder: &Path, arguments: &[&str]) {
    let author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    let output = Command::new("git").current_dir(folder).args(author).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A database with one advisory: about versions of `ring` below this one.
fn database(fixed_in: &str) -> TempDir {
    let database = tempfile::tempdir().unwrap();
    let crates = database.path().join("crates/ring");
    fs::create_dir_all(&crates).unwrap();
    let head = "[advisory]\nid = \"RUSTSEC-2099-0001\"\npackage = \"ring\"\ndate = \"2099-01-01\"\n";
    let versions = format!("[versions]\npatched = [\">= {fixed_in}\"]\n");
    let advisory = format!("```toml\n{head}\n{versions}```\n\n# Every signature is good\n\nMade up.\n");
    fs::write(crates.join("RUSTSEC-2099-0001.md"), advisory).unwrap();
    git(database.path(), &["init", "--quiet", "--initial-branch=main"]);
    git(database.path(), &["add", "."]);
    git(database.path(), &["commit", "--quiet", "--message=One advisory"]);
    database
}

/// Runs `scripts/advisories.sh` with this URL in place of the database's, and more in deny.toml.
fn check(url: &str, more: &str) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let fetched = format!("[advisories]\ndb-path = {:?}\n", folder.path().join("fetched"));
    let config = folder.path().join("deny.toml");
    fs::write(&config, [&fs::read_to_string(root.join("deny.toml")).unwrap(), &*fetched, more].concat()).unwrap();
    let mut script = Command::new(root.join("scripts/advisories.sh"));
    script.arg(&config).envs([("GIT_CONFIG_COUNT", "2"), ("ADVISORIES_TIMEOUT", "3")]);
    script.envs([("GIT_CONFIG_KEY_0", "protocol.ext.allow"), ("GIT_CONFIG_VALUE_0", "always")]);
    script.env("GIT_CONFIG_KEY_1", format!("url.{url}.insteadOf"));
    script.env("GIT_CONFIG_VALUE_1", "https://github.com/RustSec/advisory-db");
    script.output().unwrap()
}

#[test]
fn known_advisory_fails() {
    let vulnerable = database("99.0.0");
    let output = check(&format!("file://{}", vulnerable.path().display()), "");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("RUSTSEC-2099-0001"), "{said}");
}

#[test]
fn no_advisory_passes() {
    let fixed = database("0.1.0");
    let output = check(&format!("file://{}", fixed.path().display()), "");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "advisories ok\n");
}

#[test]
fn database_out_of_reach_is_said() {
    for nowhere in ["file:///nowhere", "ext::sleep 60"] {
        let output = check(nowhere, "");
        assert!(output.status.success(), "{nowhere}: {output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), NOT_CHECKED, "{nowhere}");
    }
}

#[test]
fn fault_of_our_own_is_not_taken_for_a_network_out_of_reach() {
    let output = check("file:///nowhere", "no-such-setting = 1\n");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{output:?}");
    assert!(said.contains("no-such-setting"), "{said}");
}
