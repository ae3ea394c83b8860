//! `doctor --scan`: what is found in a build, and what is said of it.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::support::{Said, run, tool};

const KEY: &str = "apik_aB3dE5gH7jK9mN1pQ3sT";

fn scan(folder: &Path, more: &[&str]) -> Said {
    let said = run(&mut tool(&[&["doctor", "--scan", folder.to_str().unwrap()], more].concat()));
    said.lacks(KEY).lacks(&KEY[5..]);
    said
}

/// Path and offset of what was found.
fn places(told: &Value) -> Vec<(&str, u64)> {
    let found = told["found"].as_array().unwrap().iter();
    found.map(|found| (found["path"].as_str().unwrap(), found["offset"].as_u64().unwrap())).collect()
}

fn write(path: &Path, parts: &[&[u8]]) {
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

#[test]
fn archives_are_opened_also_one_in_another() {
    let build = tempfile::tempdir().unwrap();
    let zip_of = |name: &str, content: &[u8]| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    };
    let text = ["x".repeat(5000), KEY.to_owned(), "x".repeat(5000)].concat().replace('x', "the same again ");
    let inner = zip_of("Config.class", text.as_bytes());
    assert!(!inner.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "it must be compressed");
    write(&build.path().join("game.jar"), &[&inner]);
    write(&build.path().join("all.zip"), &[&zip_of("libs/game.jar", &inner)]);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    write(&build.path().join("assets.gz"), &[&gzip.finish().unwrap()]);
    let said = scan(build.path(), &["--json"]);
    let told = said.json();
    let inside: Vec<_> =
        told["found"].as_array().unwrap().iter().map(|found| found["inside"].as_str().unwrap()).collect();
    assert_eq!((said.status, &inside[..]), (1, &["libs/game.jar!Config.class", "unpacked", "Config.class"][..]));

    let broken = tempfile::tempdir().unwrap();
    write(&broken.path().join("broken.zip"), &[b"PK\x03\x04 and no more"]);
    let said = scan(broken.path(), &[]);
    assert_eq!(said.status, 2, "{said:?}");
    said.has("unread: broken.zip: ");
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
