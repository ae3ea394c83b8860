//! The device, on machines that the test makes.

use std::process::Command;

use whop_sandbox::Sandbox;

use crate::support::{on_machine, relay, run, sandbox};

/// The last of the vectors in `tests/device_v1.txt` for `prod_sandbox`.
const MACHINE: &str = "0123456789abcdef0123456789abcdef";
const DEVICE: &str = "a40b845e9f46fb053e6241a4f6e2665a86c47c82e85629376b2d5d247b19339b";
const CHECK: [&str; 4] = ["check", "SANDBOX-ACTIVE", "--product", "prod_sandbox"];

fn with_key(whop: &Sandbox, machine_id: &str, arguments: &[&str]) -> Command {
    let mut command = on_machine(machine_id, arguments);
    command.env("WHOP_API_KEY", whop.api_key("full"));
    command
}

#[test]
fn machine_is_the_device_unless_another_is_named() {
    let whop = sandbox();
    let id = run(&mut on_machine(MACHINE, &["device-id", "--product", "prod_sandbox"]));
    assert_eq!((id.status, id.stdout.trim()), (0, DEVICE), "{id:?}");
    assert_ne!(run(&mut on_machine(MACHINE, &["device-id"])).stdout, id.stdout);
    assert_eq!(run(&mut with_key(&whop, MACHINE, &CHECK)).status, 0);
    assert_eq!(whop.stored("SANDBOX-ACTIVE", "hwid").as_deref(), Some(DEVICE));
    assert_eq!(run(&mut with_key(&whop, &MACHINE.replace('0', "1"), &CHECK)).status, 1);
}

#[test]
fn machine_without_identity_is_told_what_to_do() {
    let whop = sandbox();
    for arguments in [&["device-id"][..], &CHECK] {
        let said = run(&mut with_key(&whop, "-", arguments));
        assert!(said.status == 2 && said.stderr.contains("cannot be told from others"), "{said:?}");
    }
    let said = run(&mut with_key(&whop, "-", &["doctor"]));
    assert_eq!(said.status, 1, "{said:?}");
    said.has("FAIL  device id").has("in a container");
    assert_eq!(run(&mut with_key(&whop, "-", &["doctor", "--device-id", "pc"])).status, 0);
    let said = run(&mut with_key(&whop, MACHINE, &["doctor", "--product", "plan_x"]));
    said.has("FAIL  device id    product_id: expected prod_");
}

#[test]
fn lease_of_this_device_is_told_from_that_of_another() {
    let whop = sandbox();
    let (relay, public_key) = relay(&whop);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leases");
    let asking = ["--product", "prod_sandbox", "--relay", relay.url(), "--public-keys", &public_key];
    let asking = [&asking[..], &["--lease-file", file.to_str().unwrap()]].concat();
    let on = |machine_id: &str, command: &[&str]| run(&mut on_machine(machine_id, &[command, &asking].concat()));
    assert_eq!(on(MACHINE, &["check", "SANDBOX-ACTIVE"]).status, 0);
    on(MACHINE, &["doctor"]).has(": prod_sandbox, for this device\n").has("made of /etc/machine-id");
    on(&MACHINE.replace('0', "1"), &["doctor"]).has(": prod_sandbox, for another device");
    relay.stop();
}
