//! `doctor`: the API key, the APIs, the device, the relay and its leases.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use whop_sandbox::{Options, Retired, Sandbox, V2};

use crate::support::{Said, allow, relay, run, sandbox, tool, with_key, write_private};

/// The level and the fact of the lines about something.
fn lines(said: &Said, subject: &str) -> Vec<(String, String)> {
    let told = said.json();
    let text = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let lines = told["lines"].as_array().unwrap().iter().filter(|line| line["subject"] == subject);
    lines.map(|line| (text(line, "level"), text(line, "fact"))).collect()
}

#[track_caller]
fn assert_line(said: &Said, subject: &str, level: &str, fact: &str) {
    let lines = lines(said, subject);
    let is_there = lines.iter().any(|(is, told)| is == level && told.contains(fact));
    assert!(is_there, "{subject} {level} {fact}: {lines:?}");
}

fn doctor(whop: &Sandbox, key: &str, more: &[&str]) -> Said {
    run(&mut with_key(whop, key, &[&["doctor", "--json", "--device-id", "pc"], more].concat()))
}

#[test]
fn good_machine_has_no_failure_and_is_told_what_the_key_may_do() {
    let whop = sandbox();
    let said = doctor(&whop, "full", &["--product", "prod_sandbox"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert_line(&said, "program", "ok", env!("CARGO_PKG_VERSION"));
    assert_line(&said, "device id", "ok", "the one that is given");
    assert_line(&said, "TCP", "ok", "127.0.0.1");
    assert_line(&said, "clock", "ok", "agrees");
    assert_line(&said, "current API", "ok", "answers");
    assert_line(&said, "API v2", "note", "2026-11-13");
    assert_line(&said, "API key", "ok", "may look licenses up");
    assert_line(&said, "API key", "warn", "this key can change memberships: it must not be shipped");
    assert_line(&said, "API key", "warn", "this key can create plans");
    // Nothing was changed to find out.
    let changed =
        whop.requests().into_iter().filter(|request| request.method != "GET" && !request.path.contains("/v2/"));
    assert_eq!(changed.count(), 0);
    assert_eq!(whop.stored("SANDBOX-ACTIVE", "hwid"), None);
}

#[test]
fn each_kind_of_api_key_is_told() {
    let whop = sandbox();
    for (key, status, level, fact) in [
        ("read", 0, "note", "may not bind a first device"),
        ("none", 1, "fail", "lacks the permission member:basic:read"),
        ("revoked", 1, "fail", "as to a key that it has revoked"),
        ("unknown", 1, "fail", "401"),
        ("foreign", 0, "warn", "no membership at all"),
    ] {
        let said = doctor(&whop, key, &[]);
        assert_eq!(said.status, status, "{key}: {said:?}");
        assert_line(&said, "API key", level, fact);
        assert_line(&said, "current API", "ok", "answers");
        assert_line(&said, "clock", "ok", "agrees");
    }
    let said = doctor(&whop, "foreign", &["--product", "prod_sandbox"]);
    assert_line(&said, "API key", "fail", "grants it nothing for prod_sandbox");
    assert_line(&said, "API v2", "note", "not known");
}

#[test]
fn retired_v2_is_told_whichever_way_it_answers() {
    for retired in [Retired::Gone, Retired::NotFound, Retired::Html, Retired::Redirect] {
        let whop = Sandbox::start(Options { v2: V2::Retired(retired), ..Options::default() }).unwrap();
        let said = doctor(&whop, "full", &[]);
        assert_eq!(said.status, 0, "{said:?}");
        assert_line(&said, "API v2", "note", "is retired");
        let said = doctor(&whop, "full", &["--api", "v2"]);
        assert_eq!(said.status, 1, "{said:?}");
        assert_line(&said, "API v2", "fail", "is retired");
    }
}

#[test]
fn without_a_key_the_server_is_looked_at_all_the_same() {
    let whop = sandbox();
    let said = run(&mut tool(&["doctor", "--json", "--device-id", "pc", "--base-url", &whop.base_url()]));
    assert_eq!(said.status, 0, "{said:?}");
    assert_line(&said, "current API", "ok", "answers");
    assert_line(&said, "clock", "ok", "agrees");
    assert_line(&said, "API key", "note", "none was given");
}

#[test]
fn relay_must_sign_with_a_given_key() {
    let whop = sandbox();
    let (relay, public_key) = relay(&whop);
    let asked = |keys: &str| {
        let asking = ["--product", "prod_sandbox", "--relay", relay.url(), "--public-keys", keys];
        run(&mut tool(&[&["doctor", "--json", "--device-id", "pc"][..], &asking].concat()))
    };
    let said = asked(&public_key);
    assert_eq!(said.status, 0, "{said:?}");
    assert_line(&said, "relay", "ok", "signs with one of the public keys");
    assert_line(&said, "relay", "warn", "asks the sandbox");
    assert_line(&said, "clock", "ok", "agrees");
    let (_, other) = crate::support::relay(&whop);
    let said = asked(&other);
    assert_eq!(said.status, 1, "{said:?}");
    assert_line(&said, "relay", "fail", "not the relay's");
    // One in 64 keys begins with a hyphen, as an option does.
    for nonsense in ["nonsense", "-nonsense"] {
        assert_line(&asked(nonsense), "relay", "fail", "public_keys");
    }
    assert_line(&run(&mut tool(&["doctor", "--json", "--relay", relay.url()])), "relay", "fail", "--public-keys");
    relay.stop();
}

#[test]
fn lease_file_is_told_without_the_license_key_and_the_users_name() {
    let whop = sandbox();
    let (relay, public_key) = relay(&whop);
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("anna-secret");
    fs::create_dir(&home).unwrap();
    let file = home.join("leases");
    let asking = ["--product", "prod_sandbox", "--relay", relay.url(), "--lease-file", file.to_str().unwrap()];
    // Of this device unless another is named.
    let own = |more: &[&str]| if more.contains(&"--device-id") { vec![] } else { vec!["--device-id", "own"] };
    let asked =
        |command: &[&str], more: &[&str]| run(tool(&[command, &asking, &own(more), more].concat()).env("HOME", &home));
    let with_keys = ["--public-keys", &public_key];
    let doctor = |more: &[&str]| asked(&["doctor", "--json"], &[&with_keys, more].concat());
    assert_line(&doctor(&[]), "lease file", "note", "not there yet");

    assert_eq!(asked(&["check", "SANDBOX-ACTIVE"], &with_keys).status, 0);
    assert_eq!(asked(&["check", "SANDBOX-EXPIRED"], &with_keys).status, 1);
    let said = doctor(&[]);
    assert_eq!(said.status, 0, "{said:?}");
    assert_line(&said, "lease file", "ok", "~/leases: this user's own, answers in it: 2");
    assert_line(&said, "lease", "note", "a yes until 2");
    assert_line(&said, "lease", "note", "only a check tells");
    assert_line(&said, "lease", "note", "for this device");
    assert_line(&said, "lease", "note", "a no, of 2");
    said.lacks("anna-secret");
    assert_line(&doctor(&["--device-id", "pc"]), "lease", "note", "for another device");
    assert_line(&asked(&["doctor", "--json"], &[]), "lease", "note", "its signature is not checked");
    let (_, other) = crate::support::relay(&whop);
    assert_line(&asked(&["doctor", "--json"], &["--public-keys", &other]), "lease", "fail", "is not used");

    // What the program would not take is told as such.
    let good = fs::read_to_string(&file).unwrap();
    let refused = |change: &dyn Fn(&mut Value), fault: &str| {
        let mut stored: Value = serde_json::from_str(&good).unwrap();
        change(&mut stored);
        write_private(&file, &stored.to_string());
        let said = doctor(&[]);
        assert_eq!(said.status, 1, "{said:?}");
        assert_line(&said, "lease", "fail", fault);
    };
    refused(&|stored| stored["latest"] = 253_402_300_799_i64.into(), "but it was 9999-12-31T23:59:59Z already");
    for name in ["key_sha256", "device_sha256", "product"] {
        refused(&|stored| stored["leases"][0][name] = "other".into(), "is not used: signed for another");
    }
    write_private(&file, &good);
    let lock = home.join("leases.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert_line(&doctor(&[]), "lease file", "fail", "`.lock` beside it");
    fs::remove_dir(&lock).unwrap();

    #[cfg(unix)]
    {
        allow(&file, 0o644);
        assert_line(&doctor(&[]), "lease file", "warn", "other users can read it");
    }
    for (content, fault) in [
        (r#"{"whop_leases":1,"latest"#, "damaged"),
        (r#"{"highscore":100}"#, "something else"),
        ("\0\0\0\0", "damaged"),
    ] {
        fs::write(&file, content).unwrap();
        let said = doctor(&[]);
        assert_eq!(said.status, 1, "{said:?}");
        assert_line(&said, "lease file", "fail", fault);
        assert_eq!(fs::read_to_string(&file).unwrap(), content, "doctor changes nothing");
    }
    relay.stop();
}

#[test]
fn lease_file_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let whop = sandbox();
    let (relay, public_key) = relay(&whop);
    let asked = |path: &Path| {
        let asking = ["doctor", "--json", "--device-id", "pc", "--relay", relay.url(), "--public-keys", &public_key];
        run(&mut tool(&[&asking[..], &["--lease-file", path.to_str().unwrap()]].concat()))
    };
    assert_line(&asked(&folder.path().join("missing/leases")), "lease file", "fail", "its folder does not exist");
    // Where not even root writes.
    #[cfg(target_os = "linux")]
    assert_line(&asked(Path::new("/proc/leases")), "lease file", "fail", "nothing can be written in its folder");
    let said = asked(folder.path());
    assert_line(&said, "lease file", "fail", "not a regular file");
    said.has("give the path of a file").lacks("delete");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "doctor leaves nothing");
    relay.stop();
}

#[test]
fn setting_that_cannot_be_used_is_told_and_the_rest_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("binary"), [0xff; 100]).unwrap();
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there are no pipes with names"))]
    let mut ca_files = vec![path("binary"), path(""), String::new(), path("missing")];
    #[cfg(unix)]
    {
        assert!(Command::new("mkfifo").arg(path("fifo")).status().unwrap().success());
        ca_files.push(path("fifo"));
    }
    let whop = sandbox();
    for ca_file in ca_files {
        let said = doctor(&whop, "full", &["--ca-file", &ca_file]);
        assert_eq!(said.status, 1, "{said:?}");
        assert_line(&said, "settings", "fail", "looked at with the authorities in the library");
        assert_line(&said, "API key", "ok", "may look licenses up");
    }
    let said = doctor(&whop, "full", &["--timeout", "0s", "--product", "plan_x"]);
    assert_line(&said, "settings", "fail", "timeout_ms");
    assert_line(&said, "settings", "fail", "looked at for no product");
    assert_line(&said, "API key", "ok", "may look licenses up");

    let said = doctor(&whop, "full", &["--base-url", "ftp://x", "--lease-file", &path("leases")]);
    assert_line(&said, "settings", "fail", "base_url");
    assert_line(&said, "Whop", "note", "not looked at");
    assert_line(&said, "lease file", "note", "not there yet");
    let mut command = tool(&["doctor", "--json", "--device-id", "pc", "--base-url", &whop.base_url()]);
    let said = run(command.env("WHOP_API_KEY", "with\u{7}control"));
    assert_line(&said, "API key", "fail", "api_key");
    assert_line(&said, "current API", "ok", "answers");
}

/// As it is installed: bin, include and lib below one folder.
#[test]
fn library_and_header_of_another_version_are_a_warning() {
    let prefix = tempfile::tempdir().unwrap();
    for folder in ["bin", "include", "lib"] {
        fs::create_dir(prefix.path().join(folder)).unwrap();
    }
    let program = prefix.path().join("bin").join(Path::new(env!("CARGO_BIN_EXE_whop-license")).file_name().unwrap());
    fs::copy(env!("CARGO_BIN_EXE_whop-license"), &program).unwrap();
    let said = |version: &str| {
        let header = format!("#define WHOP_LICENSE_VERSION \"{version}\"\n");
        fs::write(prefix.path().join("include/whop_license.h"), header).unwrap();
        let library = format!("whop-license/{version}text..{version}\0");
        fs::write(prefix.path().join("lib/libwhop_license.so"), library).unwrap();
        let whop = sandbox();
        let arguments = ["doctor", "--json", "--device-id", "pc", "--base-url", &whop.base_url()];
        run(Command::new(&program).env_clear().args(arguments))
    };
    let same = said(env!("CARGO_PKG_VERSION"));
    assert_line(&same, "program", "ok", ", and the header is ");
    assert_line(&same, "library", "ok", "libwhop_license.so is ");
    let other = said("0.0.9");
    assert_line(&other, "program", "warn", ", but the header is 0.0.9");
    assert_line(&other, "library", "warn", "libwhop_license.so is 0.0.9, not ");
}

#[test]
fn text_and_json_say_the_same() {
    let whop = sandbox();
    let said = doctor(&whop, "read", &[]);
    let text = run(&mut with_key(&whop, "read", &["doctor", "--device-id", "pc"]));
    for line in said.json()["lines"].as_array().unwrap() {
        let fact = line["fact"].as_str().unwrap();
        assert!(fact.contains(" ms") || text.stdout.contains(fact), "{fact}: {text:?}");
    }
    assert!(text.stdout.lines().count() < 25, "more than one screen");
    text.has("0 failed, 0 to look at");
}

#[test]
fn key_file_that_others_read_is_a_failure_and_the_rest_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, "apik_secret").unwrap();
    allow(&path, 0o644);
    let whop = sandbox();
    let arguments = ["doctor", "--json", "--base-url", &whop.base_url(), "--api-key-file", path.to_str().unwrap()];
    let said = run(&mut tool(&arguments));
    #[cfg(unix)]
    assert_line(&said, "API key", "fail", "chmod 600");
    assert_line(&said, "current API", "ok", "answers");
    said.lacks("apik_secret");
}
