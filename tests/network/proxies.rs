//! Proxies: they let through what they cannot read, or refuse, and are left out where they are told to be.

use std::time::{Duration, Instant};

use whop_license::{Api, Client, ClientBuilder, Error};

use crate::support::authority::Authority;
use crate::support::workshop::{Workshop, alone, run};
use crate::support::{Act, BOTH, Peer, Proxy, Reads, Script, Then, answer, plan, yes};

const KEY: &str = "apik_secret";

/// A peer behind TLS that only a proxy finds, since its name does not exist.
struct Hidden {
    peer: Peer,
    authority: Authority,
    workshop: Workshop,
    name: &'static str,
}

impl Hidden {
    fn new(name: &'static str) -> Self {
        let (authority, workshop) = (Authority::new(), Workshop::new());
        authority.write_to(&workshop.path("ca.pem"));
        Self { peer: Peer::start_tls([yes("fault")], authority.server(&[name])), authority, workshop, name }
    }

    fn url(&self) -> String {
        format!("https://{}:{}/api", self.name, self.peer.port())
    }

    fn ca_file(&self) -> String {
        self.workshop.path("ca.pem").display().to_string()
    }

    fn client_of(&self, api: Api, proxy: &str) -> ClientBuilder {
        let mut settings = Client::builder(KEY);
        settings.base_url(&self.url()).ca_file(&self.ca_file()).proxy(proxy).api(api);
        settings
    }

    /// A program that validates and creates, in an environment of its own.
    fn calls_with(&self, environment: &[(&str, &str)], status: &str) -> String {
        let mut program = alone(self.workshop.compile("tests/c/fault.c", &[]));
        program.args([&self.ca_file(), "10000", &self.url(), status, status]);
        run(program.envs(environment.iter().copied()))
    }
}

/// Both calls arrive, of which the proxy reads nothing, and the peer nothing of what the proxy is told.
fn pass_unread(api: Api, hidden: &Hidden, proxy: &Proxy, scheme: &str) {
    let client = hidden.client_of(api, &format!("{scheme}://us%40er:pass%20word@{}", proxy.host())).build().unwrap();
    for _ in 0..3 {
        assert!(client.validate_license("KEY-1", r#"{"hwid":"fault"}"#).unwrap().is_allowed());
    }
    assert!(client.create_plan(plan()).is_ok());
    assert_eq!(hidden.peer.connections(), 2, "validations share a connection through a proxy, too");

    let (seen, arrived) = (proxy.seen(), hidden.peer.seen().join(""));
    for secret in [KEY, "KEY-1", "Bearer", "memberships"] {
        assert!(!seen.contains(secret), "the proxy was told {secret}");
        assert!(arrived.contains(secret), "the peer was not told {secret}");
    }
    assert!(!arrived.contains("Proxy-Authorization"));
}

fn was_asked_twice_to_connect(proxy: &Proxy, hidden: &Hidden) {
    let connect = format!("CONNECT whop.invalid:{} HTTP/1.1\r\n", hidden.peer.port());
    assert_eq!(proxy.seen().matches(&connect).count(), 2);
    assert_eq!(proxy.seen().matches("Proxy-Authorization: Basic dXNAZXI6cGFzcyB3b3Jk\r\n").count(), 2);
}

#[test]
fn http_proxy_lets_both_calls_through_and_reads_none_of_them() {
    for api in BOTH {
        let hidden = Hidden::new("whop.invalid");
        let proxy = Proxy::to(hidden.peer.port());
        pass_unread(api, &hidden, &proxy, "http");
        was_asked_twice_to_connect(&proxy, &hidden);
    }
}

#[test]
fn https_proxy_lets_both_calls_through_and_reads_none_of_them() {
    for api in BOTH {
        let hidden = Hidden::new("whop.invalid");
        let proxy = Proxy::https_to(hidden.peer.port(), hidden.authority.server(&["127.0.0.1"]));
        pass_unread(api, &hidden, &proxy, "https");
        was_asked_twice_to_connect(&proxy, &hidden);
    }
}

#[test]
fn socks5_proxy_lets_both_calls_through_and_reads_none_of_them() {
    // Who looks the name up is said by the scheme.
    for (api, scheme, name, is_told_the_name) in [
        (Api::V2, "socks5", "localhost", false),
        (Api::Current, "socks5", "localhost", false),
        (Api::V2, "socks5h", "whop.invalid", true),
        (Api::Current, "socks5h", "whop.invalid", true),
    ] {
        let hidden = Hidden::new(name);
        let proxy = Proxy::socks5_to(hidden.peer.port());
        pass_unread(api, &hidden, &proxy, scheme);
        assert_eq!(proxy.seen().matches("\x01\x05us@er\x09pass word\x05\x01\0").count(), 2, "{scheme}");
        let connect = format!("\x05\x01\0\x03{}{name}", char::from(name.len() as u8));
        assert_eq!(proxy.seen().contains(&connect), is_told_the_name, "{scheme}");
    }
}

#[test]
fn proxy_behind_tls_is_asked_inside_it_and_by_its_own_name() {
    let authority = Authority::new();
    let workshop = Workshop::new();
    authority.write_to(&workshop.path("ca.pem"));
    for (name, asked) in [("localhost", 1), ("whop.invalid", 0)] {
        let proxy = Peer::start_tls([Act::Send(answer(403, ""))], authority.server(&[name]));
        let mut settings = Client::builder(KEY);
        settings.base_url("https://whop.invalid/api").ca_file(workshop.path("ca.pem").to_str().unwrap());
        let client = settings.proxy(&format!("https://localhost:{}", proxy.port())).max_retries(0).build().unwrap();
        assert!(matches!(client.validate_license("K", "{}"), Err(Error::Unreachable { .. })));
        assert_eq!(proxy.connections(), 1);
        assert_eq!(proxy.seen().len(), asked);
        assert!(proxy.seen().iter().all(|it| it.starts_with("CONNECT whop.invalid:443 ") && !it.contains(KEY)));
    }
}

#[test]
fn refusing_proxy_is_unreachable_and_says_why() {
    let hidden = Hidden::new("whop.invalid");
    for (status, why) in [
        (407, "the proxy wants a user name and a password, or others than these (407)"),
        (403, "the proxy does not let the request through (403)"),
        (502, "the proxy does not let the request through (502)"),
    ] {
        let proxy = Peer::start([Act::Send(answer(status, "<html>"))]);
        let client = hidden.client_of(Api::Current, &format!("http://{}", proxy.host())).build().unwrap();
        let outcomes = [client.validate_license("K", "{}").map(drop), client.create_plan(plan()).map(drop)];
        for outcome in outcomes {
            let Err(Error::Unreachable { cause }) = outcome else { panic!("{status}: {outcome:?}") };
            let way = format!("whop.invalid:{} through the proxy {}: ", hidden.peer.port(), proxy.host());
            assert_eq!(cause.strip_prefix(&way), Some(why), "{cause}");
        }
        assert!(proxy.seen().iter().all(|request| request.starts_with("CONNECT ") && !request.contains(KEY)));
    }
    assert_eq!(hidden.peer.connections(), 0);
}

/// A creation through a proxy of that kind, which does this.
fn does_not_outlast(kind: &str, act: Act, timeout: Duration) {
    let proxy = Peer::start([act.clone()]);
    let hidden = Hidden::new("whop.invalid");
    let client =
        hidden.client_of(Api::Current, &format!("{kind}://{}", proxy.host())).timeout(timeout).build().unwrap();
    let began = Instant::now();
    assert!(matches!(client.create_plan(plan()), Err(Error::Unreachable { .. })), "{act:?}");
    assert!(began.elapsed() < 4 * timeout, "{:?}", began.elapsed());
    assert!(proxy.seen().iter().all(|request| !request.contains(KEY)));
}

#[test]
fn broken_socks_proxy_does_not_outlast_the_deadline() {
    // It accepts, and names a host of 255 bytes as the way.
    let established = [&[5, 0, 5, 0, 0, 3, 255][..], &[b'x'; 255]].concat();
    let part = |length, pace, then| {
        Act::Play(Script { reads: Reads::Nothing, sends: established[..length].to_vec(), pace, then })
    };
    for act in [
        part(0, Duration::ZERO, Then::StayMute),
        part(2, Duration::ZERO, Then::StayMute),
        part(established.len(), Duration::from_millis(100), Then::StayMute),
        part(9, Duration::ZERO, Then::Close),
        part(0, Duration::ZERO, Then::Reset),
    ] {
        does_not_outlast("socks5h", act, Duration::from_secs(1));
    }
}

#[test]
fn broken_proxy_does_not_outlast_the_deadline() {
    let timeout = Duration::from_secs(1);
    let established = "HTTP/1.1 200 Connected\r\n\r\n";
    for act in [
        Act::StayMute,
        Act::Drip(established.into(), Duration::from_millis(300)),
        Act::SendAndClose(established.into()),
        Act::Send(established.into()),
        Act::SendAndClose(String::new()),
        Act::Send("SSH-2.0-OpenSSH\r\n\r\n".into()),
        Act::Send(format!("HTTP/1.1 200 {}", "x".repeat(300_000))),
    ] {
        does_not_outlast("http", act, timeout);
    }
}

#[test]
fn mute_https_proxy_does_not_outlast_the_deadline() {
    does_not_outlast("https", Act::StayMute, Duration::from_secs(1));
}

/// An answer with so many headers.
fn connected(headers: usize) -> String {
    format!("HTTP/1.1 200 Connected\r\n{}\r\n", "X-Via: a proxy of a proxy\r\n".repeat(headers))
}

#[test]
fn proxy_may_answer_at_length_with_an_interim_answer_and_with_any_success() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n".to_owned() + &connected(1);
    for answer in [connected(25), connected(100), interim, "HTTP/1.0 204 \r\nContent-Length: 0\r\n\r\n".into()] {
        let hidden = Hidden::new("whop.invalid");
        let proxy = Proxy::answering(answer.clone(), hidden.peer.port());
        let client = hidden.client_of(Api::Current, &format!("http://{}", proxy.host())).build().unwrap();
        assert!(client.validate_license("K", "{}").unwrap().is_allowed(), "{answer}");
    }
}

#[test]
fn proxy_whose_answer_is_no_way_is_unreachable_and_says_why() {
    for (answer, why) in [
        (connected(101), "the proxy's answer is broken HTTP (too many headers): a wrong port?"),
        (connected(1) + "HTTP/1.1 201 Created\r\n\r\n", "the proxy sent more than its answer"),
        ("SSH-2.0-OpenSSH\r\n".into(), "the proxy's answer is broken HTTP (invalid HTTP version): a wrong port?"),
        (format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(100_000)), "the proxy's answer is too long"),
    ] {
        let hidden = Hidden::new("whop.invalid");
        let proxy = Proxy::answering(answer.clone(), hidden.peer.port());
        let client =
            hidden.client_of(Api::Current, &format!("http://{}", proxy.host())).max_retries(0).build().unwrap();
        let outcome = client.validate_license("K", "{}");
        let Err(Error::Unreachable { cause }) = outcome else { panic!("{answer}: {outcome:?}") };
        assert!(cause.ends_with(&format!(": {why}")), "{cause}");
    }
}

#[test]
fn proxy_comes_from_the_environment() {
    for variable in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        let hidden = Hidden::new("whop.invalid");
        let proxy = Proxy::to(hidden.peer.port());
        let url = &*format!("http://{}", proxy.host());
        let mut environment = vec![("HTTP_PROXY", "http://127.0.0.1:9"), (variable, url)];
        // What is set to nothing is not set.
        environment.extend((variable != "https_proxy").then_some(("https_proxy", "")));
        hidden.calls_with(&environment, "0");
        assert_eq!(proxy.seen().matches("CONNECT ").count(), 2, "{variable}");
        assert!(!proxy.seen().contains(KEY));
    }
}

#[test]
fn proxy_that_anybody_may_set_under_cgi_is_not_used() {
    let hidden = Hidden::new("localhost");
    let proxy = Peer::start([Act::StayMute]);
    let url = &*format!("http://{}", proxy.host());
    hidden.calls_with(&[("HTTP_PROXY", url), ("http_proxy", url)], "0");
    assert_eq!((hidden.peer.seen().len(), proxy.connections()), (2, 0));
}

#[test]
fn proxy_of_the_environment_that_cannot_be_used_is_named_and_not_left_out() {
    let hidden = Hidden::new("localhost");
    let told = hidden.calls_with(&[("ALL_PROXY", "socks4://user:secret@127.0.0.1")], "300");
    assert!(told.contains("ALL_PROXY in the environment is no proxy that can be used: expected http://HOST"), "{told}");
    assert!(!told.contains("secret"), "{told}");
    assert_eq!(hidden.peer.connections(), 0);
    hidden.calls_with(&[("ALL_PROXY", "socks4://127.0.0.1"), ("NO_PROXY", "localhost")], "0");
}

#[test]
fn plain_http_goes_through_no_proxy_of_the_environment() {
    let peer = Peer::start([yes("fault")]);
    let proxy = Peer::start([Act::StayMute]);
    let workshop = Workshop::new();
    let mut program = alone(workshop.compile("tests/c/fault.c", &[]));
    program.args(["-", "10000", &format!("http://{}/api", peer.host()), "0", "0"]);
    let variables = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"];
    run(program.envs(variables.map(|variable| (variable, format!("http://{}", proxy.host())))));
    assert_eq!((peer.seen().len(), proxy.connections()), (2, 0));
}

#[test]
fn no_proxy_names_the_hosts_that_are_reached_directly() {
    let hidden = Hidden::new("localhost");
    let proxy = Proxy::to(hidden.peer.port());
    let https_proxy = ("HTTPS_PROXY", &*format!("http://{}", proxy.host()));
    for listed in ["localhost", "example.com, localhost", "*"] {
        hidden.calls_with(&[https_proxy, ("NO_PROXY", listed)], "0");
    }
    assert_eq!(proxy.seen(), "");
    hidden.calls_with(&[https_proxy, ("NO_PROXY", "example.com,whop.com,host")], "0");
    assert_eq!(proxy.seen().matches("CONNECT ").count(), 2);
}
