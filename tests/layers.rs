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

fn file(path: &str) -> Vec<(PathBuf, String)> {
    let path = Path::new(path);
    let mut files = code(path.parent().unwrap().to_str().unwrap());
    files.retain(|(found, _)| found.ends_with(path));
    assert_eq!(files.len(), 1, "{}", path.display());
    files
}

/// All but those in these folders, or of these names.
fn others<'a>(files: &'a [(PathBuf, String)], allowed: &'a [&'a str]) -> impl Iterator<Item = &'a (PathBuf, String)> {
    files.iter().filter(|(path, _)| !path.iter().any(|part| allowed.contains(&&*part.to_string_lossy())))
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
    assert_absent(others(&files, &["lib.rs", "fuzzing.rs", "ffi"]), &["c_char", "ffi::"]);
    assert_absent(others(&files, &["lib.rs", "fuzzing.rs", "ffi", "sys"]), &["unsafe"]);
    // The device and the lease file open files with flags of the system.
    assert_absent(others(&files, &["ffi", "sys", "device", "lease"]), &["libc::"]);
}

#[test]
fn only_http_knows_ureq() {
    let files = code("src");
    assert_absent(others(&files, &["http"]), &["ureq", "rustls"]);
}

#[test]
fn only_the_device_asks_the_machine_and_starts_no_program_for_it() {
    let files = code("src");
    assert_absent(others(&files, &["device"]), &["machine_uid", "/machine-id"]);
    assert_absent(&files, &["Command"]);
}

#[test]
fn only_devices_leases_and_the_system_hash_sign_or_draw_lots() {
    let files = code("src");
    // rustls is given ring by http, and asks it itself.
    assert_absent(others(&files, &["device", "lease", "sys"]), &["use ring", " ring::"]);
    assert_absent(others(&files, &["http"]), &["fastrand"]);
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
fn check_and_plan_do_not_know_each_other_nor_the_client() {
    assert_absent(&code("src/check"), &["plan::", "client::", "ffi::"]);
    assert_absent(&code("src/plan"), &["crate::check", "super::super", "client::", "ffi::"]);
    let mut http = code("src/http");
    for (_, text) in &mut http {
        // The one of TLS.
        *text = text.replace("rustls::client::", "");
    }
    assert_absent(&http, &["check::", "plan::", "client::", "model::", "refusal::"]);
    assert_absent(&code("src/model"), &["check::", "plan::", "client::", "http::", "answer::"]);
    assert_absent(&file("src/refusal.rs"), &["http::", "check::", "plan::", "client::"]);
    assert_absent(&file("src/error.rs"), &["http::", "check::", "plan::", "client::", "device::"]);
}

#[test]
fn apis_do_not_know_each_other() {
    for folder in ["src/check", "src/plan"] {
        assert_absent(
            &file(&format!("{folder}/current.rs")),
            &["/v2/", "Api::V2", "super::v2", "plan::v2", "check::v2"],
        );
        assert_absent(&file(&format!("{folder}/v2.rs")), &["/v1/", "Api::Current", "current"]);
    }
    // For the names of API v2, which the current one has given up.
    assert_absent(&file("src/check/current.rs"), &["v2"]);
    // Where a path of Whop's stands.
    let files = code("src");
    assert_absent(others(&files, &["current.rs", "base_url.rs", "model"]), &["/v1/"]);
    assert_absent(others(&files, &["v2.rs", "relay", "base_url.rs", "model"]), &["/v2/"]);
    assert_absent(&code("src/check/relay"), &["/v1/", "current::", "v2::", "Api::"]);
    assert_absent(&code("src/lease"), &["check::", "plan::", "client::", "http::", "answer::"]);
}

#[test]
fn one_place_says_yes() {
    let mut files = code("src");
    for (_, text) in &mut files {
        // To look whether it was said is not to say it.
        *text = text.replace("Allowed(_)", "");
    }
    assert_absent(others(&files, &["check"]), &["Allowed("]);
    let says: Vec<_> = files.iter().filter(|(_, text)| text.contains("Verdict::Allowed(")).collect();
    let [(place, text)] = &says[..] else { panic!("{says:?}") };
    assert!(place.ends_with("src/check/mod.rs"), "{}", place.display());
    assert_eq!(text.matches("Allowed(").count(), 1);
    // Where it is defined, it is taken apart and never made.
    assert_absent(&file("src/check/verdict.rs"), &["-> Self", "-> Verdict"]);
}

#[test]
fn bindings_are_told_the_verdict_and_build_no_url() {
    for folder in ["bindings/python/whop_license", "bindings/csharp/src"] {
        assert_absent(&code(folder), &["/v1/", "/v2/", "Bearer", "reset your key"]);
    }
}
