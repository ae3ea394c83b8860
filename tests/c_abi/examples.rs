//! The example programs print their one line and end with the code that goes with it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::json;
use whop_sandbox::Sandbox;

use crate::peers::{post, public_keys, relay_url, sandbox};
use crate::support::workshop::{Workshop, alone, output, run};
use crate::support::{Act, Peer, RefusingPort};

const EXAMPLES: [&str; 2] = ["examples/c/check_license.c", "examples/cpp/check_license.cpp"];
const ON_SERVER: [&str; 2] = ["examples/c/check_on_server.c", "examples/cpp/check_on_server.cpp"];
const GAMES: [&str; 2] = ["examples/c/game_loop.c", "examples/cpp/game_loop.cpp"];
const DEVICE: &str = "my-device";

/// An example, in a directory of its own where it keeps its leases.
struct Example {
    workshop: Workshop,
    program: PathBuf,
}

impl Example {
    fn new(source: &str) -> Self {
        let workshop = Workshop::new();
        let program = workshop.compile(source, &[]);
        Self { workshop, program }
    }

    fn directory(&self) -> &Path {
        self.program.parent().unwrap()
    }

    fn output(&self, arguments: &[&str]) -> Output {
        output(alone(&self.program).current_dir(self.directory()).args(arguments))
    }

    /// What it prints, with its exit code.
    fn says(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let output = self.output(arguments);
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    }

    /// The same of what customers have, with a relay that plays this case.
    fn is_told(&self, sandbox: &Sandbox, case: &str) -> (String, Option<i32>) {
        self.says(&[&relay_url(sandbox, case), &public_keys(), "SANDBOX-ACTIVE", DEVICE])
    }

    fn forgets(&self) {
        let _ = std::fs::remove_file(self.workshop.path("license.lease"));
    }
}

/// It is one line that begins so and says more, and the code.
fn assert_says(said: (String, Option<i32>), begins: &str, code: i32, which: &str) {
    let (line, status) = said;
    assert!(line.starts_with(begins) && line.len() > begins.len() + 1, "{which}: {line}");
    assert_eq!(line.lines().count(), 1, "{which}: {line}");
    assert_eq!(status, Some(code), "{which}: {line}");
}

fn date(text: &str) -> String {
    run(Command::new("date").args(["-u", "+%F", "-d", text])).trim_end().to_owned()
}

#[test]
fn a_license_that_the_relay_allows_shows_its_end() {
    for source in EXAMPLES {
        let (example, sandbox) = (Example::new(source), sandbox());
        let before = date("+30 days");
        let said = example.is_told(&sandbox, "good");
        let ends = [before, date("+30 days")].map(|date| (format!("allowed: until {date}\n"), Some(0)));
        assert!(ends.contains(&said), "{source}: {said:?}");
        let unending = ("allowed: does not expire\n".to_owned(), Some(0));
        assert_eq!(example.is_told(&sandbox, "good-for-ever"), unending, "{source}");
    }
}

#[test]
fn what_the_relay_allowed_runs_on_without_it_and_what_it_denied_does_not() {
    for source in EXAMPLES {
        let (example, nobody) = (Example::new(source), RefusingPort::new());
        let away = format!("http://127.0.0.1:{}", nobody.number());
        let offline = |key| example.says(&[&away, &public_keys(), key, DEVICE]);
        {
            let sandbox = sandbox();
            assert_says(offline("SANDBOX-ACTIVE"), "cannot tell: WHOP_UNREACHABLE: ", 2, source);
            assert_eq!(example.is_told(&sandbox, "good").1, Some(0));
        }
        assert_says(offline("SANDBOX-ACTIVE"), "allowed offline: The license is valid here. ", 0, source);
        assert_says(offline("ANOTHER-LICENSE"), "cannot tell: WHOP_UNREACHABLE: ", 2, source);
        assert_eq!(example.is_told(&sandbox(), "denied-device").1, Some(1));
        assert_says(offline("SANDBOX-ACTIVE"), "cannot tell: WHOP_UNREACHABLE: ", 2, source);
    }
}

#[test]
fn no_and_dont_know_show_their_reason() {
    for source in EXAMPLES {
        let (example, sandbox) = (Example::new(source), sandbox());
        let cases = [
            ("denied-not-found", "denied: WHOP_LICENSE_NOT_FOUND: ", 1),
            ("inactive", "denied: WHOP_LICENSE_INACTIVE: ", 1),
            ("denied-device", "denied: WHOP_DEVICE_MISMATCH: ", 1),
            ("product-other", "denied: WHOP_PRODUCT_MISMATCH: ", 1),
            ("unsigned-yes", "cannot tell: WHOP_UNTRUSTED: ", 2),
            ("unsigned-page", "cannot tell: WHOP_UNTRUSTED: ", 2),
            ("unsigned-503", "cannot tell: WHOP_SERVER_ERROR: ", 2),
        ];
        for (case, begins, code) in cases {
            example.forgets();
            assert_says(example.is_told(&sandbox, case), begins, code, &format!("{source}, {case}"));
        }
        let (url, keys) = (&*relay_url(&sandbox, "good"), &*public_keys());
        for [url, keys, license_key] in [[url, keys, " "], [url, "no key", "KEY"], ["http://whop.example", keys, "KEY"]]
        {
            let said = example.says(&[url, keys, license_key, DEVICE]);
            assert_says(said, "cannot tell: WHOP_INVALID_ARGUMENT: ", 2, source);
        }
    }
}

#[test]
fn on_a_server_a_license_shows_its_end() {
    for source in ON_SERVER {
        let (example, sandbox) = (Example::new(source), sandbox());
        let key = sandbox.api_key("full");
        let path = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license";
        let membership = post(&sandbox, path, &json!({"metadata": {"hwid": DEVICE}}));
        let until = format!("allowed: until {}\n", date(&format!("@{}", membership["expires_at"])));
        assert_eq!(example.says(&[&key, "SANDBOX-ACTIVE", DEVICE]), (until, Some(0)));
        let unending = ("allowed: does not expire\n".to_owned(), Some(0));
        assert_eq!(example.says(&[&key, "SANDBOX-COMPLETED", DEVICE]), unending);
    }
}

#[test]
fn on_a_server_no_and_dont_know_show_their_reason() {
    for source in ON_SERVER {
        let (example, sandbox, nobody) = (Example::new(source), sandbox(), RefusingPort::new());
        let key = &sandbox.api_key("full");
        let dead_key = &format!("sandbox_{}_full", nobody.number());
        let cases = [
            (key, "NO-SUCH-LICENSE", "denied: WHOP_LICENSE_NOT_FOUND: ", 1),
            (key, "SANDBOX-EXPIRED", "denied: WHOP_LICENSE_INACTIVE: ", 1),
            (key, "SANDBOX-OTHER-DEVICE", "denied: WHOP_DEVICE_MISMATCH: ", 1),
            (key, "SANDBOX-OTHER-PRODUCT", "denied: WHOP_PRODUCT_MISMATCH: ", 1),
            (&sandbox.api_key("read"), "SANDBOX-TRIALING", "cannot tell: WHOP_FORBIDDEN: ", 2),
            (&sandbox.api_key("revoked"), "SANDBOX-ACTIVE", "cannot tell: WHOP_BAD_RESPONSE: ", 2),
            (key, "SANDBOX-500", "cannot tell: WHOP_SERVER_ERROR: ", 2),
            (dead_key, "SANDBOX-ACTIVE", "cannot tell: WHOP_UNREACHABLE: ", 2),
            (key, " ", "cannot tell: WHOP_INVALID_ARGUMENT: ", 2),
        ];
        for (api_key, license_key, begins, code) in cases {
            let said = example.says(&[api_key, license_key, DEVICE]);
            assert_says(said, begins, code, &format!("{source}, {license_key}"));
        }
    }
}

#[test]
fn a_game_shows_the_verdict_when_it_comes() {
    for source in GAMES {
        let (example, sandbox) = (Example::new(source), sandbox());
        let cases = [
            ("good", "allowed: ", 0),
            ("denied-device", "denied: WHOP_DEVICE_MISMATCH: ", 1),
            ("unsigned-yes", "cannot tell: WHOP_UNTRUSTED: ", 2),
        ];
        for (case, begins, code) in cases {
            assert_says(example.is_told(&sandbox, case), begins, code, &format!("{source}, {case}"));
        }
        let said = example.says(&[&relay_url(&sandbox, "good"), "no key", "KEY", DEVICE]);
        assert_says(said, "cannot tell: WHOP_INVALID_ARGUMENT: ", 2, source);
    }
}

#[test]
fn a_game_that_is_quit_does_not_wait_for_its_check() {
    for source in GAMES {
        let (example, mute) = (Example::new(source), Peer::start([Act::StayMute]));
        let began = Instant::now();
        let url = format!("http://{}", mute.host());
        assert_eq!(example.says(&[&url, &public_keys(), "KEY", DEVICE, "3"]), (String::new(), Some(2)), "{source}");
        // Half the time that the check itself would wait.
        assert!(began.elapsed() < Duration::from_secs(5), "{source}: {:?}", began.elapsed());
        assert_eq!(example.says(&[&url, &public_keys(), "KEY", DEVICE, "0"]), (String::new(), Some(2)), "{source}");
    }
}

#[test]
fn wrong_usage_says_so_and_allows_nothing() {
    for source in EXAMPLES.into_iter().chain(ON_SERVER).chain(GAMES) {
        let example = Example::new(source);
        let usage = format!("usage: {} ", Path::new(source).file_stem().unwrap().display());
        for arguments in [&[][..], &["a", "b"], &["a", "b", "c", "d", "e", "f"]] {
            let output = example.output(arguments);
            assert_eq!(output.status.code(), Some(2));
            assert!(output.stdout.is_empty() && output.stderr.starts_with(usage.as_bytes()), "{source}");
        }
    }
}

#[test]
fn a_device_id_cannot_add_to_the_json() {
    let hostile = r#"my","admin":"yes"#;
    for source in ON_SERVER {
        let (example, sandbox) = (Example::new(source), sandbox());
        let arguments = [&*sandbox.api_key("full"), "SANDBOX-ACTIVE", hostile];
        assert_eq!(example.says(&arguments).1, Some(0), "{source}");
        let path = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license";
        let membership = post(&sandbox, path, &json!({"metadata": {"hwid": hostile}}));
        assert_eq!(membership["metadata"], json!({"hwid": hostile}), "{source}");
    }
    for source in EXAMPLES {
        let (example, sandbox) = (Example::new(source), sandbox());
        let (url, keys) = (relay_url(&sandbox, "good"), public_keys());
        let output = example.output(&[&url, &keys, "SANDBOX-ACTIVE", hostile]);
        assert_eq!(output.status.code(), Some(0), "{source}");
        // The relay would have read another device, and signed for that.
        assert!(output.stdout.starts_with(b"allowed: until "), "{source}");
    }
}
