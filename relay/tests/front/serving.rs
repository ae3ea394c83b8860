//! The life of the server: its address, TLS, readiness, and its end.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use whop_relay::Relay;
use whop_relay::settings::Source;

use crate::support::{
    Files, NONCE, Program, Setup, agent, certificate, check_url, connect, get, post, read_all, sandbox, settings,
    signing_key, trusts, until,
};

const BODY: &[u8] = br#"{"metadata":{"hwid":"my-pc"}}"#;

#[cfg(unix)]
#[test]
fn first_line_is_the_address_and_either_signal_stops_it_well() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    for name in ["-TERM", "-INT"] {
        let mut program = Program::serve(&whop, &files, &["--admin-listen", "127.0.0.1:0"]);
        assert!(program.url.starts_with("http://127.0.0.1:"));
        assert_eq!(get(&format!("{}/healthz", program.url)).status, 200);
        // One that does nothing keeps nobody waiting.
        let idle = connect(&program.url);
        let began = Instant::now();
        program.signal(name);
        assert_eq!(program.wait(), 0, "{name}");
        assert!(began.elapsed() < Duration::from_secs(5), "{name}");
        assert_eq!(read_all(idle), "");
        let (stdout, stderr) = program.rest();
        assert!(stdout.starts_with("ADMIN=http://127.0.0.1:") && stderr.contains("stopping"), "{stdout}{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn answer_that_is_under_way_goes_out_before_the_end() {
    let whop =
        whop_sandbox::Sandbox::start(whop_sandbox::Options { slow: Duration::from_secs(3), ..Default::default() })
            .unwrap();
    let (files, key) = Files::new(&whop);
    let mut program = Program::serve(&whop, &files, &[]);
    let url = program.url.clone();
    let id = key.id().to_owned();
    let asked = std::thread::spawn(move || {
        post(&check_url(&url, "SANDBOX-SLOW"), &[("whop-license-nonce", NONCE), ("whop-license-keys", &id)], BODY)
    });
    until("Whop is not asked", || !whop.requests().is_empty());
    program.signal("-TERM");
    program.log_line("stopping");
    let address = program.url.strip_prefix("http://").unwrap().to_owned();
    until("it still takes connections", || std::net::TcpStream::connect(&address).is_err());
    assert!(!asked.is_finished(), "the answer is still under way");
    let answered = asked.join().unwrap();
    assert!(answered.status == 201 && answered.lease().is_some(), "{answered:?}");
    assert_eq!(program.wait(), 0);
}

#[cfg(unix)]
#[test]
fn it_does_not_need_anyone_to_read_its_output() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (api_key, signing_key, base_url) = (files.text("api-key"), files.text("signing-key.pem"), whop.base_url());
    let (unread, stdout) = std::io::pipe().unwrap();
    drop(unread);
    let listen = format!("127.0.0.1:{port}");
    let mut command = crate::support::whop_relay(&[
        "serve",
        "--listen",
        &listen,
        "--product",
        "prod_sandbox",
        "--base-url",
        &base_url,
        "--api-key-file",
        &api_key,
        "--signing-key-file",
        &signing_key,
    ]);
    let mut child = command.stdout(stdout).stderr(std::process::Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while agent().get(format!("http://{listen}/healthz")).call().is_err() {
        assert!(began.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none(), "it does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn port_is_free_again_when_the_relay_is_dropped() {
    let setup = Setup::new();
    let address = setup.relay.url().strip_prefix("http://").unwrap().to_owned();
    drop(setup.relay);
    let whop = sandbox();
    let mut settings = settings(&whop, vec![signing_key().1]);
    settings.listen = address.parse().unwrap();
    let relay = Relay::start(settings).unwrap();
    assert_eq!(relay.url(), format!("http://{address}"));
    relay.stop();
}

#[test]
fn admin_address_tells_readiness_and_figures() {
    let setup = Setup::new();
    let admin = setup.relay.admin_url().unwrap();
    setup.ask("SANDBOX-ACTIVE", "my-pc");
    let ready = get(&format!("{admin}/readyz"));
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &true.into()), "{ready:?}");
    for name in ["api_key", "control", "store", "clock"] {
        assert_eq!(ready.json()[name], true, "{name}");
    }
    let figures = get(&format!("{admin}/metrics")).text;
    assert!(figures.contains("whop_relay_answers_total{outcome=\"allowed\""), "{figures}");

    let revoked = Setup::with(|settings| settings.api_key = Some(Source::Text("sandbox_1_unknown".into())));
    assert_eq!(revoked.ask("SANDBOX-ACTIVE", "my-pc").status, 503);
    let ready = get(&format!("{}/readyz", revoked.relay.admin_url().unwrap()));
    assert_eq!((ready.status, &ready.json()["api_key"]), (503, &false.into()), "{ready:?}");
}

#[test]
fn https_is_served_and_a_new_certificate_taken_while_it_runs() {
    let whop = sandbox();
    let (files, _) = Files::new(&whop);
    let first = certificate(&files, "tls");
    let mut settings = settings(&whop, vec![signing_key().1]);
    settings.tls = Some((files.path("tls.pem"), files.path("tls.key")));
    let relay = Relay::start(settings).unwrap();
    assert!(relay.url().starts_with("https://127.0.0.1:"));
    let url = format!("{}/healthz", relay.url().replace("127.0.0.1", "localhost"));
    assert_eq!(trusts(&first).get(&url).call().unwrap().status(), 200);

    let second = certificate(&files, "new");
    assert!(trusts(&second).get(&url).call().is_err());
    // Half of the pair is new: nothing changes yet.
    std::fs::rename(files.path("new.pem"), files.path("tls.pem")).unwrap();
    relay.reload();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(trusts(&first).get(&url).call().unwrap().status(), 200);
    std::fs::rename(files.path("new.key"), files.path("tls.key")).unwrap();
    relay.reload();
    until("the new certificate is not taken", || trusts(&second).get(&url).call().is_ok());

    // What is no TLS gets no answer, and harms nobody.
    let mut plain = connect(relay.url());
    plain.write_all(b"GET /healthz HTTP/1.1\r\n\r\n").unwrap();
    assert!(!read_all(&plain).contains("HTTP/1.1"));
}

#[test]
fn connection_is_kept_for_the_next_question() {
    let setup = Setup::new();
    let mut stream = connect(setup.relay.url());
    for _ in 0..3 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut answered = Vec::new();
        while !answered.ends_with(b"ok\n") {
            let mut byte = [0];
            assert_eq!(stream.read(&mut byte).unwrap(), 1);
            answered.extend(byte);
        }
    }
}
