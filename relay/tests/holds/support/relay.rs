//! A relay as a process of its own.

use std::net::SocketAddr;
use std::process::{Command, Stdio};

use super::program::Program;
use super::{Keys, PRODUCT, Whop};

pub struct Relay {
    pub program: Program,
    pub address: SocketAddr,
}

impl Relay {
    /// Starts one on a free port, behind a proxy on this machine, with more settings.
    pub fn start(whop: &Whop, keys: &Keys, more: &[&str]) -> Self {
        Self::run(Command::new(PROGRAM), whop, keys, more)
    }

    /// Starts one that has this one processor core.
    pub fn start_on_core(core: usize, whop: &Whop, keys: &Keys, more: &[&str]) -> Self {
        let mut command = Command::new("taskset");
        command.args(["-c", &core.to_string(), PROGRAM]);
        Self::run(command, whop, keys, more)
    }

    /// Starts it again after it was killed, where it was.
    pub fn start_again(&mut self, whop: &Whop, keys: &Keys, more: &[&str]) {
        let listen = self.address.to_string();
        let more = [&["--listen", &listen], more].concat();
        *self = Self::run(Command::new(PROGRAM), whop, keys, &more);
    }

    fn run(mut command: Command, whop: &Whop, keys: &Keys, more: &[&str]) -> Self {
        command.args(["serve", "--product", PRODUCT, "--trusted-proxy", "127.0.0.1/32"]);
        if !more.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.arg("--base-url").arg(whop.gate.base_url());
        command.arg("--api-key-file").arg(keys.api_key()).arg("--signing-key-file").arg(keys.signing_key());
        command.args(more);
        if std::env::var_os("SHOW_LOGS").is_none() {
            command.stderr(Stdio::null());
        }
        let (program, line) = Program::start_until(&mut command, LISTENING);
        let address = line.split_once(LISTENING).unwrap().1.trim().parse().unwrap();
        Self { program, address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_whop-relay");
const LISTENING: &str = "LISTENING=http://";
