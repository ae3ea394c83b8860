//! `doctor --scan`: what is found in a build, and what is said of it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Said, run, tool};

pub const KEY: &str = "apik_aB3dE5gH7jK9mN1pQ3sT";

pub fn scan(folder: &Path, more: &[&str]) -> Said {
    let said = run(&mut tool(&[&["doctor", "--scan", folder.to_str().unwrap()], more].concat()));
    said.lacks(KEY).lacks(&KEY[5..]);
    said
}

/// Path and offset of what was found.
fn places(told: &Value) -> Vec<(&str, u64)> {
    let found = told["found"].as_array().unwrap().iter();
    found.map(|found| (found["path"].as_str().unwrap(), found["offset"].as_u64().unwrap())).collect()
}

pub fn write(path: &Path, parts: &[&[u8]]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, parts.concat()).unwrap();
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn key_is_found_in_nested_folders_in_utf16_and_where_two_parts_meet() {
    let build = tempfile::tempdir().unwrap();
    write(&build.path().join("readme.txt"), &[b"nothing here"]);
    write(&build.path().join("a/b/c/game.dll"), &[&[0; 33], &utf16(KEY), &[0; 9]]);
    write(&build.path().join("a/config.json"), &[b"{\"key\":\"", KEY.as_bytes(), b"\"}"]);
    write(&build.path().join("large.bin"), &[&vec![7; (1 << 20) - 5], KEY.as_bytes(), &vec![7; 1 << 20]]);
    let said = scan(build.path(), &["--json"]);
    assert_eq!(said.status, 1, "{said:?}");
    let told = said.json();
    let game = Path::new("a/b/c/game.dll").display().to_string();
    let config = Path::new("a/config.json").display().to_string();
    assert_eq!(places(&told), [(&*game, 33), (&*config, 8), ("large.bin", (1 << 20) - 5)]);
    assert_eq!(
        told["found"][1],
        json!({"path": config, "offset": 8, "kind": "api_key", "begins": "apik", "length": 25})
    );
    assert_eq!((&told["files"], &told["unread"]), (&json!(4), &json!([])));
    let said = scan(build.path(), &[]);
    said.has("at byte 33: an API key of Whop: \"apik…\"").has("3 found in 4 files");
}

#[test]
fn clean_build_passes_and_sandbox_keys_are_a_note() {
    let build = tempfile::tempdir().unwrap();
    write(
        &build.path().join("lib.so"),
        &[b"whop_client_validate_license\0whop_response_json\0-----BEGIN PRIVATE KEY-----\0"],
    );
    let said = scan(build.path(), &[]);
    assert_eq!(said.status, 0, "{said:?}");
    write(&build.path().join("config"), &[b"sandbox_8080_full"]);
    let said = scan(build.path(), &["--json"]);
    assert_eq!((said.status, &said.json()["found"][0]["kind"]), (0, &json!("sandbox_key")), "{said:?}");
    let whole = tempfile::tempdir().unwrap();
    assert_eq!(scan(whole.path(), &[]).status, 0);
}

/// With its symbols, thousands of which hold `whop_`, and the library of this project within.
#[test]
fn program_of_this_project_is_clean() {
    let build = tempfile::tempdir().unwrap();
    fs::copy(env!("CARGO_BIN_EXE_whop-license"), build.path().join("program")).unwrap();
    let said = scan(build.path(), &["--json"]);
    let secret = said.json()["found"].as_array().unwrap().iter().filter(|found| found["kind"] != "sandbox_key").count();
    assert_eq!((said.status, secret), (0, 0), "{said:?}");
}

#[test]
fn signing_key_and_the_key_in_use_are_found() {
    let build = tempfile::tempdir().unwrap();
    let (_, pem) = whop_relay::SigningKey::generate().unwrap();
    let pem = secrecy::ExposeSecret::expose_secret(&pem).to_owned();
    write(&build.path().join("key.pem"), &[pem.as_bytes()]);
    write(&build.path().join("strange"), &[b"?? an-old-key-of-no-shape ??"]);
    let arguments = ["doctor", "--scan", build.path().to_str().unwrap(), "--json"];
    let said = run(tool(&arguments).env("WHOP_API_KEY", "an-old-key-of-no-shape"));
    let told = said.json();
    assert_eq!((said.status, places(&told)[0]), (1, ("key.pem", 0)), "{said:?}");
    assert_eq!(told["found"].as_array().unwrap().last().unwrap()["kind"], "given_key");
    for line in pem.lines().filter(|line| !line.starts_with('-')) {
        said.lacks(line);
    }
    assert_eq!(places(&run(&mut tool(&arguments)).json()).iter().filter(|(path, _)| *path == "strange").count(), 0);
}

/// By the program that writes such files.
#[test]
fn keys_of_every_length_are_found_in_a_compiled_module_of_python() {
    let build = tempfile::tempdir().unwrap();
    let (source, compiled) = (build.path().join("source.py"), build.path().join("compiled.pyc"));
    let key = |length| -> String { "apik_".chars().chain(KEY[5..].chars().cycle()).take(length).collect() };
    let keys: Vec<String> = (20..=70).map(key).collect();
    let function = |(at, key): (usize, &String)| format!("def f{at}():\n    return ('hello', '{key}', 'next')\n");
    fs::write(&source, keys.iter().enumerate().map(function).collect::<String>()).unwrap();
    let compile = "import py_compile, sys; py_compile.compile(*sys.argv[1:], doraise=True)";
    let mut python = std::process::Command::new("python3");
    assert!(python.args(["-c", compile]).args([&source, &compiled]).status().unwrap().success());
    fs::remove_file(&source).unwrap();
    let said = run(&mut tool(&["doctor", "--scan", build.path().to_str().unwrap(), "--json"]));
    assert_eq!((said.status, said.json()["found"].as_array().unwrap().len()), (1, keys.len()), "{said:?}");
}

#[test]
fn key_in_the_name_of_a_file_is_not_shown() {
    let build = tempfile::tempdir().unwrap();
    write(&build.path().join(format!("{KEY}/a-given-key.txt")), &[KEY.as_bytes()]);
    scan(build.path(), &[]).has("FOUND: apik…").has("in the name");
    scan(&build.path().join(KEY).join("missing"), &[]).has("apik…");
    let mut command = tool(&["doctor", "--scan", build.path().to_str().unwrap()]);
    run(command.env("WHOP_API_KEY", "a-given-key")).has("a-gi….txt").lacks("a-given-key");
}

#[test]
fn key_in_a_name_alone_is_found() {
    for name in [format!("{KEY}/empty"), format!("folder/{KEY}.txt")] {
        let build = tempfile::tempdir().unwrap();
        write(&build.path().join(name), &[]);
        let said = scan(build.path(), &["--json"]);
        let found = said.json()["found"].as_array().unwrap().clone();
        assert_eq!((said.status, found.len(), &found[0]["kind"]), (1, 1, &json!("api_key")), "{said:?}");
    }
}

#[test]
fn list_for_one_file_is_bounded_and_says_how_much_more_there_is() {
    let build = tempfile::tempdir().unwrap();
    // The notes come first, and must not hide the keys.
    let notes = "sandbox_8080_full\n".repeat(150);
    write(&build.path().join("file"), &[notes.as_bytes(), format!("{KEY}\n").repeat(50_000).as_bytes()]);
    write(&build.path().join("other"), &[KEY.as_bytes()]);
    let said = scan(build.path(), &["--json"]);
    let told = said.json();
    assert_eq!((said.status, told["found"].as_array().unwrap().len()), (1, 201));
    assert_eq!(told["more"], json!([{"path": "file", "found": 49_900, "notes": 50, "unread": 0}]));
    scan(build.path(), &[]).has("and more: file: 49900 found, 50 notes").has("50001 found in 2 files");
}

#[cfg(unix)]
#[test]
fn folder_that_is_a_link_is_looked_through() {
    let (build, links) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(&build.path().join("key"), &[KEY.as_bytes()]);
    let link = links.path().join("link");
    std::os::unix::fs::symlink(build.path(), &link).unwrap();
    let said = scan(&link, &["--json"]);
    assert_eq!((said.status, places(&said.json())), (1, vec![("key", 0)]), "{said:?}");
    assert_eq!((&said.json()["links"], &said.json()["unread"]), (&json!(0), &json!([])));
}

#[test]
fn given_key_that_is_too_short_to_be_searched_for_is_told() {
    let build = tempfile::tempdir().unwrap();
    let mut command = tool(&["doctor", "--scan", build.path().to_str().unwrap()]);
    let said = run(command.env("WHOP_API_KEY", "seven77"));
    assert!(said.status == 2 && said.stderr.contains("WHOP_API_KEY or --api-key-file: "), "{said:?}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_what_is_no_file_is_named() {
    let (build, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(&elsewhere.path().join("key"), &[KEY.as_bytes()]);
    std::os::unix::fs::symlink(elsewhere.path(), build.path().join("folder")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("key"), build.path().join("file")).unwrap();
    let said = scan(build.path(), &["--json"]);
    assert_eq!((said.status, &said.json()["links"]), (0, &json!(2)), "{said:?}");
    let _socket = std::os::unix::net::UnixListener::bind(build.path().join("socket")).unwrap();
    let said = scan(build.path(), &[]);
    assert_eq!(said.status, 2, "{said:?}");
    said.has("unread: socket: not a file");
    // A key that is found is a no, whatever else could not be read.
    write(&build.path().join("key"), &[KEY.as_bytes()]);
    assert_eq!(scan(build.path(), &[]).status, 1);
}

#[test]
fn folder_that_is_not_there_is_no_clean_one() {
    let said = run(&mut tool(&["doctor", "--scan", "/nowhere/build"]));
    assert_eq!(said.status, 2, "{said:?}");
    said.has("unread: /nowhere/build: ");
}
