//! Where the API key comes from, and that nobody sees it.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

#[cfg(target_os = "linux")]
use whop_sandbox::Sandbox;

#[cfg(unix)]
use crate::support::program;
use crate::support::{allow, run, sandbox, tool, write_private};
#[cfg(target_os = "linux")]
use crate::support::{spawn, with_key};

const CHECK: [&str; 6] = ["check", "SANDBOX-ACTIVE", "--product", "prod_sandbox", "--device-id", "pc"];

#[test]
fn file_is_taken_if_nobody_else_reads_it() {
    let whop = sandbox();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api-key");
    write_private(&path, &format!("{}\n", whop.api_key("full")));
    let check = [&CHECK[..], &["--api-key-file", path.to_str().unwrap()]].concat();
    assert_eq!(run(&mut tool(&check)).status, 0);
    // The file is asked before the variable.
    assert_eq!(run(tool(&check).env("WHOP_API_KEY", "apik_wrong")).status, 0);
    allow(&path, 0o644);
    #[cfg(unix)]
    {
        let said = run(&mut tool(&check));
        assert!(said.status == 2 && said.stderr.contains("chmod 600"), "{said:?}");
    }
    fs::remove_file(&path).unwrap();
    assert!(run(&mut tool(&check)).stderr.contains("api-key-file: "));
}

#[test]
fn no_key_is_told_as_such() {
    for value in [None, Some("")] {
        let mut command = tool(&CHECK);
        if let Some(value) = value {
            command.env("WHOP_API_KEY", value);
        }
        let said = run(&mut command);
        assert!(said.status == 2 && said.stderr.contains("no API key: set WHOP_API_KEY"), "{said:?}");
    }
}

#[test]
fn variable_that_holds_no_key_is_told() {
    let said = |command: &mut Command, value: &OsStr| run(command.env("WHOP_API_KEY", value));
    let check = said(&mut tool(&CHECK), " ".as_ref());
    assert!(check.status == 2 && check.stderr.contains("WHOP_API_KEY: holds spaces alone"), "{check:?}");
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let check = said(&mut tool(&CHECK), OsStr::from_bytes(b"\xff"));
        assert!(check.status == 2 && check.stderr.contains("WHOP_API_KEY: is not text in UTF-8"), "{check:?}");
        let whop = sandbox();
        let mut doctor = tool(&["doctor", "--device-id", "pc", "--base-url", &whop.base_url()]);
        let doctor = said(&mut doctor, OsStr::from_bytes(b"\xff"));
        doctor.has("FAIL  API key      WHOP_API_KEY: is not text in UTF-8").has("ok    current API");
    }
}

#[test]
fn key_as_an_argument_is_refused_and_not_repeated() {
    for arguments in [&["--api-key", "apik_secret"][..], &["--api-key=apik_secret"]] {
        let said = run(&mut tool(&[&CHECK[..], arguments].concat()));
        assert!(said.status == 2 && said.stderr.contains("--api-key"), "{said:?}");
        said.lacks("apik_secret");
    }
}

#[test]
fn key_in_a_wrong_place_is_not_repeated() {
    for secret in ["apik_0123456789", "whop_abcdefghijk", "ws_0123456789abcdef"] {
        for arguments in [
            &[&CHECK[..], &["--api-key-file", secret]].concat()[..],
            &["check", "A", secret],
            &["check", "A", "--product", secret],
            &["check", secret, "--product", "prod_a", "--json", "--base-url", secret],
            &["plan", "create", secret],
            &["plan", "create", "a", secret],
            &["doctor", secret],
            &["doctor", "--api-key-file", secret, "--base-url", secret, "--ca-file", secret],
            &["reset", "A", "--timeout", secret],
            &[secret],
        ] {
            let said = run(&mut tool(arguments));
            assert_ne!(said.status, 0, "{said:?}");
            said.lacks(secret).lacks(&secret[5..]);
        }
    }
}

/// `ps` shows the arguments of every program to every user.
#[cfg(target_os = "linux")]
#[test]
fn arguments_of_the_running_program_hold_no_api_key() {
    let whop = Sandbox::start(whop_sandbox::Options::default()).unwrap();
    let mut check =
        with_key(&whop, "full", &["check", "SANDBOX-SLOW", "--product", "prod_sandbox", "--device-id", "pc"]);
    let mut child = spawn(&mut check);
    // Until it has asked, so that it is what is looked at and not its beginning.
    while whop.requests().is_empty() {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::yield_now();
    }
    let arguments = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let arguments = String::from_utf8(arguments).unwrap();
    assert!(arguments.contains("SANDBOX-SLOW") && !arguments.contains("sandbox_"), "{arguments}");
}

/// On a terminal, which Python plays.
#[cfg(unix)]
#[test]
fn prompt_takes_the_key_and_does_not_show_it() {
    let whop = sandbox();
    let play = r#"
import os, pty, sys, termios
program, key = sys.argv[1], sys.argv[2]
child, terminal = pty.fork()
if child == 0:
    os.execv(program, sys.argv[1:2] + sys.argv[3:])
shown = b""
while b"not shown): " not in shown:
    shown += os.read(terminal, 1000)
while termios.tcgetattr(terminal)[3] & termios.ECHO:
    os.sched_yield()
os.write(terminal, key.encode() + b"\n")
try:
    while part := os.read(terminal, 1000):
        shown += part
except OSError:
    pass
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;
    let mut command = Command::new("python3");
    let key = whop.api_key("full");
    command.env_remove("WHOP_API_KEY").args(["-c", play]).arg(program()).arg(&key).args(CHECK);
    // That the key is not shown is looked at in `run`, for what begins like it.
    let said = run(&mut command);
    assert_eq!(said.status, 0, "{said:?}");
    said.has("API key of Whop").has("allowed: ").lacks(&key);
}

/// Python plays the terminal, and holds it open so that what becomes of it can be seen.
#[cfg(unix)]
#[test]
fn terminal_shows_what_is_typed_again_after_a_signal() {
    let play = r#"
import fcntl, os, pty, signal, sys, termios
terminal, inner = pty.openpty()
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(inner, number)
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
while b"not shown): " not in shown:
    shown += os.read(terminal, 1000)
echo = lambda: termios.tcgetattr(inner)[3] & termios.ECHO
while echo():
    os.sched_yield()
if sys.argv[1] == "typed":
    os.write(terminal, b"\x03")
else:
    os.kill(child, int(sys.argv[1]))
status = os.waitpid(child, 0)[1]
print(os.waitstatus_to_exitcode(status), bool(echo()))
"#;
    for (signal, number) in [("typed", 2), ("2", 2), ("15", 15), ("1", 1)] {
        let mut command = Command::new("python3");
        let said = run(command.env_remove("WHOP_API_KEY").args(["-c", play, signal]).arg(program()).args(CHECK));
        assert_eq!(said.stdout.trim(), format!("-{number} True"), "{said:?}");
    }
}
