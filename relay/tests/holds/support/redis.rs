//! A real Redis.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use tempfile::TempDir;

use super::program::tool;
use super::proxy::free_port;

pub struct Redis {
    program: Child,
    port: u16,
    folder: TempDir,
}

impl Redis {
    /// One that nobody else uses. None where it is not installed.
    ///
    /// The first call starts some more: who comes later finds one that has not begun just now, which relays trust at once.
    pub fn start() -> Option<Self> {
        let waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner).pop();
        waiting.or_else(Self::new)
    }

    fn new() -> Option<Self> {
        let redis = tool("redis-server")?;
        let (port, folder) = (free_port(), tempfile::tempdir().unwrap());
        Some(Self { program: run(&redis, port, folder.path()), port, folder })
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Ends it as a power cut would. All that it held is gone.
    pub fn kill(&mut self) {
        drop(self.program.stdin.take());
        let _ = self.program.wait();
    }

    /// Starts it again, empty.
    pub fn start_again(&mut self) {
        self.program = run(&tool("redis-server").unwrap(), self.port, self.folder.path());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn run(redis: &Path, port: u16, folder: &Path) -> Child {
    let mut command = Command::new("sh");
    // Killed when this process ends, however it ends: its end of the pipe is closed then.
    command.args(["-c", r#""$@" & read -r _; kill -9 $!; wait"#, "sh"]).arg(redis).args(["--port", &port.to_string()]);
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir"]).arg(folder);
    let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("Ready to accept connections")), "redis-server ended at its start");
    // A pipe that nobody reads would hold it up.
    std::thread::spawn(move || lines.for_each(drop));
    program
}

static WAITING: LazyLock<Mutex<Vec<Redis>>> =
    LazyLock::new(|| Mutex::new((0..8).map_while(|_| Redis::new()).collect()));
