//! The example programs print their one line and end with the code that goes with it.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::peers::{post, sandbox};
use crate::support::RefusingPort;
use crate::support::workshop::{Workshop, alone, output, run};

const EXAMPLES: [&str; 2] = ["examples/c/check_license.c", "examples/cpp/check_license.cpp"];

/// What the example prints, with its exit code.
fn check_license(program: &Path, arguments: [&str; 3]) -> (String, Option<i32>) {
    let output = output(alone(program).args(arguments));
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

#[test]
fn an_allowed_license_shows_its_end_and_its_product() {
    for example in EXAMPLES {
        let workshop = Workshop::new();
        let program = workshop.compile(example, &[]);
        let sandbox = sandbox();
        let key = sandbox.api_key("full");

        let path = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license";
        let membership = post(&sandbox, path, &json!({"metadata": {"hwid": "my-device"}}));
        let date = run(Command::new("date").args(["-u", "+%F", "-d", &format!("@{}", membership["expires_at"])]));

        let allowed = |what: &str| (format!("allowed: {what} (prod_sandbox)\n"), Some(0));
        let until = allowed(&format!("until {}", date.trim_end()));
        assert_eq!(check_license(&program, [&key, "SANDBOX-ACTIVE", "my-device"]), until);
        let unending = allowed("does not expire");
        assert_eq!(check_license(&program, [&key, "SANDBOX-COMPLETED", "my-device"]), unending);
    }
}

#[test]
fn no_and_dont_know_show_their_reason() {
    for example in EXAMPLES {
        let workshop = Workshop::new();
        let program = workshop.compile(example, &[]);
        let (sandbox, nobody) = (sandbox(), RefusingPort::new());
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
        for (api_key, license_key, expected, code) in cases {
            let (line, status) = check_license(&program, [api_key, license_key, "my-device"]);
            assert!(line.starts_with(expected) && line.len() > expected.len() + 1, "{example}, {license_key}: {line}");
            assert_eq!(line.lines().count(), 1, "{example}, {license_key}: {line}");
            assert_eq!(status, Some(code), "{example}, {license_key}: {line}");
        }
    }
}

#[test]
fn wrong_usage_says_so_and_allows_nothing() {
    for example in EXAMPLES {
        let workshop = Workshop::new();
        let program = workshop.compile(example, &[]);
        let output = output(&mut alone(&program));
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"usage: check_license "));
    }
}

#[test]
fn a_device_id_cannot_add_to_the_json() {
    let hostile = r#"my","admin":"yes"#;
    for example in EXAMPLES {
        let workshop = Workshop::new();
        let program = workshop.compile(example, &[]);
        let sandbox = sandbox();
        let arguments = [&sandbox.api_key("full"), "SANDBOX-ACTIVE", hostile];
        assert_eq!(check_license(&program, arguments).1, Some(0), "{example}");
        let path = "/api/v2/memberships/SANDBOX-ACTIVE/validate_license";
        let membership = post(&sandbox, path, &json!({"metadata": {"hwid": hostile}}));
        assert_eq!(membership["metadata"], json!({"hwid": hostile}), "{example}");
    }
}
