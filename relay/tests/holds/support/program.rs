//! A program that a test started, and ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A program that runs until this is dropped.
pub struct Program {
    child: Child,
    name: String,
}

impl Program {
    /// Starts it. Its messages go to the test's own.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.stdin(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { child, name }
    }

    /// Starts it and waits for the first line of its output that has this in it; the rest is thrown away.
    pub fn start_until(command: &mut Command, told: &str) -> (Self, String) {
        let mut program = Self::start(command.stdout(Stdio::piped()));
        let mut lines = BufReader::new(program.child.stdout.take().unwrap()).lines();
        let line = lines.by_ref().map_while(Result::ok).find(|line| line.contains(told));
        let line = line.unwrap_or_else(|| panic!("{} ended before it said {told}", program.name));
        // A pipe that nobody reads would hold it up.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        (program, line)
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The memory that it has now, and the most that it has had, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// Begins the count of the most memory again.
    pub fn forget_most_memory(&self) {
        let _ = fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
    }

    /// The processor time that it has used.
    pub fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields = stat.rsplit(") ").next().unwrap_or_default();
        let ticks: u64 = fields.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where a tool is. None where it is not installed, which `CI` does not let pass.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let more = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let found = std::env::split_paths(&path).chain(more).map(|folder| folder.join(name)).find(|file| file.is_file());
    if found.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{name} is missing: scripts/setup.sh installs it");
        eprintln!("left out: {name} is missing; scripts/setup.sh installs it");
    }
    found
}
