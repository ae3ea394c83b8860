use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use whop_sandbox::LICENSE_KEYS;

/// Killed when the test ends, however it ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let built = || env!("CARGO_BIN_EXE_whop-sandbox").into();
    // Another than that of this build: scripts/test_arm.sh.
    let program =
        std::env::var_os("WHOP_PROGRAMS").map_or_else(built, |folder| Path::new(&folder).join("whop-sandbox"));
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The program, the port it told, and the rest of its output.
fn start(arguments: &[&str]) -> (Program, u16, BufReader<ChildStdout>) {
    let mut program = Program(command(arguments).stdout(Stdio::piped()).spawn().unwrap());
    let mut output = BufReader::new(program.0.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let port = line.strip_prefix("PORT=").unwrap().trim_end().parse().unwrap();
    (program, port, output)
}

#[cfg(unix)]
fn signal(program: &Program, name: &str) {
    // The shell's own kill: the program of that name is not on every machine.
    let kill = format!("kill {name} {}", program.0.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

#[test]
fn the_first_line_is_the_port_and_it_answers_from_then_on() {
    let (_program, port, _output) = start(&["--port", "0"]);

    assert_eq!(ureq::get(format!("http://127.0.0.1:{port}/")).call().unwrap().status(), 200);
}

#[cfg(unix)]
#[test]
fn it_does_not_need_anyone_to_read_its_output() {
    let (unread, stdout) = std::io::pipe().unwrap();
    drop(unread);
    // The certificate is what it writes last before it speaks.
    let mut command = command(&["--tls", "--ca-file", "/dev/stderr"]);
    let mut program = Program(command.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(program.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line == "-----END CERTIFICATE-----"), "it does not start");

    signal(&program, "-TERM");
    assert!(program.0.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn either_signal_stops_it_well_after_it_told_everything() {
    for name in ["-INT", "-TERM"] {
        let (mut program, port, mut output) = start(&[]);
        signal(&program, name);

        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        assert!(program.0.wait().unwrap().success(), "{name}");
        assert!(
            text.contains(&format!("http://127.0.0.1:{port}/api")) && text.contains(&format!("sandbox_{port}_full"))
        );
        for license_key in LICENSE_KEYS {
            assert!(text.contains(license_key.key) && text.contains(license_key.does), "{}", license_key.key);
        }
    }
}

#[test]
fn the_help_lists_every_key() {
    let help = String::from_utf8(command(&["--help"]).output().unwrap().stdout).unwrap();

    for license_key in LICENSE_KEYS {
        assert!(help.contains(license_key.key) && help.contains(license_key.does), "{}", license_key.key);
    }
    for key in whop_sandbox::ApiKey::ALL {
        assert!(help.contains(&key.text("PORT")) && help.contains(key.may()), "{key:?}");
    }
}

#[test]
fn the_readme_lists_every_option() {
    let help = String::from_utf8(command(&["--help"]).output().unwrap().stdout).unwrap();
    let readme = include_str!("../../README.md");

    let options: Vec<_> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(options.len() >= 5, "{help}");
    for state in ["deprecated", "retired", "retired-410", "retired-404", "retired-html", "retired-redirect"] {
        assert!(help.contains(&format!("- {state}:")) && readme.contains(&format!("`{state}`")), "{state}");
    }
    for option in options.iter().filter(|option| !["--help", "--version"].contains(*option)) {
        assert!(readme.contains(&format!("{option} ")), "{option}");
    }
}

#[test]
fn the_authority_is_written_where_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let (_program, _, _output) = start(&["--tls", "--ca-file", path.to_str().unwrap()]);

    let pem = std::fs::read_to_string(path).unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----") && !pem.contains("PRIVATE"));
}

#[test]
fn the_options_are_put_to_use() {
    for (limit, expected) in [("1", [201, 429]), ("0", [201, 201])] {
        let (_program, port, _output) = start(&["--rate-limit", limit, "--current-rate-limit", "1", "--slow-ms", "1"]);
        let statuses = [(); 2].map(|()| {
            let agent: ureq::Agent = ureq::config::Config::builder().http_status_as_error(false).build().into();
            let url = format!("http://127.0.0.1:{port}/api/v2/memberships/SANDBOX-SLOW/validate_license");
            let request = agent.post(url).header("authorization", format!("Bearer sandbox_{port}_full"));
            request.send_json(serde_json::json!({ "metadata": {} })).unwrap().status().as_u16()
        });

        assert_eq!(statuses, expected, "--rate-limit {limit}");
    }
}

#[test]
fn v2_is_what_the_option_says() {
    for (state, status) in [
        ("deprecated", 200),
        ("retired", 410),
        ("retired-410", 410),
        ("retired-404", 404),
        ("retired-html", 404),
        ("retired-redirect", 301),
    ] {
        let (_program, port, _output) = start(&["--v2", state]);
        let settings = ureq::config::Config::builder().http_status_as_error(false).max_redirects(0);
        let agent: ureq::Agent = settings.build().into();
        let ask = |version: &str| {
            let request = agent.get(format!("http://127.0.0.1:{port}/api/{version}/plans/plan_sandbox"));
            request.header("authorization", format!("Bearer sandbox_{port}_full")).call().unwrap().status().as_u16()
        };
        assert_eq!((ask("v2"), ask("v1")), (status, 200), "{state}");
    }
}

#[test]
fn a_bad_option_or_a_taken_port_is_told_and_fails() {
    let (_program, port, _output) = start(&[]);
    for (arguments, told) in [
        (vec!["--tls"], "--ca-file"),
        (vec!["--port", "x"], "invalid value"),
        (vec!["--v2", "gone"], "retired-410"),
        (vec!["--port", &port.to_string()], "cannot listen on 127.0.0.1"),
        (vec!["--tls", "--ca-file", "/nowhere/ca.pem"], "cannot write /nowhere/ca.pem"),
    ] {
        let output = command(&arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(told), "{error}");
    }
}

/// It needs the relay's program, which a build of the workspace puts beside this one.
#[test]
fn relay_answers_before_the_sandbox_with_a_lease() {
    let (_program, port, mut output) = start(&["--relay"]);
    let mut told = |name: &str| {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        line.trim_end().strip_prefix(name).unwrap_or_else(|| panic!("{name}: {line}")).to_owned()
    };
    let (url, public_key) = (told("RELAY="), told("PUBLIC_KEY="));
    assert_eq!(public_key.len(), 43);

    let check = format!("{url}/v2/memberships/SANDBOX-ACTIVE/validate_license");
    let answer = ureq::post(check).send_json(serde_json::json!({"metadata": {"hwid": "a"}})).unwrap();
    assert_eq!(answer.status(), 201);
    let page = ureq::get(format!("http://127.0.0.1:{port}/")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(page.contains("SANDBOX-ACTIVE"), "{page}");
}
