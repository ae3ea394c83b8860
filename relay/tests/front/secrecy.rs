//! What a busy relay tells, and to whom: no key, no device, no address.

use std::io::Write;

use crate::support::{Files, NONCE, Program, check_url, connect, get, post, read_all, sandbox, whop_relay};

#[cfg(unix)]
#[test]
fn no_output_of_a_busy_run_holds_what_is_secret() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    let signing_key = std::fs::read_to_string(files.path("signing-key.pem")).unwrap();
    for format in ["text", "json"] {
        let (api_key, pem, base_url) = (files.text("api-key"), files.text("signing-key.pem"), whop.base_url());
        let mut command = whop_relay(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--product",
            "prod_sandbox",
            "--base-url",
            &base_url,
            "--api-key-file",
            &api_key,
            "--signing-key-file",
            &pem,
            "--trusted-proxy",
            "127.0.0.0/8",
            "--log-level",
            "debug",
            "--log-format",
            format,
            "--admin-listen",
            "127.0.0.1:0",
        ]);
        // What others would log, were they let.
        let mut program =
            Program::start(command.env("RUST_LOG", "trace").env("WHOP_RELAY_CONTROL", "SANDBOX-COMPLETED"));
        let headers = |forwarded| {
            [("whop-license-nonce", NONCE), ("whop-license-keys", key.id()), ("x-forwarded-for", forwarded)]
        };
        let mut leases = Vec::new();
        for license_key in [
            "SANDBOX-ACTIVE",
            "SANDBOX-EXPIRED",
            "SANDBOX-OTHER-DEVICE",
            "SANDBOX-OTHER-PRODUCT",
            "SANDBOX-500",
            "SANDBOX-400",
            "SANDBOX-HTML",
            "SANDBOX-NO-VALID",
            "SANDBOX-503-ONCE",
            "SANDBOX-NOTED",
            "SECRET-GUESS",
            "mem_active",
        ] {
            for address in ["198.51.100.77", "2001:db8:aaaa:bbbb:cccc::1"] {
                let url = format!("{}?secret-query=1", check_url(&program.url, license_key));
                let answered = post(&url, &headers(address), br#"{"metadata":{"hwid":"secret-device"}}"#);
                leases.extend(answered.lease());
            }
        }
        for body in ["{}", r#"{"metadata":{"hwid":"secret-device","note":"secret-note"}}"#] {
            post(&check_url(&program.url, "SANDBOX-ACTIVE"), &headers("secret-address"), body.as_bytes());
        }
        get(&format!("{}/secret-path", program.url));
        let mut stream = connect(&program.url);
        stream.write_all(b"secret-nonsense\r\n\r\n").unwrap();
        read_all(&stream);
        // A file that is broken, with something secret in it.
        files.write("api-key", "secret key with \"quotes\"");
        program.signal("-HUP");
        program.log_line("api-key-file changed and cannot be used");
        files.write("api-key", &whop.api_key("full"));

        let port = {
            let mut first = String::new();
            std::io::BufRead::read_line(&mut program_stdout(&mut program), &mut first).unwrap();
            first.trim().strip_prefix("ADMIN=").unwrap().to_owned()
        };
        let figures = get(&format!("{port}/metrics")).text + &get(&format!("{port}/readyz")).text;
        program.signal("-TERM");
        assert_eq!(program.wait(), 0);
        let (stdout, stderr) = program.rest();
        let all = format!("{stdout}{stderr}{figures}");
        for (what, is_there) in [
            ("allowed", true),
            ("device_mismatch", true),
            ("license_not_found", true),
            ("198.51.100.0/24", true),
            ("2001:db8:aaaa::/48", true),
        ] {
            assert_eq!(all.contains(what), is_there, "{format}: {what}: {all}");
        }
        let inner = signing_key.lines().nth(1).unwrap();
        let api_key = whop.api_key("full");
        let hidden = [
            "SANDBOX-",
            "sandbox-active",
            "SECRET",
            "secret",
            "mem_",
            "another-device",
            "buyer",
            "VIP",
            "198.51.100.77",
            "bbbb",
            &api_key,
            inner,
            NONCE,
        ];
        for hidden in hidden.into_iter().chain(leases.iter().map(|lease| &**lease)) {
            assert!(!all.contains(hidden), "{format}: {hidden}: {all}");
        }
        if format == "json" {
            let lines: Vec<serde_json::Value> =
                stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert!(lines.iter().any(|line| line["license"].as_str().is_some_and(|name| name.len() == 8)), "{stderr}");
        }
    }
}

fn program_stdout(program: &mut Program) -> &mut std::io::BufReader<std::process::ChildStdout> {
    &mut program.stdout
}
