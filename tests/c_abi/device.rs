//! This device, on machines with the machine-ids that a test needs. Wants to make namespaces: root, or a kernel that
//! lets users make theirs; in a container, its `--privileged`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::peers::{post, public_keys, relay_url, sandbox};
use crate::support::workshop::{Workshop, alone, root, run};

/// The id of this device that the programs below print; or, of a machine that cannot be told from others:
const NONE: &str = "WHOP_NO_DEVICE_ID";
const MACHINE: &str = "3f0c9a5e7b2d41c68e10a4f7d5b3c297";
const ANOTHER: &str = "0123456789abcdef0123456789abcdef";

/// Machine identity, product id or "-", device id.
fn vectors() -> Vec<[String; 3]> {
    let text = fs::read_to_string(root().join("tests/device_v1.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()).collect()
}

/// The device id of the frozen recipe.
fn device_id(machine: &str, product_id: &str) -> String {
    let found = vectors().into_iter().find(|vector| vector[0] == machine && vector[1] == product_id);
    found.unwrap_or_else(|| panic!("no vector of {machine} and {product_id}"))[2].clone()
}

/// A command for a machine with these machine-ids.
fn on_machine(systemd: &str, dbus: &str) -> Command {
    let mut command = alone(root().join("tests/support/on_machine.sh"));
    command.args([systemd, dbus]);
    command
}

/// What is no file in the place of a machine-id, and may keep a reader waiting for ever.
const NO_FILES: [&str; 5] = ["@fifo", "@device", "@socket", "@directory", "@link:/dev/zero"];

/// What `tests/c/device.c` or `tests/cpp/device.cpp` prints there, without a sandbox.
fn printed(program: &Path, systemd: &str, dbus: &str, product_id: &str) -> String {
    run(on_machine(systemd, dbus).args(["timeout", "20"]).arg(program).args([product_id, "-"])).trim_end().to_owned()
}

#[test]
fn vectors_hold_in_c_and_in_cpp() {
    for source in ["tests/c/device.c", "tests/cpp/device.cpp"] {
        let workshop = Workshop::new();
        let program = workshop.compile(source, &[]);
        for [machine, product_id, device_id] in vectors() {
            assert_eq!(printed(&program, &machine, "-", &product_id), device_id, "{source}");
        }
        assert_eq!(printed(&program, "-", "-", "prod_sandbox"), NONE, "{source}");
    }
}

#[test]
fn machine_id_of_systemd_counts_before_that_of_dbus() {
    let workshop = Workshop::new();
    let program = workshop.compile("tests/c/device.c", &[]);
    let expected = device_id(MACHINE, "prod_sandbox");
    for (systemd, dbus) in [(MACHINE, ANOTHER), ("-", MACHINE), ("", MACHINE), ("uninitialized", MACHINE)] {
        assert_eq!(printed(&program, systemd, dbus, "prod_sandbox"), expected, "{systemd:?}, {dbus:?}");
    }
}

#[test]
fn machine_that_cannot_be_told_from_others_has_no_device_id() {
    let workshop = Workshop::new();
    let program = workshop.compile("tests/c/device.c", &[]);
    let (zeros, whonix) = ("0".repeat(32), "b08dfa6083e7567a1921a715000001fb");
    for id in ["-", "", "uninitialized", &zeros, whonix, &MACHINE[1..]] {
        assert_eq!(printed(&program, id, id, "-"), NONE, "{id:?}");
    }
}

#[test]
fn whoever_asks_gets_the_same_id_or_none() {
    for source in ["tests/c/device.c", "tests/cpp/device.cpp"] {
        let workshop = Workshop::new();
        let program = workshop.compile(source, &[]);
        readable_by_all(&workshop);
        let unreadable = format!("@unreadable:{MACHINE}");
        let seen_by = |user: &[&str], systemd: &str, dbus: &str| {
            run(on_machine(systemd, dbus).args(user).arg(&program).args(["prod_sandbox", "-"])).trim_end().to_owned()
        };
        let id = device_id(MACHINE, "prod_sandbox");
        for (systemd, dbus) in [(&*unreadable, ANOTHER), (&*unreadable, "-"), ("-", &*unreadable), ("", &unreadable)] {
            assert_eq!(seen_by(&[], systemd, dbus), id, "{source}: {systemd:?}, {dbus:?}");
            for user in [another_user(), &["setpriv", "--bounding-set=-all", "--inh-caps=-all"]] {
                assert_eq!(seen_by(user, systemd, dbus), NONE, "{source}: {systemd:?}, {dbus:?}, {user:?}");
            }
        }
        // Nobody needs the second where the first is an identity.
        assert_eq!(seen_by(another_user(), MACHINE, &unreadable), id, "{source}");
    }
}

#[test]
fn what_is_no_file_gives_no_id_and_keeps_nobody_waiting() {
    for source in ["tests/c/device.c", "tests/cpp/device.cpp"] {
        let workshop = Workshop::new();
        let program = workshop.compile(source, &[]);
        for systemd in NO_FILES.into_iter().chain(["@link:machine-id"]) {
            assert_eq!(printed(&program, systemd, MACHINE, "-"), NONE, "{source}: {systemd}");
        }
        for dbus in NO_FILES {
            assert_eq!(printed(&program, "-", dbus, "-"), NONE, "{source}: {dbus}");
        }
    }
}

#[test]
fn links_and_mounts_lead_to_a_machine_id() {
    let workshop = Workshop::new();
    let program = workshop.compile("tests/c/device.c", &[]);
    let bound = format!("@bound:{MACHINE}");
    for (systemd, dbus) in [
        (&*bound, ANOTHER),
        ("@link:/var/lib/dbus/machine-id", MACHINE),
        (MACHINE, "@link:/etc/machine-id"),
        // To nowhere, as if it were not there.
        ("@link:/nowhere", MACHINE),
        ("@link:/etc/passwd/machine-id", MACHINE),
        // No identity, to anybody.
        ("@endless", MACHINE),
    ] {
        assert_eq!(printed(&program, systemd, dbus, "-"), device_id(MACHINE, "-"), "{systemd}, {dbus}");
    }
}

#[test]
fn id_lasts_whoever_asks_and_whatever_else_changes() {
    let workshop = Workshop::new();
    let program = workshop.compile("tests/c/device.c", &[]);
    let another_year = workshop.preloaded("tests/c/year_2100.c");
    let then = format!("LD_PRELOAD={}", another_year.display());
    assert_eq!(run(alone("env").args([&then, "date", "-u", "+%Y"])), "2100\n");

    readable_by_all(&workshop);
    let name_host = "hostname another; exec \"$@\"";
    for change in [
        &[][..],
        another_user(),
        &["unshare", "--uts", "sh", "-euc", name_host, "sh"],
        &["unshare", "--net"],
        &["env", "LC_ALL=tr_TR.UTF-8", "LANG=tr_TR.UTF-8"],
        &["env", "TZ=Asia/Tokyo", &then],
        &["env", "--chdir=/", "HOME=/nowhere", "USER=another", "TMPDIR=/nowhere"],
    ] {
        let id = run(on_machine(MACHINE, "-").args(change).arg(&program).args(["prod_sandbox", "-"]));
        assert_eq!(id.trim_end(), device_id(MACHINE, "prod_sandbox"), "{change:?}");
    }
}

#[test]
fn null_metadata_is_this_device_with_a_client_and_without() {
    let workshop = Workshop::new();
    let program = workshop.compile("tests/c/device.c", &[]);
    for product_id in ["-", "prod_sandbox"] {
        let sandbox = sandbox();
        let key = sandbox.api_key("full");
        run(on_machine(MACHINE, "-").arg(&program).args([product_id, &key]));
        // What one API has bound is bound in the other.
        let path = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license";
        let sent = serde_json::json!({"metadata": {"hwid": device_id(MACHINE, product_id)}});
        assert_eq!(post(&sandbox, path, &sent)["valid"], true);
    }
}

#[test]
fn examples_need_no_device_id_but_where_the_machine_has_none() {
    for example in ["examples/c/check_license.c", "examples/cpp/check_license.cpp"] {
        let workshop = Workshop::new();
        let program = workshop.compile(example, &[]);
        let sandbox = sandbox();
        let (good, away) = (relay_url(&sandbox, "good-for-ever"), relay_url(&sandbox, "dropped"));
        let says = |machine: &str, relay: &str| {
            let mut command = on_machine(machine, "-");
            command.current_dir(workshop.path("")).arg(&program);
            let output = command.args([relay, &public_keys(), "SANDBOX-COMPLETED"]).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        assert_eq!(says(MACHINE, &good), "allowed: does not expire\n", "{example}");
        // The lease is that of this device.
        assert!(says(MACHINE, &away).starts_with("allowed offline: "), "{example}");
        assert!(says(ANOTHER, &away).starts_with("cannot tell: WHOP_NO_ANSWER: "), "{example}");
        assert!(says("-", &good).starts_with("cannot tell: WHOP_NO_DEVICE_ID: "), "{example}");
    }
}

/// Runs a command as an ordinary user.
fn another_user() -> &'static [&'static str] {
    match run(alone("id").arg("-u")).trim_end() {
        "0" => &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        _ => &["unshare", "--map-user=65534", "--map-group=65534"],
    }
}

/// Lets every user of this machine run what is in the workshop: copies in place of links, an open directory.
fn readable_by_all(workshop: &Workshop) {
    let directory = workshop.path("");
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
    for entry in fs::read_dir(&directory).unwrap() {
        let link = entry.unwrap().path();
        if let Ok(target) = fs::read_link(&link) {
            fs::remove_file(&link).unwrap();
            fs::copy(target, &link).unwrap();
        }
    }
}
