//! `keygen`, `check`, `release` and `issue`, as a seller calls them.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use whop_license::{Client, Verdict};
use whop_sandbox::Sandbox;

use crate::support::{Files, run, sandbox, whop_relay};

fn command(whop: &Sandbox, files: &Files, arguments: &[&str]) -> std::process::Command {
    let (api_key, signing_key, base_url) = (files.text("api-key"), files.text("signing-key.pem"), whop.base_url());
    let ours = ["--product", "prod_sandbox", "--base-url", &base_url];
    let keys = ["--api-key-file", &api_key, "--signing-key-file", &signing_key];
    whop_relay(&[arguments, &ours, &keys].concat())
}

fn metadata(whop: &Sandbox, license_key: &str) -> Value {
    let mut builder = Client::builder(&whop.api_key("full"));
    builder.base_url(&whop.base_url());
    match builder.build().unwrap().membership(license_key).unwrap() {
        whop_license::Lookup::Found(membership) => membership.answer().value().unwrap()["metadata"].clone(),
        whop_license::Lookup::NotFound(_) => panic!("no such license"),
    }
}

#[test]
fn keygen_writes_a_key_that_nobody_else_reads_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let (status, stdout, stderr) = run(&mut whop_relay(&["keygen", path.to_str().unwrap()]));
    assert_eq!((status, &*stderr), (0, ""));
    let text = std::fs::read_to_string(&path).unwrap();
    let key = whop_relay::SigningKey::read(&text).unwrap();
    assert_eq!(stdout, format!("{}\n", key.public_key()));
    assert_eq!(key.public_key().len(), 43);
    assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (status, stdout, stderr) = run(&mut whop_relay(&["keygen", path.to_str().unwrap()]));
    assert_eq!((status, &*stdout), (1, ""));
    assert!(stderr.contains("key.pem: "), "{stderr}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let (status, _, _) = run(&mut whop_relay(&["keygen"]));
    assert_eq!(status, 2);
}

#[test]
fn check_says_what_it_sees_and_no_value() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    let (status, stdout, stderr) = run(&mut command(&whop, &files, &["check", "--control", "SANDBOX-COMPLETED"]));
    assert_eq!((status, &*stderr), (0, ""), "{stdout}");
    for told in [
        format!("good: signing-key-file: programs take {}", key.public_key()),
        "good: api-key-file: reads memberships".into(),
        "cannot be told without writing".into(),
        "good: clock: agrees".into(),
        "prod_other (1)".into(),
        "good: product: prod_sandbox is among them".into(),
        "note: device-key: under hwid: 1 × other text, 1 × released".into(),
        "good: control: is there".into(),
        "note: redis: not set".into(),
    ] {
        assert!(stdout.contains(&told), "{told}: {stdout}");
    }
    for hidden in ["another-device", "VIP", "SANDBOX-", "1790000000", &whop.api_key("full")] {
        assert!(!stdout.contains(hidden), "{hidden}: {stdout}");
    }
}

#[test]
fn check_names_faults_and_fails() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    for (name, told) in [
        ("unknown", "FAULT: api-key-file: Whop does not accept the API key (401)"),
        ("none", "FAULT: api-key-file: the API key lacks the permission member:basic:read (403)"),
        ("foreign", "FAULT: api-key-file: Whop shows no membership"),
        ("revoked", "Membership not found: the API key may be revoked, or of another company"),
    ] {
        files.write("api-key", &whop.api_key(name));
        let (status, stdout, stderr) = run(&mut command(&whop, &files, &["check"]));
        assert_eq!((status, &*stderr), (1, "whop-relay: 1 fault\n"), "{stdout}");
        assert!(stdout.contains(told), "{name}: {stdout}");
    }
    files.write("api-key", &whop.api_key("full"));
    for (more, told) in [
        (&["--control", "NO-SUCH-KEY"][..], "FAULT: control: there is no such"),
        (&["--redis", "redis://127.0.0.1:1"], "FAULT: redis: does not answer"),
    ] {
        let (status, stdout, _) = run(&mut command(&whop, &files, &[&["check"], more].concat()));
        assert!(status == 1 && stdout.contains(told), "{stdout}");
    }
    let (status, stdout, _) = run(&mut command(&whop, &files, &["check", "--product", "prod_tyop"]));
    assert!(status == 0 && stdout.contains("note: product: prod_tyop is not among them"), "{stdout}");
}

#[test]
fn release_frees_the_place_and_then_waits() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let release = |arguments: &[&str]| {
        run(&mut command(&whop, &files, &[&["release", "SANDBOX-OTHER-DEVICE"], arguments].concat()))
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();

    let (status, _, stderr) = release(&["wrong-device"]);
    assert!(status == 1 && stderr.contains("bound to 1 device(s), and to none that is meant"), "{stderr}");
    assert!(!stderr.contains("another-device"), "{stderr}");
    assert_eq!(metadata(&whop, "SANDBOX-OTHER-DEVICE"), json!({ "hwid": "another-device" }));

    let (status, stdout, stderr) = release(&["another-device"]);
    assert_eq!((status, &*stderr), (0, ""));
    assert!(stdout.starts_with("released: 1, still bound: 0; a lease"), "{stdout}");
    let stored = metadata(&whop, "SANDBOX-OTHER-DEVICE");
    let at: u64 = stored["hwid"].as_str().unwrap().strip_prefix("released:").unwrap().parse().unwrap();
    assert!((now..now + 30).contains(&at), "{stored}");

    // Bound anew: the time of the release stays beside it.
    let mut builder = Client::builder(&whop.api_key("full"));
    let client = builder.base_url(&whop.base_url()).product_id("prod_sandbox").build().unwrap();
    assert!(client.validate_license("SANDBOX-OTHER-DEVICE", r#"{"hwid":"new"}"#).unwrap().is_allowed());
    let (status, stdout, stderr) = release(&["new"]);
    assert!(status == 1 && stdout.is_empty() && stderr.contains("--force does it now"), "{stderr}");
    assert_eq!(metadata(&whop, "SANDBOX-OTHER-DEVICE")["hwid"], "new");
    assert_eq!(release(&["new", "--release-interval", "0s"]).0, 0);
    assert!(client.validate_license("SANDBOX-OTHER-DEVICE", r#"{"hwid":"newer"}"#).unwrap().is_allowed());
    assert_eq!(release(&["--all", "--force"]).0, 0);
    let (status, _, stderr) = release(&["--all", "--force"]);
    assert!(status == 1 && stderr.contains("bound to 0 device(s)"), "{stderr}");
}

#[test]
fn release_of_what_is_not_there_fails_in_words() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let (status, _, stderr) = run(&mut command(&whop, &files, &["release", "NO-SUCH-KEY", "pc"]));
    assert_eq!((status, &*stderr), (1, "whop-relay: there is no such license\n"));
    assert_eq!(run(&mut command(&whop, &files, &["release", "SANDBOX-ACTIVE"])).0, 2);
    assert_eq!(run(&mut command(&whop, &files, &["release", "SANDBOX-ACTIVE", "pc", "--all"])).0, 2);
    files.write("api-key", &whop.api_key("read"));
    let (status, _, stderr) = run(&mut command(&whop, &files, &["release", "SANDBOX-OTHER-DEVICE", "--all"]));
    assert!(status == 1 && stderr.contains("member:manage"), "{stderr}");
}

/// A client without network that has this lease file.
fn offline(public_key: &str, file: &std::path::Path) -> Client {
    let mut builder = Client::relay("http://127.0.0.1:9", public_key);
    builder
        .product_id("prod_sandbox")
        .lease_file(file.to_str().unwrap())
        .timeout(Duration::from_secs(2))
        .max_retries(0);
    builder.build().unwrap()
}

#[test]
fn issued_file_lets_a_machine_run_that_is_never_online() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    let out = files.text("leases");
    let (status, stdout, stderr) = run(&mut command(
        &whop,
        &files,
        &["issue", "SANDBOX-ACTIVE", "air-gapped", "--until", "2199-12-31", "--out", &out],
    ));
    assert_eq!((status, &*stdout, &*stderr), (0, "", ""));
    let client = offline(&key.public_key(), &files.path("leases"));
    let check =
        |license_key: &str, device: &str| client.validate_license(license_key, &*json!({ "hwid": device }).to_string());
    assert!(matches!(check("SANDBOX-ACTIVE", "air-gapped"), Ok(Verdict::Allowed(_))));
    assert!(check("SANDBOX-ACTIVE", "other").is_err());
    assert_eq!(metadata(&whop, "SANDBOX-ACTIVE")["hwid"], "air-gapped", "it holds the place");

    for (license_key, device, told) in [
        ("SANDBOX-EXPIRED", "air-gapped", "the license is not active: expired"),
        ("SANDBOX-OTHER-DEVICE", "air-gapped", "bound to another device"),
        ("SANDBOX-OTHER-PRODUCT", "air-gapped", "of another product"),
        ("NO-SUCH-KEY", "air-gapped", "there is no such license"),
        ("mem_active", "air-gapped", "not a license key"),
        ("SANDBOX-ACTIVE", "released:1", "not a device"),
    ] {
        let (status, stdout, stderr) =
            run(&mut command(&whop, &files, &["issue", license_key, device, "--until", "2199-12-31"]));
        assert!(status == 1 && stdout.is_empty() && stderr.contains(told), "{license_key}: {stderr}");
    }
    for until in ["2020-01-01", "tomorrow", "2199-13-01"] {
        let (status, _, stderr) =
            run(&mut command(&whop, &files, &["issue", "SANDBOX-ACTIVE", "pc", "--until", until]));
        assert!(status == 2 && stderr.starts_with("whop-relay: until: "), "{stderr}");
    }
}

#[test]
fn unchecked_lease_is_signed_without_asking_anybody() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    let (status, stdout, stderr) =
        run(&mut command(&whop, &files, &["issue", "ANY-KEY", "pc", "--until", "2199-12-31", "--unchecked"]));
    assert_eq!((status, &*stderr), (0, ""));
    assert!(whop.requests().is_empty());
    files.write("leases", &stdout);
    let verdict = offline(&key.public_key(), &files.path("leases")).validate_license("ANY-KEY", r#"{"hwid":"pc"}"#);
    assert!(matches!(verdict, Ok(Verdict::Allowed(_))));
    let twice = ["issue", "ANY-KEY", "pc", "--until", "2199-12-31", "--unchecked", "--product", "prod_2"];
    let (status, _, stderr) = run(&mut command(&whop, &files, &twice));
    assert!(status == 2 && stderr.contains("product: --unchecked needs the one"), "{stderr}");
}

#[test]
fn issued_in_bulk_each_line_has_its_file_or_its_reason() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    let folder = files.text("issued");
    let list = "license_key,device\n# a remark\nSANDBOX-ACTIVE, pc-1\n\nSANDBOX-EXPIRED,pc-2\nSANDBOX-COMPLETED,\"pc,3\"\nonly-one\nNO-SUCH-KEY,pc-4\n";
    let mut command =
        command(&whop, &files, &["issue", "--from-csv", "-", "--out-dir", &folder, "--until", "2199-12-31"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(list.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{stdout}{stderr}");
    let mut written: Vec<_> = std::fs::read_dir(files.path("issued"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    assert_eq!(written, ["3.lease", "6.lease"], "{stdout}{stderr}");
    for told in [
        "line 5: the license is not active",
        "line 7: expected KEY,DEVICE",
        "line 8: there is no such license",
        "3 of 5 lines have no file",
    ] {
        assert!(stderr.contains(told), "{told}: {stderr}");
    }
    assert!(!format!("{stdout}{stderr}").contains("SANDBOX-"), "{stdout}{stderr}");
    for (file, license_key, device) in [("3.lease", "SANDBOX-ACTIVE", "pc-1"), ("6.lease", "SANDBOX-COMPLETED", "pc,3")]
    {
        let client = offline(&key.public_key(), &files.path("issued").join(file));
        let verdict = client.validate_license(license_key, &*json!({ "hwid": device }).to_string());
        assert!(matches!(verdict, Ok(Verdict::Allowed(_))), "{file}");
    }
}

#[test]
fn file_is_named_after_the_line_that_it_is_of_however_lines_end() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    // Blank lines, remarks, quoted fields, and a last line without an end.
    let lines = [
        "license_key,device",
        "",
        "KEY-3,pc-3",
        "  ",
        "# a remark, with a \"",
        "\"KEY-6\",\"pc,6\"",
        "KEY-7,\"pc \"\"7\"\"\"",
        "KEY-8,\"pc",
        "8\"",
        "KEY-10,pc-10",
        "",
        "KEY-12 , pc-12",
    ];
    let good = [(3, "pc-3"), (6, "pc,6"), (7, "pc \"7\""), (10, "pc-10"), (12, "pc-12")];
    for (name, start, end) in
        [("lf", "", "\n"), ("crlf", "", "\r\n"), ("bom", "\u{feff}", "\n"), ("bom-crlf", "\u{feff}", "\r\n")]
    {
        files.write("list", &format!("{start}{}", lines.join(end)));
        let (list, folder) = (files.text("list"), files.text(name));
        let arguments = ["issue", "--unchecked", "--from-csv", &list, "--out-dir", &folder, "--until", "2199-12-31"];
        let (status, stdout, stderr) = run(&mut command(&whop, &files, &arguments));
        let told = "whop-relay: line 8: expected KEY,DEVICE\nwhop-relay: line 9: expected KEY,DEVICE\n\
                    whop-relay: 2 of 7 lines have no file\n";
        assert_eq!((status, &*stderr), (1, told), "{name}: {stdout}");
        assert_eq!(std::fs::read_dir(files.path(name)).unwrap().count(), good.len(), "{name}");
        for (line, device) in good {
            let path = files.path(name).join(format!("{line}.lease"));
            assert!(stdout.contains(&format!("line {line}: {}\n", path.display())), "{name}: {stdout}");
            let file = std::fs::read_to_string(&path).unwrap();
            let hash = whop_license::lease::license_key_sha256(&format!("KEY-{line}")).unwrap();
            assert_eq!(claims(&file)["key_sha256"], hash, "{name}: {line}");
            let verdict = offline(&key.public_key(), &path)
                .validate_license(&format!("KEY-{line}"), &*json!({ "hwid": device }).to_string());
            assert!(matches!(verdict, Ok(Verdict::Allowed(_))), "{name}: {line}");
        }
    }
}

#[test]
fn lines_that_end_like_none_are_one_line_without_a_file() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    files.write("list", "KEY-1,pc-1\rKEY-2,pc-2\r");
    std::fs::write(files.path("latin1"), b"KEY-1,b\xfcro\nKEY-2,pc-2\n").unwrap();
    for (name, written, told) in [
        ("list", 0, "whop-relay: line 1: expected KEY,DEVICE\nwhop-relay: 1 of 1 lines have no file\n"),
        ("latin1", 1, "whop-relay: line 1: not UTF-8\nwhop-relay: 1 of 2 lines have no file\n"),
    ] {
        let (list, folder) = (files.text(name), files.text(&format!("of-{name}")));
        let arguments = ["issue", "--unchecked", "--from-csv", &list, "--out-dir", &folder, "--until", "2199-12-31"];
        let (status, stdout, stderr) = run(&mut command(&whop, &files, &arguments));
        assert_eq!((status, &*stderr), (1, told), "{name}: {stdout}");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), written, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn issued_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    files.write("list", "KEY-1,pc-1\n");
    let (list, folder, out) = (files.text("list"), files.text("issued"), files.text("one"));
    for more in [&["KEY", "pc", "--out", &out][..], &["--from-csv", &list, "--out-dir", &folder]] {
        let arguments = [&["issue", "--unchecked", "--until", "2199-12-31"], more].concat();
        assert_eq!(run(&mut command(&whop, &files, &arguments)).0, 0);
    }
    for path in [files.path("one"), files.path("issued").join("1.lease")] {
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

/// What the one lease in a file says.
fn claims(file: &str) -> Value {
    let (_, token) = file.split_once("\"eyJ").unwrap();
    let payload = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&payload).unwrap()
}

/// The reader of a command's output is gone before it says anything.
#[test]
fn command_whose_output_nobody_reads_ends_quietly() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    files.write("list", "KEY-1,pc-1\nKEY-2,pc-2\n");
    let (new_key, list, folder) = (files.text("new-key"), files.text("list"), files.text("issued"));
    let keygen = || whop_relay(&["keygen", &new_key]);
    let of_whop = |arguments: &[&str]| command(&whop, &files, arguments);
    let bulk = ["issue", "--unchecked", "--until", "2199-12-31", "--from-csv", &list, "--out-dir", &folder];
    for (mut command, expected) in [
        (of_whop(&["check"]), 1),
        (of_whop(&["issue", "KEY", "pc", "--until", "2199-12-31", "--unchecked"]), 1),
        // What they are there for is done.
        (keygen(), 0),
        (of_whop(&["release", "SANDBOX-OTHER-DEVICE", "--all"]), 0),
        (of_whop(&bulk), 0),
    ] {
        let (unread, stdout) = std::io::pipe().unwrap();
        drop(unread);
        let output = command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        let output = output.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), &*stderr), (Some(expected), ""), "{command:?}");
    }
    assert!(files.path("new-key").exists() && files.path("issued").join("2.lease").exists());
    assert_eq!(metadata(&whop, "SANDBOX-OTHER-DEVICE")["hwid"].as_str().unwrap().split(':').next(), Some("released"));

    // Nor is anyone there to be told of a fault.
    let (unread, stderr) = std::io::pipe().unwrap();
    drop(unread);
    let mut command = of_whop(&["release", "NO-SUCH-KEY", "pc"]);
    assert_eq!(command.stdin(Stdio::null()).stderr(stderr).status().unwrap().code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for arguments in [&["check"][..], &["issue", "KEY", "pc", "--until", "2199-12-31", "--unchecked"]] {
        let mut command = command(&whop, &files, arguments);
        let child = command.stdin(Stdio::null()).stdout(full.try_clone().unwrap()).stderr(Stdio::piped()).spawn();
        let output = child.unwrap().wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with("whop-relay: standard output: ") && stderr.lines().count() == 1, "{stderr}");
    }
}
