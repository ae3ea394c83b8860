//! `check` and `device-id`.

use serde_json::json;

use crate::support::{closed_port, relay, run, run_with, sandbox, tool, with_key};

const PRODUCT: [&str; 2] = ["--product", "prod_sandbox"];

#[test]
fn exit_status_is_the_verdict() {
    let whop = sandbox();
    for (license_key, status, word, reason) in [
        ("SANDBOX-ACTIVE", 0, "allowed", "ok"),
        ("SANDBOX-COMPLETED", 0, "allowed", "ok"),
        ("SANDBOX-EXPIRED", 1, "denied", "license_inactive"),
        ("SANDBOX-OTHER-DEVICE", 1, "denied", "device_mismatch"),
        ("SANDBOX-OTHER-PRODUCT", 1, "denied", "product_mismatch"),
        ("NO-SUCH-LICENSE", 1, "denied", "license_not_found"),
        ("SANDBOX-500", 2, "cannot_tell", "server_error"),
        ("SANDBOX-HTML", 2, "cannot_tell", "bad_response"),
        ("", 2, "cannot_tell", "invalid_argument"),
    ] {
        let check = [&["check", license_key, "--device-id", "pc-1"][..], &PRODUCT].concat();
        let said = run(&mut with_key(&whop, "full", &check));
        assert_eq!(said.status, status, "{license_key}: {said:?}");
        let line = if status == 2 { &said.stderr } else { &said.stdout };
        assert!(line.contains(&word.replace('_', " ")) && line.lines().count() == 1, "{said:?}");

        let said = run(&mut with_key(&whop, "full", &[&check[..], &["--json"]].concat()));
        let told = said.json();
        assert_eq!((said.status, &told["verdict"], &told["reason"]), (status, &json!(word), &json!(reason)));
        assert_eq!(said.stdout.lines().count(), 1);
    }
}

#[test]
fn json_says_what_the_license_is() {
    let whop = sandbox();
    let said = run(&mut with_key(
        &whop,
        "full",
        &["check", "SANDBOX-ACTIVE", "--product", "prod_sandbox", "--json", "--metadata", "{}"],
    ));
    let told = said.json();
    for (name, value) in [("membership_id", "mem_active"), ("license_status", "active"), ("plan_id", "plan_sandbox")] {
        assert_eq!(told[name], value);
    }
    assert!(told["expires_at"].as_i64().unwrap() > 1_700_000_000 && told["offline"] == false);
}

#[test]
fn device_is_the_one_that_is_named() {
    let whop = sandbox();
    let check = |more: &[&str]| {
        run(&mut with_key(&whop, "full", &[&["check", "SANDBOX-ACTIVE"][..], &PRODUCT, more].concat())).status
    };
    assert_eq!(check(&["--metadata", "{}"]), 0);
    assert_eq!(whop.stored("SANDBOX-ACTIVE", "hwid"), None, "{{}} binds nothing");
    assert_eq!(check(&["--device-id", "pc"]), 0);
    assert_eq!(whop.stored("SANDBOX-ACTIVE", "hwid").as_deref(), Some("pc"));
    assert_eq!(check(&["--device-id", "other"]), 1);
    assert_eq!(check(&["--metadata", r#"{"hwid":"other"}"#]), 1);
    assert_eq!(check(&["--metadata", r#"{"hwid":"pc"}"#]), 0);
}

#[test]
fn license_key_may_come_from_standard_input() {
    let whop = sandbox();
    let mut command = with_key(&whop, "full", &["check", "-", "--product", "prod_sandbox", "--device-id", "pc"]);
    assert_eq!(run_with(&mut command, "SANDBOX-ACTIVE\r\n").status, 0);
    assert_eq!(run_with(&mut command, "SANDBOX-EXPIRED").status, 1);
}

#[test]
fn relay_is_asked_without_an_api_key_and_its_answer_outlives_it() {
    let whop = sandbox();
    let (relay, public_key) = relay(&whop);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("leases");
    let url = relay.url().to_owned();
    let asking = ["--relay", &url, "--public-keys", &public_key, "--lease-file", file.to_str().unwrap()];
    let check =
        |key: &str| run(&mut tool(&[&["check", key, "--device-id", "pc", "--json"][..], &PRODUCT, &asking].concat()));
    let said = check("SANDBOX-ACTIVE");
    assert_eq!((said.status, &said.json()["offline"]), (0, &json!(false)), "{said:?}");
    assert_eq!(check("SANDBOX-EXPIRED").status, 1);
    relay.stop();
    let said = check("SANDBOX-ACTIVE");
    assert_eq!((said.status, &said.json()["offline"]), (0, &json!(true)), "{said:?}");
    let said = check("SANDBOX-COMPLETED");
    assert_eq!((said.status, &said.json()["reason"]), (2, &json!("unreachable")), "{said:?}");
}

#[test]
fn api_v2_and_the_base_url_and_the_timeout_can_be_set() {
    let whop = sandbox();
    let base_url = whop.base_url();
    let check = |more: &[&str]| {
        let mut command = tool(&[&["check", "SANDBOX-ACTIVE", "--device-id", "pc"][..], &PRODUCT, more].concat());
        run(command.env("WHOP_API_KEY", whop.api_key("full")))
    };
    assert_eq!(check(&["--api", "v2"]).status, 0);
    assert!(whop.requests().last().unwrap().path.starts_with("/api/v2/"));
    assert_eq!(check(&["--base-url", &base_url]).status, 0);
    let nobody = format!("http://127.0.0.1:{}/api", closed_port());
    assert_eq!(check(&["--base-url", &nobody]).status, 2);
    let said = check(&["--timeout", "0s"]);
    assert!(said.status == 2 && said.stderr.contains("timeout_ms"), "{said:?}");
}

#[test]
fn arguments_that_cannot_be_used_are_no_verdict() {
    for (arguments, told) in [
        (&["check", "KEY"][..], "--product"),
        (&["check", "KEY", "--product", "prod_a", "--relay", "https://relay.example"], "--public-keys"),
        (&["check", "KEY", "--product", "prod_a", "--lease-file", "f"], "--relay"),
        (&["check", "KEY", "--product", "prod_a", "--relay", "http://a", "--api", "v2"], "cannot be used with"),
        (&["check", "KEY", "--product", "prod_a", "--timeout", "soon"], "500ms"),
        (&["nonsense"], "nonsense"),
    ] {
        let said = run(&mut tool(arguments));
        assert_eq!(said.status, 2, "{said:?}");
        assert!(said.stderr.contains(told) && said.stdout.is_empty(), "{told}: {said:?}");
    }
    assert_eq!(run(&mut tool(&["--version"])).stdout, format!("whop-license {}\n", env!("CARGO_PKG_VERSION")));
}

/// The license key is what a customer typed.
#[test]
fn help_in_the_place_of_a_license_key_is_no_verdict() {
    for command in ["check", "reset"] {
        for word in ["--help", "-h", "--version", "-V"] {
            for more in [&[][..], &PRODUCT] {
                let said = run(&mut tool(&[&[command, word][..], more].concat()));
                assert_eq!(said.status, 2, "{said:?}");
            }
        }
        run(&mut tool(&[command, "--help"])).has("Usage: ");
        #[cfg(target_os = "linux")]
        {
            let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
            assert_eq!(tool(&[command, "--help"]).stdout(full).status().unwrap().code(), Some(2));
        }
    }
    for arguments in [&["--help"][..], &["help", "check"], &["doctor", "--help"], &["--version"]] {
        assert_eq!(run(&mut tool(arguments)).status, 0, "{arguments:?}");
    }
}

#[test]
fn license_key_that_begins_with_a_hyphen_is_taken_behind_two() {
    let whop = sandbox();
    for license_key in ["--help", "-h", "-NO-SUCH-LICENSE", "--json"] {
        let check = ["check", "--product", "prod_sandbox", "--device-id", "pc", "--", license_key];
        let said = run(&mut with_key(&whop, "full", &check));
        assert!(said.status == 1 && said.stdout.starts_with("denied: "), "{said:?}");
        assert!(whop.requests().iter().any(|asked| asked.path.ends_with(license_key)), "{:?}", whop.requests());
        assert_eq!(run(&mut with_key(&whop, "full", &["reset", "--", license_key])).status, 1);
    }
}

#[test]
fn license_key_in_a_wrong_place_is_not_repeated() {
    for (command, arguments) in [
        ("check", &["A", "SECRET-LICENSE", "--product", "prod_a"][..]),
        ("check", &["-SECRET-LICENSE", "--product", "prod_a"]),
        ("check", &["--SECRET-LICENSE", "--product", "prod_a"]),
        ("check", &["--secret=SECRET-LICENSE", "--product", "prod_a"]),
        ("check", &["A", "--product", "prod_a", "--api", "SECRET-LICENSE"]),
        ("reset", &["A", "SECRET-LICENSE"]),
        ("reset", &["A", "--timeout", "SECRET-LICENSE"]),
    ] {
        let said = run(&mut tool(&[&[command][..], arguments].concat()));
        assert!(said.status == 2 && said.stderr.contains("error: "), "{said:?}");
        said.lacks("SECRET-LICENSE");
    }
}
