//! What may stand in the place of the lease file, and where that may be.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use whop_license::lease::Reason;
use whop_license::{Client, Error};

use crate::support::workshop::{alone, output};
use crate::support::{DEVICE, Peer, status_of};
use crate::{Home, KEY};

const NOT_KEPT: &str = "The license is valid here. It is not kept for use without network: the lease file ";

/// The online answer stands and says why it is not kept, the lease does not help for the same reason, and neither takes long.
fn costs_the_use_without_network(home: &Home, why: &str) {
    let began = Instant::now();
    let verdict = home.online(KEY, home.signer.yes()).unwrap();
    assert_eq!(verdict.to_string(), format!("{NOT_KEPT}{why}."));
    assert_eq!(home.refused_offline(KEY), format!("the lease file {why}"));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

fn make(program: &str, arguments: &[&str], path: &Path) -> bool {
    output(alone(program).arg(arguments[0]).arg(path).args(&arguments[1..])).status.success()
}

#[test]
fn nothing_but_a_regular_file_is_opened_or_replaced() {
    let opened = |why: &str| format!("cannot be opened: {why}");
    let no_file = opened("it is not a regular file");
    let home = Home::new();

    fs::create_dir(&home.file).unwrap();
    costs_the_use_without_network(&home, &no_file);
    assert_eq!(fs::read_dir(&home.file).unwrap().count(), 0);
    fs::remove_dir(&home.file).unwrap();

    assert!(make("mkfifo", &["-m600"], &home.file));
    costs_the_use_without_network(&home, &no_file);
    assert!(fs::symlink_metadata(&home.file).unwrap().file_type().is_fifo());
    fs::remove_file(&home.file).unwrap();

    let _socket = UnixListener::bind(&home.file).unwrap();
    costs_the_use_without_network(&home, &no_file);
    assert!(fs::symlink_metadata(&home.file).unwrap().file_type().is_socket());
    fs::remove_file(&home.file).unwrap();

    // A device takes root, and a machine that lets it.
    if make("mknod", &["-m600", "c", "1", "3"], &home.file) {
        costs_the_use_without_network(&home, &no_file);
        assert!(fs::symlink_metadata(&home.file).unwrap().file_type().is_char_device());
        fs::remove_file(&home.file).unwrap();
    }

    let target = home.folder().join("target");
    for is_dangling in [true, false] {
        if !is_dangling {
            fs::write(&target, "").unwrap();
        }
        symlink(&target, &home.file).unwrap();
        costs_the_use_without_network(&home, &opened("it is a link"));
        assert_eq!(target.exists(), !is_dangling);
        assert_eq!(fs::read_link(&home.file).unwrap(), target);
        fs::remove_file(&home.file).unwrap();
    }
    assert_eq!(fs::read(&target).unwrap(), b"");
    home.granted(KEY);
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn what_stands_in_the_place_of_the_lock_is_neither_opened_nor_waited_for() {
    let home = Home::new();
    let lock = home.folder().join("leases.lock");
    let no_file = "cannot be locked: it is not a regular file";

    fs::create_dir(&lock).unwrap();
    costs_the_use_without_network(&home, no_file);
    fs::remove_dir(&lock).unwrap();

    assert!(make("mkfifo", &["-m600"], &lock));
    costs_the_use_without_network(&home, no_file);
    fs::remove_file(&lock).unwrap();

    let target = home.folder().join("target");
    symlink(&target, &lock).unwrap();
    costs_the_use_without_network(&home, "cannot be locked: it is a link");
    assert!(!target.exists());
    fs::remove_file(&lock).unwrap();

    // What another program has left behind does no harm.
    fs::write(&lock, "left over").unwrap();
    home.granted(KEY);
    assert!(home.is_allowed_offline(KEY));
    assert_eq!(fs::read(&lock).unwrap(), b"left over");
}

#[test]
fn what_stands_in_the_place_of_the_new_file_is_removed_and_not_followed() {
    let home = Home::new();
    let new = home.folder().join("leases.new");
    let target = home.folder().join("target");
    fs::write(&target, "precious").unwrap();

    fs::write(&new, "half of").unwrap();
    home.granted(KEY);
    for target in [target.clone(), home.folder().join("nowhere")] {
        symlink(target, &new).unwrap();
        home.granted(KEY);
    }
    assert!(make("mkfifo", &["-m600"], &new));
    home.granted(KEY);
    fs::hard_link(&target, &new).unwrap();
    home.granted(KEY);
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    assert_eq!(home.listed(), ["leases", "leases.lock", "target"]);

    // But not a folder, which may hold something.
    fs::remove_file(&home.file).unwrap();
    home.granted_a_minute_ago(KEY);
    fs::create_dir(&new).unwrap();
    costs_the_use_without_network(&home, "cannot be written: the `.new` beside it is in the way");
    fs::remove_dir(&new).unwrap();
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn file_of_another_program_is_left_as_it_is() {
    let home = Home::new();
    home.granted(KEY);
    let good = fs::read_to_string(&home.file).unwrap();
    let noise: Vec<u8> = (0..10_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let something_else =
        "holds something else, and is left as it is: the path leads to another program's file, choose another";
    let too_long = "cannot be read: it is longer than any lease file";
    let longer = good.clone() + &" ".repeat(128 * 1024);
    for (bytes, why) in [
        (&noise[..], too_long),
        (longer.as_bytes(), too_long),
        (b"\xff\xfe", something_else),
        (b"{}", something_else),
        (b"[]", something_else),
        (b"null", something_else),
        (br#"{"latest":0,"leases":[]}"#, something_else),
        (br#"["whop_leases"]"#, something_else),
        (br#"{"whop_leases_of_mine":1}"#, something_else),
        (br#"{"latest":0,"whop_leases":1}"#, something_else),
        (b"\0{\"whop_leases\"", something_else),
        (&good.as_bytes()[1..], something_else),
    ] {
        fs::write(&home.file, bytes).unwrap();
        costs_the_use_without_network(&home, why);
        assert!(fs::read(&home.file).unwrap() == bytes);
    }
    fs::write(&home.file, &good).unwrap();
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn file_of_ours_that_is_damaged_is_replaced_by_the_next_signed_answer() {
    let home = Home::new();
    home.granted(KEY);
    let good = fs::read_to_string(&home.file).unwrap();
    let marked = ["\u{feff}", &good].concat();
    let deep = format!(r#"{{"whop_leases":1,"latest":0,"leases":[],"x":{}"#, "[".repeat(100_000));
    for bytes in [
        &b" "[..],
        b"\0",
        b" \r\n\t",
        &[0; 4096],
        "\u{feff}".as_bytes(),
        br#"{"whop_leases""#,
        br#" { "whop_leases" : 1"#,
        br#"{"whop_leases":1,"latest":0}"#,
        br#"{"whop_leases":2,"latest":0,"leases":[]}"#,
        br#"{"whop_leases":1,"latest":1e3,"leases":[]}"#,
        br#"{"whop_leases":1,"latest":"0","leases":[]}"#,
        br#"{"whop_leases":1,"latest":9223372036854775808,"leases":[]}"#,
        br#"{"whop_leases":1,"whop_leases":1,"latest":0,"leases":[]}"#,
        br#"{"whop_leases":1,"latest":0,"leases":[{}]}"#,
        marked.as_bytes(),
        deep.as_bytes(),
        &good.as_bytes()[..good.len() - 1],
        &good.as_bytes()[..good.len() / 2],
    ] {
        fs::write(&home.file, bytes).unwrap();
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]);
        assert_eq!(
            home.refused_offline(KEY),
            "the lease file is damaged: the next answer of the relay replaces it",
            "{shown}"
        );
        assert!(fs::read(&home.file).unwrap() == bytes, "without an answer it stays as it is: {shown}");
        home.granted(KEY);
        assert!(home.is_allowed_offline(KEY), "{shown}");
    }
}

#[test]
fn denial_that_cannot_be_stored_says_nothing_of_a_use_without_network() {
    let home = Home::new();
    fs::create_dir(&home.file).unwrap();
    let verdict = home.online(KEY, home.signer.denies(Reason::LicenseNotFound)).unwrap();
    assert_eq!(
        verdict.to_string(),
        "There is no such license: check the key for typing errors. This answer could not be stored: the lease file cannot \
         be opened: it is not a regular file."
    );
}

#[test]
fn empty_file_is_taken() {
    let home = Home::new();
    fs::write(&home.file, "").unwrap();
    assert_eq!(home.refused_offline(KEY), "no lease is stored for this license, device and product");
    fs::write(&home.file, "").unwrap();
    home.granted(KEY);
    assert!(home.is_allowed_offline(KEY));
}

#[test]
fn path_may_be_long_and_of_any_script_but_must_be_that_of_a_file() {
    let home = Home::new();
    let peer = Peer::start([home.signer.yes()]);
    let check = |path: &str| {
        let mut settings = peer.relay_client(&home.signer);
        settings
            .lease_file(path)
            .build()
            .and_then(|client| client.validate_license(KEY, DEVICE))
            .map(|it| it.to_string())
    };
    let folder = home.folder().to_str().unwrap();
    let longest = "x".repeat(255 - ".lock".len());
    for name in ["Ключи ключей", "許可証 🔑", "a\nb", " ", "-rf", "..leases", &longest] {
        assert_eq!(check(&format!("{folder}/{name}")).unwrap(), "The license is valid here.", "{name}");
        assert!(home.folder().join(name).is_file(), "{name}");
    }
    fs::create_dir(home.folder().join("folder")).unwrap();
    assert_eq!(check(&format!("{folder}/folder/../also")).unwrap(), "The license is valid here.");
    for (path, why) in [
        (format!("{folder}/missing/leases"), "cannot be locked: its folder does not exist"),
        (format!("{folder}/leases.lock/leases"), "cannot be locked: its folder does not exist"),
        (format!("{folder}/also/leases"), "cannot be locked: Not a directory"),
        (format!("{folder}/{longest}x"), "cannot be locked: File name too long"),
        (format!("{folder}/{}leases", "x/".repeat(4000)), "cannot be locked: File name too long"),
        (format!("{folder}/{}", "x".repeat(1_000_000)), "cannot be locked: File name too long"),
        (format!("{folder}/folder/."), "cannot be opened: it is not a regular file"),
    ] {
        assert_eq!(check(&path).unwrap(), format!("{NOT_KEPT}{why}."), "{path}");
    }
    for (path, why) in [
        ("", "empty"),
        ("/", "expected the path of a file, not of a folder"),
        (".", "expected the path of a file, not of a folder"),
        ("..", "expected the path of a file, not of a folder"),
        (&format!("{folder}/leases/"), "expected the path of a file, not of a folder"),
        (&format!("{folder}/folder/.."), "expected the path of a file, not of a folder"),
        ("a\0b", "holds a NUL"),
    ] {
        let refused = check(path).unwrap_err();
        assert!(matches!(refused, Error::InvalidArgument { argument: "lease_file", .. }));
        assert_eq!(refused.to_string(), format!("lease_file: {why}"), "{path}");
    }
}

#[test]
fn relative_path_leads_where_it_led_when_it_was_set() {
    let home = Home::new();
    let [first, second] = ["first", "second"].map(|name| home.folder().join(name));
    for folder in [&first, &second] {
        fs::create_dir(folder).unwrap();
    }
    let mut program = alone(std::env::current_exe().unwrap());
    program.args(["places::check_and_go", "--exact", "--ignored", "--nocapture"]).current_dir(&first);
    let peer = Peer::start([home.signer.yes()]);
    program.env("RELAY", format!("http://{}", peer.host())).env("KEYS", home.signer.public_key()).env("GO", &second);
    let output = output(&mut program);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(first.join("leases").is_file());
    assert_eq!(fs::read_dir(&second).unwrap().count(), 0);
}

#[test]
#[ignore = "a program that another test runs"]
fn check_and_go() {
    let [relay, keys, go] = ["RELAY", "KEYS", "GO"].map(|name| std::env::var(name).unwrap());
    let client = Client::relay(&relay, &keys).product_id("prod_1").lease_file("leases").build().unwrap();
    std::env::set_current_dir(go).unwrap();
    assert_eq!(status_of(&client.validate_license(KEY, DEVICE)), 0);
}
