//! Header, C++, Python, C# and documentation say the same. Much of it is generated: this reads what came out.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use regex::{Captures, Regex};

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names and numbers that a pattern finds in a file.
fn numbers(path: &str, pattern: &str) -> BTreeMap<String, i32> {
    let pattern = Regex::new(pattern).unwrap();
    pattern
        .captures_iter(&read(path))
        .map(|found| (found["name"].to_owned(), found["number"].parse().unwrap()))
        .collect()
}

/// The functions that a pattern finds in a file.
fn functions(path: &str, pattern: &str) -> BTreeSet<String> {
    Regex::new(pattern).unwrap().captures_iter(&read(path)).map(|found| found["name"].to_owned()).collect()
}

fn header_numbers() -> BTreeMap<String, i32> {
    let mut numbers = numbers("include/whop_license.h", r"(?m)^#define (?<name>WHOP_[A-Z_]+) (?<number>-?\d+)$");
    numbers.retain(|name, _| !name.starts_with("WHOP_LICENSE_VERSION"));
    assert_eq!(numbers.len(), 19);
    numbers
}

fn header_functions() -> BTreeSet<String> {
    let functions = functions("include/whop_license.h", r"(?m)^[a-z][a-z0-9_ ]+[ *](?<name>whop_\w+)\(");
    assert_eq!(functions.len(), 32);
    functions
}

/// `DeviceMismatch` or `device_mismatch` as `WHOP_DEVICE_MISMATCH`.
fn c_names(numbers: BTreeMap<String, i32>) -> BTreeMap<String, i32> {
    let capital = Regex::new(r"([a-z])([A-Z])").unwrap();
    let c_name = |name: &str| format!("WHOP_{}", capital.replace_all(name, "${1}_$2").to_uppercase());
    numbers.into_iter().map(|(name, number)| (c_name(&name), number)).collect()
}

#[test]
fn every_number_is_the_same_everywhere() {
    let header = header_numbers();
    assert_eq!(
        numbers("bindings/python/whop_license/_native.py", r"(?m)^(?<name>WHOP_[A-Z_]+) = (?<number>-?\d+)$"),
        header
    );

    let mut csharp = numbers("bindings/csharp/src/WhopStatus.cs", CSHARP_NUMBER);
    csharp.extend(numbers("bindings/csharp/src/WhopVerdict.cs", CSHARP_NUMBER));
    assert_eq!(c_names(csharp), header);

    let mut documented = numbers("docs/statuses.md", r"(?m)^\| (?<number>\d+) \| `(?<name>WHOP_[A-Z_]+)` \|");
    documented.extend(numbers("docs/settings.md", r"(?m)^- `(?<name>WHOP_[A-Z0-9_]+)` \((?<number>\d+)\)"));
    documented.extend(header.iter().filter(|(_, number)| **number <= 1).map(|(name, number)| (name.clone(), *number)));
    assert_eq!(documented, header);

    let enumerator = Regex::new(r"(?m)^    ([a-z_]+) = (WHOP_[A-Z_]+),$").unwrap();
    let cpp = read("include/whop_license.hpp");
    let cpp: BTreeMap<_, _> =
        enumerator.captures_iter(&cpp).map(|found| (found[1].to_uppercase(), found[2].to_owned())).collect();
    assert!(cpp.iter().all(|(name, c_name)| *c_name == format!("WHOP_{name}")));
    assert_eq!(cpp.into_values().collect::<BTreeSet<_>>(), header.into_keys().collect());
}

#[test]
fn every_function_is_in_every_mirror() {
    let header = header_functions();
    assert_eq!(functions("bindings/python/whop_license/_native.py", r#"(?m)^    "(?<name>whop_\w+)": \("#), header);
    assert_eq!(functions("include/whop_license.hpp", r"\b(?<name>whop_\w+)\("), header);
    assert_eq!(functions("README.md", r"`(?<name>whop_\w+)\(\)`"), header);
    assert_eq!(functions("tests/exports.txt", r"(?m)^(?<name>whop_\w+)$"), header);
}

/// A parameter's type in C#, where a handle keeps its object from being freed during a call.
fn csharp_parameter(c_type: &str, function: &str) -> &'static str {
    match c_type {
        "int32_t" => "int",
        "uint32_t" => "uint",
        "int32_t *" => "out int",
        "int64_t *" => "out long",
        "double *" => "out double",
        "const char *" => "byte[]",
        "whop_client **" | "whop_response **" => "out IntPtr",
        "whop_client *" | "whop_response *" if function.ends_with("_free") => "IntPtr",
        "whop_client *" | "const whop_client *" => "ClientHandle",
        "const whop_response *" => "ResponseHandle",
        other => panic!("{function}: {other}"),
    }
}

fn csharp_result(c_type: &str) -> &'static str {
    match c_type {
        "void" => "void",
        "int32_t" | "whop_status" => "int",
        "int64_t" => "long",
        "const char *" => "IntPtr",
        other => panic!("{other}"),
    }
}

#[test]
fn every_signature_in_csharp_is_that_of_the_header() {
    let function = Regex::new(r"(?m)^([a-z][a-z0-9_ ]*[ *])(whop_\w+)\(([^)]*)\);").unwrap();
    let parameter = Regex::new(r"^(.*[ *])(\w+)$").unwrap();
    let word = Regex::new(r"_(\w)").unwrap();
    let header: BTreeSet<_> = function
        .captures_iter(&read("include/whop_license.h"))
        .map(|found| {
            let parameters: Vec<_> = found[3]
                .split(',')
                .filter(|declared| *declared != "void")
                .map(|declared| {
                    let declared = parameter.captures(declared.trim()).unwrap();
                    let name = word.replace_all(&declared[2], |letter: &Captures<'_>| letter[1].to_uppercase());
                    format!("{} {name}", csharp_parameter(declared[1].trim(), &found[2]))
                })
                .collect();
            format!("{} {}({})", csharp_result(found[1].trim()), &found[2], parameters.join(", "))
        })
        .collect();
    assert_eq!(header.len(), header_functions().len());

    let import = Regex::new(
        r"\[DllImport\(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true\)\]\s+internal static extern ([^;]+);",
    )
    .unwrap();
    let native = read("bindings/csharp/src/Native.cs");
    // "?" is for the compiler alone.
    let native: BTreeSet<_> = import
        .captures_iter(&native)
        .map(|found| found[1].split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace('?', ""))
        .collect();
    assert_eq!(native, header);
}

#[test]
fn header_is_ascii_so_that_every_compiler_reads_it() {
    assert!(read("include/whop_license.h").is_ascii());
}

#[test]
fn one_version_everywhere() {
    let version = env!("CARGO_PKG_VERSION");
    for (path, line) in [
        ("include/whop_license.h", format!("#define WHOP_LICENSE_VERSION \"{version}\"")),
        ("bindings/python/pyproject.toml", format!("version = \"{version}\"")),
        ("bindings/python/whop_license/_native.py", format!("WHOP_LICENSE_VERSION = \"{version}\"")),
        ("sandbox/Cargo.toml", format!("version = \"{version}\"")),
        ("CHANGELOG.md", format!("## {version}")),
    ] {
        assert!(read(path).contains(&line), "{path} lacks {line}");
    }
}

const CSHARP_NUMBER: &str = r"(?m)^ +(?<name>[A-Z]\w+) = (?<number>-?\d+),$";
