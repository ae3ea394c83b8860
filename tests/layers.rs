//! The direction of the house: who may know whom.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// The code of the files below a folder, without comments and tests, by their path.
fn code(folder: &str) -> Vec<(PathBuf, String)> {
    // Not the slashes of a URL.
    let comment = Regex::new(r"(?m)(^|\s)//.*$").unwrap();
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
                files.push((path, comment.replace_all(code, "").into_owned()));
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
    let others = |allowed: &'static [&str]| {
        files.iter().filter(|(path, _)| !path.iter().any(|part| allowed.contains(&&*part.to_string_lossy())))
    };
    assert_absent(others(&["lib.rs", "fuzzing.rs", "ffi"]), &["c_char", "ffi::"]);
    assert_absent(others(&["lib.rs", "fuzzing.rs", "ffi", "sys"]), &["unsafe"]);
    // The device opens files with flags of the system.
    assert_absent(others(&["ffi", "sys", "device"]), &["libc::"]);
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
    assert_absent(others, &["machine_uid", "/machine-id", " ring::"]);
    assert_absent(&files, &["Command"]);
}

#[test]
fn c_skin_uses_the_public_rust_api_alone() {
    let table_of_contents = include_str!("../src/lib.rs");
    let modules = Regex::new(r"(?m)^mod (\w+);$").unwrap();
    let mut modules: Vec<_> = modules.captures_iter(table_of_contents).map(|found| found[1].to_owned()).collect();
    // Asks the machine, and knows nothing of licenses.
    modules.retain(|module| module != "memory");
    assert!(modules.contains(&"http".to_owned()), "{modules:?}");
    // By itself, or anywhere in a group.
    let path = Regex::new(&format!(r"(crate|super::super)::(\{{[^;]*?)?\b({})\b", modules.join("|"))).unwrap();
    for (file, text) in code("src/ffi") {
        let found = path.find(&text).map(|found| found.as_str());
        assert_eq!(found, None, "{}", file.display());
    }
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
