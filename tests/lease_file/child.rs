//! A program that checks licenses: this test program, run again.

use std::env::var;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use whop_license::Client;

use crate::support::workshop::{alone, output, root, run};
use crate::support::{DEVICE, Signer, status_of};

/// What the program is told.
pub struct Program<'a> {
    pub relay: &'a str,
    pub signer: &'a Signer,
    pub file: &'a Path,
    pub license_keys: &'a str,
    pub times: usize,
}

impl Program<'_> {
    pub fn command(&self) -> Command {
        let mut command = alone(std::env::current_exe().unwrap());
        command.args(["child::check", "--exact", "--ignored", "--nocapture"]);
        command.env("RELAY", self.relay).env("KEYS", self.signer.public_key()).env("LEASES", self.file);
        command.env("LICENSES", self.license_keys).env("TIMES", self.times.to_string());
        command
    }

    pub fn start(&self) -> Child {
        self.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// What it says of each check.
    pub fn told(&self, change: impl FnOnce(&mut Command)) -> Vec<String> {
        let mut command = self.command();
        change(&mut command);
        let output = output(&mut command);
        let text = String::from_utf8(output.stdout).unwrap();
        let told: Vec<_> =
            text.lines().filter_map(|line| line.split_once("told: ")).map(|it| it.1.to_owned()).collect();
        let expected = self.times * self.license_keys.split(' ').count();
        assert_eq!(told.len(), expected, "{text}{}", String::from_utf8_lossy(&output.stderr));
        told
    }
}

/// Preloaded, the time of day is another one.
pub fn moved_clock(folder: &Path) -> PathBuf {
    let library = folder.join("moved_clock.so");
    let mut compiler = alone("cc");
    run(compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(root().join("tests/c/moved_clock.c")));
    library
}

#[test]
#[ignore = "a program that the other tests run"]
fn check() {
    let mut settings = Client::relay(&var("RELAY").unwrap(), &var("KEYS").unwrap());
    settings.product_id("prod_1").lease_file(&var("LEASES").unwrap()).max_retries(0).timeout(Duration::from_secs(20));
    let client = settings.build().unwrap();
    for _ in 0..var("TIMES").unwrap().parse().unwrap() {
        for license_key in var("LICENSES").unwrap().split(' ') {
            let outcome = client.validate_license(license_key, DEVICE);
            let is_offline = outcome.as_ref().is_ok_and(|verdict| verdict.is_offline());
            let said = match &outcome {
                Ok(verdict) => verdict.to_string(),
                Err(error) => error.to_string(),
            };
            println!("told: {} {} {said}", status_of(&outcome), i32::from(is_offline));
        }
    }
}
