//! The README shows what is there.

#![cfg(test)]

use std::fs;

use regex::Regex;
use whop_sandbox::LICENSE_KEYS;

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn readme_shows_exactly_the_example_programs() {
    let readme = read("README.md");
    for (language, path) in [
        ("c", "examples/c/check_license.c"),
        ("cpp", "examples/cpp/check_license.cpp"),
        ("python", "examples/python/check_license.py"),
        ("csharp", "examples/csharp/CheckLicense.cs"),
        ("rust", "examples/check_license.rs"),
    ] {
        assert!(readme.contains(&format!("```{language}\n{}```", read(path))), "{path} is not shown as it is");
    }
}

#[test]
fn readme_table_of_license_keys_is_the_sandboxes() {
    let rows: String = LICENSE_KEYS.iter().map(|row| format!("| `{}` | {} |\n", row.key, row.does)).collect();
    let table = format!("\n| license key | validating it |\n|---|---|\n{rows}| anything else | 404 |\n\n");
    assert!(read("README.md").contains(&table), "README.md lacks{table}");
}

#[test]
fn readme_shows_the_vectors_of_the_device_id() {
    let vectors = read("tests/device_v1.txt");
    let rows = vectors.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let [machine, product, device] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let product = if product == "-" { "none".to_owned() } else { format!("`{product}`") };
        format!("| `{machine}` | {product} | `{device}` |\n")
    });
    assert!(read("README.md").contains(&rows.collect::<String>()));
}

#[test]
fn links_to_files_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)#:]+)\)").unwrap();
    for link in link.captures_iter(&read("README.md")) {
        assert!(fs::exists(format!("{}/{}", env!("CARGO_MANIFEST_DIR"), &link[1])).unwrap(), "{}", &link[1]);
    }
}
