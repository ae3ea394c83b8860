//! The direction of the house: who may know whom.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

/// The code of the files below a folder, without comments and tests, by their path.
fn code(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let lines: Vec<_> = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
                files.push((path, lines.join("\n")));
            }
        }
    }
    assert!(!files.is_empty());
    files
}

fn assert_absent<'a>(files: impl IntoIterator<Item = &'a (PathBuf, String)>, words: &[&str]) {
    for (path, text) in files {
        for word in words {
            assert!(!text.contains(word), "{} says {word}", path.display());
        }
    }
}

#[test]
fn only_the_c_skin_knows_c() {
    let files = code("src");
    let core = files.iter().filter(|(path, _)| {
        !path.iter().any(|part| ["lib.rs", "fuzzing.rs", "ffi"].contains(&&*part.to_string_lossy()))
    });
    assert_absent(core, &["unsafe", "c_char", "ffi::", "libc::"]);
}

#[test]
fn only_http_knows_ureq() {
    let files = code("src");
    assert_absent(files.iter().filter(|(path, _)| !path.iter().any(|part| part == "http")), &["ureq", "rustls"]);
}

#[test]
fn only_the_device_asks_the_machine_and_starts_no_program_for_it() {
    let files = code("src");
    let others = files.iter().filter(|(path, _)| !path.iter().any(|part| part == "device"));
    assert_absent(others, &["machine_uid", "machine-id", " ring::"]);
    assert_absent(&files, &["Command"]);
}

#[test]
fn c_skin_uses_the_public_rust_api_alone() {
    let modules = ["answer", "argument", "client", "device", "error", "http", "license", "object", "plan"];
    let paths: Vec<_> = modules.iter().map(|module| format!("crate::{module}::")).collect();
    assert_absent(&code("src/ffi"), &paths.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn license_and_plan_do_not_know_each_other_nor_the_client() {
    let file = |name: &str| {
        let mut files = code("src");
        files.retain(|(path, _)| path.ends_with(Path::new("src").join(name)));
        assert_eq!(files.len(), 1, "{name}");
        files
    };
    assert_absent(&file("license.rs"), &["plan::", "client::"]);
    assert_absent(&code("src/plan"), &["license::", "client::"]);
    assert_absent(&file("error.rs"), &["http::", "license::", "plan::", "client::", "device::"]);
}

#[test]
fn bindings_are_told_the_verdict_and_build_no_url() {
    for folder in ["bindings/python/whop_license", "bindings/csharp/src"] {
        assert_absent(&code(folder), &["/v2/", "Bearer", "reset your key"]);
    }
}
