//! A table of servers, with what the library says of each.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{
    CertificateParams, CrlDistributionPoint, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    NameConstraints, date_time_ymd,
};
use rustls::ServerConfig;
use whop_license::{Api, Client, Error};

use crate::support::authority::{Authority, self_signed};
use crate::support::workshop::{Way, Workshop, alone, run};
use crate::support::{Act, BOTH, Peer, Reads, Script, Then, answer, plan, yes};

const TIMEOUT: Duration = Duration::from_secs(2);
const KEY: &str = "apik_secret";

fn client(api: Api, workshop: &Workshop, trusted: &Authority, base_url: &str) -> Client {
    let ca_file = workshop.path("ca.pem");
    trusted.write_to(&ca_file);
    let mut settings = Client::builder(KEY);
    settings.base_url(base_url).ca_file(ca_file.to_str().unwrap()).proxy("").timeout(TIMEOUT);
    settings.api(api).build().unwrap()
}

fn good() -> Act {
    yes("fault")
}

/// Both calls, from Rust and from C; the server is spoken to, and gets the API key.
fn is_spoken_to(trusted: &Authority, host: &str, server: Arc<ServerConfig>) {
    let (workshop, peer) = (Workshop::new(), Peer::start_tls([good()], server));
    let url = format!("https://{host}:{}/api", peer.port());
    for api in BOTH {
        let client = client(api, &workshop, trusted, &url);
        assert!(client.validate_license("K", "{}").unwrap().is_allowed());
        assert!(client.create_plan(plan()).is_ok());
    }
    calls_from_c(&workshop, &url, 0);
    let seen = peer.seen();
    assert_eq!(seen.len(), 6);
    assert!(seen.iter().all(|request| request.contains(KEY)));
}

/// Both calls, from Rust and from C; the server learns nothing, and the message says why.
fn is_refused(trusted: &Authority, host: &str, peer: &Peer, why: &str) {
    let workshop = Workshop::new();
    let url = format!("https://{host}:{}/api", peer.port());
    refuses(&client(Api::Current, &workshop, trusted, &url), why);
    calls_from_c(&workshop, &url, 300);
    assert!(peer.connections() >= 4, "nobody came");
    for request in peer.seen() {
        assert!(!request.contains(KEY) && !request.contains("/api"), "{request}");
    }
}

fn refuses(client: &Client, why: &str) {
    for outcome in [client.validate_license("K", "{}").map(drop), client.create_plan(plan()).map(drop)] {
        let Err(Error::Unreachable { cause }) = outcome else { panic!("{outcome:?}") };
        println!("{cause}");
        assert!(cause.contains(why), "{cause:?} does not say {why:?}");
    }
}

fn calls_from_c(workshop: &Workshop, url: &str, status: i32) {
    let (ca_file, status) = (workshop.path("ca.pem").display().to_string(), status.to_string());
    let timeout = TIMEOUT.as_millis().to_string();
    workshop.check("tests/c/fault.c", &[], Way::Plain, &[&ca_file, &timeout, url, &status, &status]);
}

/// A server whose certificate is refused, once the handshake has shown it.
fn certificate_is_refused(trusted: &Authority, server: Arc<ServerConfig>, why: &str) {
    let peer = Peer::start_tls([good()], server);
    is_refused(trusted, "localhost", &peer, why);
    assert!(peer.seen().is_empty(), "the server was sent a request");
}

fn expired(certificate: &mut CertificateParams) {
    (certificate.not_before, certificate.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
}

fn not_yet_valid(certificate: &mut CertificateParams) {
    (certificate.not_before, certificate.not_after) = (date_time_ymd(2090, 1, 1), date_time_ymd(2091, 1, 1));
}

/// Marked as one that must not be trusted without its revocation being checked.
fn revoked_looking(certificate: &mut CertificateParams) {
    let uris = vec!["http://localhost:9/revoked.crl".into()];
    certificate.crl_distribution_points = vec![CrlDistributionPoint { uris }];
    let must_staple = CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 24], vec![0x30, 3, 2, 1, 5]);
    certificate.custom_extensions = vec![must_staple];
}

fn limited_to(name: &'static str) -> Authority {
    let permitted_subtrees = vec![GeneralSubtree::DnsName(name.into())];
    let constraints = NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() };
    Authority::with(|authority| authority.name_constraints = Some(constraints))
}

#[test]
fn good_servers_are_spoken_to() {
    let authority = Authority::new();
    is_spoken_to(&authority, "localhost", authority.server(&["localhost"]));
    is_spoken_to(&authority, "127.0.0.1", authority.server(&["127.0.0.1"]));
    is_spoken_to(&authority, "localhost", authority.intermediate().server(&["localhost"]));
    let limited = limited_to("localhost");
    is_spoken_to(&limited, "localhost", limited.server(&["localhost"]));
}

#[test]
fn revocation_is_not_checked() {
    let authority = Authority::new();
    is_spoken_to(&authority, "localhost", authority.odd_server(&["localhost"], revoked_looking));
}

#[test]
fn certificate_of_another_time_is_refused() {
    let authority = Authority::new();
    let clock = "or this machine's clock is wrong";
    certificate_is_refused(&authority, authority.odd_server(&["localhost"], expired), &format!("has expired, {clock}"));
    let server = authority.odd_server(&["localhost"], not_yet_valid);
    certificate_is_refused(&authority, server, &format!("is not valid yet, {clock}"));
}

#[test]
fn certificate_of_another_name_is_refused() {
    let authority = Authority::new();
    let why = "is for another name";
    certificate_is_refused(&authority, authority.server(&["localhost.example"]), why);
    certificate_is_refused(&authority, authority.server(&["127.0.0.1"]), why);
    let peer = Peer::start_tls([good()], authority.server(&["localhost"]));
    is_refused(&authority, "127.0.0.1", &peer, why);
}

#[test]
fn certificate_of_an_unknown_authority_is_refused() {
    let authority = Authority::new();
    let why = "from an authority that is not trusted: a proxy or an antivirus program";
    certificate_is_refused(&authority, self_signed(&["localhost"]), why);
    certificate_is_refused(&authority, Authority::new().server(&["localhost"]), why);
    certificate_is_refused(&authority, authority.intermediate().forgetful().server(&["localhost"]), why);
}

#[test]
fn authority_that_is_not_bundled_is_trusted_by_a_setting_alone() {
    let (authority, workshop) = (Authority::new(), Workshop::new());
    let ca_file = workshop.path("ca.pem");
    authority.write_to(&ca_file);
    let peer = Peer::start_tls([good()], authority.server(&["localhost"]));
    let url = format!("https://localhost:{}/api", peer.port());

    let client = Client::builder(KEY).base_url(&url).proxy("").timeout(TIMEOUT).build().unwrap();
    refuses(&client, "from an authority that is not trusted");
    // On a player's machine, the environment is the player's.
    let mut program = alone(workshop.compile("tests/c/fault.c", &[]));
    program.args(["-", "2000", &url, "300", "300"]);
    run(program.env("SSL_CERT_FILE", &ca_file).env("SSL_CERT_DIR", ca_file.parent().unwrap()));
    assert!(peer.connections() >= 4 && peer.seen().is_empty());
}

#[test]
fn certificate_for_another_use_is_refused() {
    let authority = Authority::new();
    let why = "the server's certificate cannot be accepted";
    let limited = limited_to("example.com");
    certificate_is_refused(&limited, limited.server(&["localhost"]), why);
    let mail = |certificate: &mut CertificateParams| {
        certificate.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
    };
    certificate_is_refused(&authority, authority.odd_server(&["localhost"], mail), why);
    let minor = authority.odd_intermediate(|certificate| certificate.is_ca = IsCa::ExplicitNoCa);
    certificate_is_refused(&authority, minor.server(&["localhost"]), why);
}

#[test]
fn server_without_tls_is_refused() {
    let talks = answer(200, "<title>Welcome</title>").into_bytes();
    let page = Script { reads: Reads::Nothing, sends: talks, then: Then::StayMute, ..Script::default() };
    let peer = Peer::start([Act::Play(page)]);
    is_refused(&Authority::new(), "localhost", &peer, "does not speak TLS");
}

#[test]
fn server_that_is_mute_after_the_hello_is_given_up() {
    let mute = Script { reads: Reads::Nothing, then: Then::StayMute, ..Script::default() };
    let peer = Peer::start([Act::Play(mute)]);
    is_refused(&Authority::new(), "localhost", &peer, "no answer within 2000 ms");
}

/// OpenSSL, which still speaks what rustls never did.
struct OldServer {
    openssl: Child,
    port: u16,
}

impl OldServer {
    fn start(workshop: &Workshop) -> Self {
        let (key, certificate) = (workshop.path("old.key"), workshop.path("old.pem"));
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["s_server", "-accept", "127.0.0.1:0", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-key"]);
        openssl
            .arg(key)
            .arg("-cert")
            .arg(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut openssl = openssl.spawn().expect("what this test needs: apt-get install openssl");
        let mut lines = BufReader::new(openssl.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| line.strip_prefix("ACCEPT ")?.rsplit(':').next()?.parse().ok()).unwrap();
        Self { openssl, port }
    }
}

impl Drop for OldServer {
    fn drop(&mut self) {
        self.openssl.kill().unwrap();
        self.openssl.wait().unwrap();
    }
}

#[test]
fn server_of_tls_1_1_is_refused() {
    let workshop = Workshop::new();
    let server = OldServer::start(&workshop);
    let url = format!("https://localhost:{}/api", server.port);
    refuses(&client(Api::Current, &workshop, &Authority::new(), &url), "speaks neither TLS 1.2 nor TLS 1.3");
    calls_from_c(&workshop, &url, 300);
}
