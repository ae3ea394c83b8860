//! Settings that cannot be used: a line for each, that names it, and exit status 2.

use crate::support::{Files, Program, allow, run, sandbox, whop_relay};

#[test]
fn each_bad_setting_is_one_line_and_status_2() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let (api_key, signing_key) = (files.text("api-key"), files.text("signing-key.pem"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    files.write("empty", "");
    files.write("half.pem", &std::fs::read_to_string(files.path("signing-key.pem")).unwrap()[..60]);
    files.write("bad.toml", "lease-hours = 3\nlease-minutes = 5\n");
    let (empty, half, none, bad) =
        (files.text("empty"), files.text("half.pem"), files.text("none"), files.text("bad.toml"));
    for (more, told) in [
        (&["--lease-hours", "721"][..], "lease-hours: expected 1 to 720"),
        (&["--devices", "11"], "devices: expected 1 to 10"),
        (&["--product", "plan_1"], "product: expected prod_…"),
        (&["--listen", "here"], "listen: expected ADDRESS:PORT"),
        (&["--listen", &taken], "listen: cannot listen on"),
        (&["--admin-listen", &taken], "admin-listen: cannot listen on"),
        (&["--redis", "redis://user:hidden@127.0.0.1"], "redis: a password on the command line"),
        (&["--redis", "nonsense"], "redis: expected"),
        (&["--trusted-proxy", "10.0.0.0/99"], "trusted-proxy: expected"),
        (&["--tls-cert", &empty], "tls-key: not set"),
        (&["--tls-cert", &empty, "--tls-key", &empty], "tls-cert: holds no certificate"),
        (&["--api-key-file", &none], "api-key-file: "),
        (&["--api-key-file", &empty], "api-key-file: empty"),
        (&["--signing-key-file", &api_key], "signing-key-file: number 2: not one PEM block"),
        (&["--signing-key-file", &half], "signing-key-file: number 2: not one PEM block"),
        (&["--signing-key-file", &signing_key], "signing-key-file: one is given twice"),
        (&["--config", &none], "config: "),
        (&["--config", &bad], "line 2: unknown field `lease-minutes`"),
        (&["--base-url", "http://whop.example/api"], "base-url: plain http"),
    ] {
        let mut arguments = vec!["serve"];
        let defaults = [
            ("--listen", "127.0.0.1:0"),
            ("--product", "prod_sandbox"),
            ("--api-key-file", &api_key),
            ("--signing-key-file", &signing_key),
        ];
        for (name, value) in defaults {
            // A second signing key is one more.
            if name == "--signing-key-file" || !more.contains(&name) {
                arguments.extend([name, value]);
            }
        }
        arguments.extend(more);
        let (status, stdout, stderr) = run(&mut whop_relay(&arguments));
        assert_eq!((status, &*stdout), (2, ""), "{more:?}: {stderr}");
        let [line] = *stderr.lines().collect::<Vec<_>>() else { panic!("{more:?}: {stderr}") };
        assert!(line.starts_with("whop-relay: ") && line.contains(told), "{more:?}: {line}");
        assert!(!line.contains("hidden") && !line.contains(&whop.api_key("full")), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn key_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let (api_key, signing_key) = (files.text("api-key"), files.text("signing-key.pem"));
    let arguments =
        ["serve", "--product", "prod_sandbox", "--api-key-file", &api_key, "--signing-key-file", &signing_key];
    for (name, path) in [("api-key-file", &api_key), ("signing-key-file", &signing_key)] {
        allow(path.as_ref(), 0o644);
        let (status, _, stderr) = run(&mut whop_relay(&arguments));
        assert_eq!(status, 2);
        assert!(
            stderr.starts_with(&format!("whop-relay: {name}: ")) && stderr.contains(&format!("chmod 600 {path}")),
            "{stderr}"
        );
        allow(path.as_ref(), 0o600);
    }
}

#[test]
fn flags_win_over_variables_and_those_over_the_file() {
    let whop = sandbox();
    let (files, key) = Files::new(&whop);
    let signing_key = std::fs::read_to_string(files.path("signing-key.pem")).unwrap();
    files.write(
        "relay.toml",
        "listen = '127.0.0.1:1'\nproduct = ['prod_other']\nlease-hours = 5\napi-key-file = '/nowhere'\n",
    );
    let mut command = whop_relay(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("WHOP_RELAY_CONFIG", files.path("relay.toml")).env("WHOP_RELAY_PRODUCT", "prod_sandbox,prod_slow");
    command.env("WHOP_RELAY_API_KEY", whop.api_key("full")).env("WHOP_RELAY_SIGNING_KEY", signing_key);
    command
        .env("WHOP_RELAY_BASE_URL", whop.base_url())
        .env("WHOP_RELAY_LISTEN", "127.0.0.1:2")
        .env("WHOP_RELAY_REDIS", "");
    let mut program = Program::start(&mut command);
    let started = program.log_line("started");
    assert!(started.contains(&key.public_key()), "{started}");
}

#[test]
fn help_shows_no_secret_of_the_environment() {
    let mut command = whop_relay(&["serve", "--help"]);
    command
        .env("WHOP_RELAY_REDIS", "redis://u:hidden@h")
        .env("WHOP_RELAY_CONTROL", "hidden")
        .env("WHOP_RELAY_API_KEY", "hidden");
    let (status, stdout, stderr) = run(&mut command);
    assert!(status == 0 && stdout.contains("WHOP_RELAY_REDIS") && !format!("{stdout}{stderr}").contains("hidden"));
}

#[test]
fn help_of_issue_says_that_it_binds() {
    let (status, stdout, _) = run(&mut whop_relay(&["issue", "--help"]));
    assert!(status == 0 && stdout.contains("this binds a license that has no device yet"), "{stdout}");
}
