//! The program, a sandbox and a relay.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use regex::Regex;
use serde_json::Value;
use whop_relay::engine::EngineSettings;
use whop_relay::settings::{Settings, Source};
use whop_relay::{Relay, SigningKey};
use whop_sandbox::{Options, Sandbox};

/// How the program ended, and what it said.
#[derive(Debug)]
pub struct Said {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    #[track_caller]
    pub fn has(&self, told: &str) -> &Self {
        assert!(self.stdout.contains(told), "{told}: {self:?}");
        self
    }

    #[track_caller]
    pub fn lacks(&self, hidden: &str) -> &Self {
        assert!(!self.stdout.contains(hidden) && !self.stderr.contains(hidden), "{hidden}: {self:?}");
        self
    }
}

/// The program's file: that of this build, or another (scripts/test_arm.sh).
pub fn program() -> PathBuf {
    let built = || env!("CARGO_BIN_EXE_whop-license").into();
    std::env::var_os("WHOP_PROGRAMS").map_or_else(built, |folder| Path::new(&folder).join("whop-license"))
}

/// The program, which sees nothing of the machine's own environment.
pub fn tool(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.env_clear().env("HOME", "/nonexistent-home").args(arguments).stdin(Stdio::null());
    command
}

/// The same on a machine with this machine-id, or `-` for none.
#[cfg(target_os = "linux")]
pub fn on_machine(machine_id: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/support/on_machine.sh"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", "/nonexistent-home");
    command.args([machine_id, "-"]).arg(program()).args(arguments).stdin(Stdio::null());
    command
}

/// Runs it. What the program must never say is looked for in all that it says.
#[track_caller]
pub fn run(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().unwrap();
    said(command, status.code().unwrap(), stdout, stderr)
}

/// Runs it with this on its standard input.
#[track_caller]
pub fn run_with(command: &mut Command, input: &str) -> Said {
    let mut child = spawn(command.stdin(Stdio::piped()));
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    said(command, status.code().unwrap(), stdout, stderr)
}

pub fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[track_caller]
fn said(command: &Command, status: i32, stdout: Vec<u8>, stderr: Vec<u8>) -> Said {
    let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
    let said = Said { status, stdout, stderr };
    for (_, value) in command.get_envs().filter(|(name, _)| *name == "WHOP_API_KEY") {
        let key = value.and_then(|key| key.to_str()).unwrap_or_default().trim();
        said.lacks(if key.is_empty() { "\0" } else { key });
    }
    for hidden in ["SANDBOX-", "buyer@example.com"] {
        said.lacks(hidden);
    }
    let api_key = Regex::new(r"sandbox_\d").unwrap();
    assert!(!api_key.is_match(&said.stdout) && !api_key.is_match(&said.stderr), "{said:?}");
    said
}

pub fn sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, ..Options::default() }).unwrap()
}

/// The program with an API key of this sandbox.
pub fn with_key(whop: &Sandbox, name: &str, arguments: &[&str]) -> Command {
    let mut command = tool(arguments);
    command.env("WHOP_API_KEY", whop.api_key(name));
    command
}

/// A relay before a sandbox, and its public key.
pub fn relay(whop: &Sandbox) -> (Relay, String) {
    let (key, text) = SigningKey::generate().unwrap();
    let settings = Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        api_key: Some(Source::Text(whop.api_key("full").into())),
        signing_keys: vec![Source::Text(text)],
        engine: EngineSettings {
            base_url: Some(whop.base_url()),
            products: vec!["prod_sandbox".into()],
            ..EngineSettings::default()
        },
        ..Settings::default()
    };
    (Relay::start(settings).unwrap(), key.public_key())
}

/// Writes a file that nobody else reads.
pub fn write_private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    allow(path, 0o600);
}

#[cfg(unix)]
pub fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub fn allow(_: &Path, _: u32) {}

/// A port on which nobody listens.
pub fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
