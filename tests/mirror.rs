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
    let mut numbers = numbers("include/whop_license.h", r"(?m)^#define (?<name>WHOP_[A-Z0-9_]+) (?<number>-?\d+)$");
    numbers.retain(|name, _| !name.starts_with("WHOP_LICENSE_VERSION"));
    assert!(numbers.contains_key("WHOP_OK") && numbers.contains_key("WHOP_API_V2"), "{numbers:?}");
    numbers
}

fn header_functions() -> BTreeSet<String> {
    let functions = functions("include/whop_license.h", r"(?m)^[a-z][a-z0-9_ ]+[ *](?<name>whop_\w+)\(");
    assert!(functions.contains("whop_version") && functions.contains("whop_response_expires_at"), "{functions:?}");
    functions
}

/// The statuses among the numbers.
fn statuses(numbers: &BTreeMap<String, i32>) -> BTreeMap<String, i32> {
    let others = ["WHOP_ALLOWED", "WHOP_DENIED", "WHOP_UNDETERMINED"];
    let is_status = |name: &str| !others.contains(&name) && !name.starts_with("WHOP_API_");
    numbers.iter().filter(|(name, _)| is_status(name)).map(|(name, number)| (name.clone(), *number)).collect()
}

/// `DeviceMismatch` as `WHOP_DEVICE_MISMATCH`.
fn c_names(prefix: &str, numbers: BTreeMap<String, i32>) -> BTreeMap<String, i32> {
    let capital = Regex::new(r"([a-z])([A-Z])").unwrap();
    let c_name = |name: &str| format!("{prefix}{}", capital.replace_all(name, "${1}_$2").to_uppercase());
    numbers.into_iter().map(|(name, number)| (c_name(&name), number)).collect()
}

#[test]
fn every_number_is_the_same_everywhere() {
    let header = header_numbers();
    let python = "bindings/python/whop_license";
    assert_eq!(numbers(&format!("{python}/_header.py"), r"(?m)^(?<name>WHOP_[A-Z0-9_]+) = (?<number>-?\d+)$"), header);
    let status = numbers(&format!("{python}/status.py"), r"(?m)^    (?<name>[A-Z_]+) = (?<number>\d+)$");
    assert_eq!(c_names("WHOP_", status), statuses(&header));

    let csharp = |file: &str, prefix| c_names(prefix, numbers(&format!("bindings/csharp/src/{file}"), CSHARP_NUMBER));
    let mut all = csharp("WhopStatus.cs", "WHOP_");
    all.extend(csharp("WhopApi.cs", "WHOP_API_"));
    // Verdicts have numbers of C#'s own: there one that nobody has set must not be a denial.
    let verdicts = csharp("WhopVerdict.cs", "WHOP_");
    assert_eq!(verdicts.get("WHOP_UNDETERMINED"), Some(&0));
    all.extend(verdicts.into_keys().filter_map(|name| header.get_key_value(&name)).map(|(name, n)| (name.clone(), *n)));
    assert_eq!(all, header);

    assert_eq!(numbers("docs/statuses.md", r"(?m)^\| (?<number>\d+) \| `(?<name>WHOP_[A-Z_]+)` \|"), statuses(&header));

    let enumerator = Regex::new(r"(?m)^    ([a-z0-9_]+) = (WHOP_[A-Z0-9_]+),$").unwrap();
    let cpp = read("include/whop_license.hpp");
    let cpp: BTreeMap<_, _> =
        enumerator.captures_iter(&cpp).map(|found| (found[2].to_owned(), found[1].to_uppercase())).collect();
    assert!(cpp.iter().all(|(c_name, name)| c_name.trim_start_matches("WHOP_").trim_start_matches("API_") == name));
    assert_eq!(cpp.into_keys().collect::<BTreeSet<_>>(), header.into_keys().collect());
}

#[test]
fn every_status_comes_from_somewhere() {
    let skin =
        ["license", "plan", "response", "guard", "client"].map(|file| read(&format!("src/ffi/{file}.rs"))).concat();
    for name in statuses(&header_numbers()).keys() {
        assert!(skin.contains(name), "no call ends with {name}");
    }
}

#[test]
fn every_setting_is_a_method_of_the_rust_client() {
    let settings = functions("api/settings.json", r#"(?m)^  \{"name": "(?<name>\w+)""#);
    assert!(settings.contains("product_id"), "{settings:?}");
    let setters = functions("include/whop_license.h", r"\bwhop_client_set_(?<name>\w+)\(whop_client");
    assert_eq!(setters, settings);
    let methods = functions("src/client.rs", r"(?m)^    pub fn (?<name>\w+)\(&mut self");
    assert_eq!(
        methods.into_iter().map(|name| name.replace("timeout", "timeout_ms")).collect::<BTreeSet<_>>(),
        settings
    );
}

#[test]
fn every_function_is_in_every_mirror() {
    let header = header_functions();
    assert_eq!(functions("bindings/python/whop_license/_header.py", r#"(?m)^    "(?<name>whop_\w+)": \("#), header);
    assert_eq!(functions("include/whop_license.hpp", r"\b(?<name>whop_\w+)\("), header);
    let mut documented = functions("README.md", r"`(?<name>whop_\w+)\(\)`");
    documented.extend(functions("docs/settings.md", r"`(?<name>whop_\w+)\(\)`"));
    assert_eq!(documented, header);
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
        "whop_client **" | "whop_call **" | "whop_response **" => "out IntPtr",
        "whop_client *" | "whop_call *" | "whop_response *" if function.ends_with("_free") => "IntPtr",
        "whop_client *" | "const whop_client *" => "ClientHandle",
        "const whop_call *" => "CallHandle",
        "const whop_response *" => "IntPtr",
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
    let native = read("bindings/csharp/src/NativeFunctions.cs");
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
        ("bindings/python/whop_license/_header.py", format!("WHOP_LICENSE_VERSION = \"{version}\"")),
        ("sandbox/Cargo.toml", format!("version = \"{version}\"")),
        ("CHANGELOG.md", format!("## {version}")),
    ] {
        assert!(read(path).contains(&line), "{path} lacks {line}");
    }
}

const CSHARP_NUMBER: &str = r"(?m)^ +(?<name>[A-Z]\w+) = (?<number>-?\d+),$";
