//! A relay before a sandbox, and ways to ask it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use whop_relay::engine::EngineSettings;
use whop_relay::settings::{Settings, Source};
use whop_relay::{Relay, SigningKey};
use whop_sandbox::{Options, Sandbox};

pub const NONCE: &str = "AAECAwQFBgcICQoLDA0ODw";

pub fn sandbox() -> Sandbox {
    Sandbox::start(Options { rate_limit: None, ..Options::default() }).unwrap()
}

/// A signing key, and where a relay reads it.
pub fn signing_key() -> (SigningKey, Source) {
    let (key, text) = SigningKey::generate().unwrap();
    (key, Source::Text(text))
}

/// Those of a relay before a sandbox, on free ports.
pub fn settings(whop: &Sandbox, signing_keys: Vec<Source>) -> Settings {
    let listen = "127.0.0.1:0".parse().unwrap();
    Settings {
        listen,
        admin_listen: Some(listen),
        api_key: Some(Source::Text(whop.api_key("full").into())),
        signing_keys,
        engine: EngineSettings {
            base_url: Some(whop.base_url()),
            products: vec!["prod_sandbox".into()],
            ..EngineSettings::default()
        },
        ..Settings::default()
    }
}

/// A relay before a sandbox, with one signing key.
pub struct Setup {
    pub relay: Relay,
    pub key: SigningKey,
    pub whop: Sandbox,
}

impl Setup {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let (whop, (key, source)) = (sandbox(), signing_key());
        let mut settings = settings(&whop, vec![source]);
        change(&mut settings);
        Self { relay: Relay::start(settings).unwrap(), key, whop }
    }

    /// Asks as the library does.
    pub fn ask(&self, license_key: &str, device: &str) -> Answered {
        self.ask_with(license_key, device, &[])
    }

    pub fn ask_with(&self, license_key: &str, device: &str, headers: &[(&str, &str)]) -> Answered {
        let ours = [("whop-license-nonce", NONCE), ("whop-license-keys", self.key.id())];
        let body = json!({ "metadata": { "hwid": device } }).to_string();
        post(&check_url(self.relay.url(), license_key), &[&ours, headers].concat(), body.as_bytes())
    }
}

pub fn check_url(relay: &str, license_key: &str) -> String {
    format!("{relay}/v2/memberships/{license_key}/validate_license")
}

#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub retry_after: Option<u64>,
    pub text: String,
}

impl Answered {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn lease(&self) -> Option<String> {
        self.json().get("lease")?.as_str().map(str::to_owned)
    }
}

pub fn agent() -> ureq::Agent {
    let config = ureq::config::Config::builder().http_status_as_error(false).proxy(None);
    config.timeout_global(Some(Duration::from_secs(30))).build().into()
}

/// Sends JSON, unless a header says otherwise.
pub fn post(url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
    let mut request = agent().post(url);
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answered(request.send(body).unwrap())
}

pub fn get(url: &str) -> Answered {
    answered(agent().get(url).call().unwrap())
}

fn answered(mut response: ureq::http::Response<ureq::Body>) -> Answered {
    let retry_after = response.headers().get("retry-after").map(|wait| wait.to_str().unwrap().parse().unwrap());
    let status = response.status().as_u16();
    Answered { status, retry_after, text: response.body_mut().read_to_string().unwrap() }
}

/// A connection on which a test writes what it likes.
pub fn connect(relay: &str) -> TcpStream {
    let stream = TcpStream::connect(relay.split("://").nth(1).unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    stream
}

/// What comes until the other side closes, or breaks off.
pub fn read_all(mut stream: impl Read) -> String {
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Files of keys in a folder of their own.
pub struct Files {
    folder: TempDir,
}

impl Files {
    /// `api-key` of the sandbox, and `signing-key.pem`.
    pub fn new(whop: &Sandbox) -> (Self, SigningKey) {
        let files = Self { folder: tempfile::tempdir().unwrap() };
        let (key, text) = SigningKey::generate().unwrap();
        files.write("api-key", &format!("{}\n", whop.api_key("full")));
        files.write("signing-key.pem", text.expose_secret());
        (files, key)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Replaces a file as a whole.
    pub fn write(&self, name: &str, text: &str) {
        let new = self.path("new");
        fs::write(&new, text).unwrap();
        allow(&new, 0o600);
        fs::rename(new, self.path(name)).unwrap();
    }
}

#[cfg(unix)]
pub fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
pub fn allow(_: &Path, _: u32) {}

/// The program, with no setting from the machine that the tests run on.
pub fn whop_relay(arguments: &[&str]) -> Command {
    let built = || env!("CARGO_BIN_EXE_whop-relay").into();
    // Another than that of this build: scripts/test_arm.sh.
    let program = std::env::var_os("WHOP_PROGRAMS").map_or_else(built, |folder| Path::new(&folder).join("whop-relay"));
    let mut command = Command::new(program);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WHOP_RELAY_")) {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

pub fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
    (status.code().unwrap(), stdout, stderr)
}

/// A relay as a program. It is killed when the test ends, however it ends.
pub struct Program {
    child: Child,
    pub url: String,
    pub stdout: BufReader<ChildStdout>,
    stderr: Option<ChildStderr>,
    /// What was read of the log already.
    log: String,
}

impl Program {
    /// `serve` before a sandbox with keys from these files.
    pub fn serve(whop: &Sandbox, files: &Files, more: &[&str]) -> Self {
        let (api_key, signing_key, base_url) = (files.text("api-key"), files.text("signing-key.pem"), whop.base_url());
        let ours = ["serve", "--listen", "127.0.0.1:0", "--product", "prod_sandbox", "--base-url", &base_url];
        let keys = ["--api-key-file", &api_key, "--signing-key-file", &signing_key];
        Self::start(&mut whop_relay(&[&ours[..], &keys, more].concat()))
    }

    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let stderr = child.stderr.take();
        let Some(url) = line.strip_prefix("LISTENING=") else {
            panic!("it did not start: {line}{}", read_all(stderr.unwrap()))
        };
        Self { url: url.trim_end().to_owned(), child, stdout, stderr, log: String::new() }
    }

    pub fn signal(&self, name: &str) {
        // The shell's own kill: the program of that name is not on every machine.
        let kill = format!("kill {name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    pub fn wait(&mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }

    /// A line of the log, as soon as it is there.
    pub fn log_line(&mut self, with: &str) -> String {
        let mut line = Vec::new();
        let stderr = self.stderr.as_mut().unwrap();
        let mut byte = [0];
        while stderr.read(&mut byte).unwrap() == 1 {
            line.extend(byte);
            if byte == *b"\n" {
                let text = String::from_utf8(std::mem::take(&mut line)).unwrap();
                self.log += &text;
                if text.contains(with) {
                    return text;
                }
            }
        }
        panic!("the log ended without {with}");
    }

    /// All that it still says, once it has ended.
    pub fn rest(&mut self) -> (String, String) {
        (read_all(&mut self.stdout), std::mem::take(&mut self.log) + &read_all(self.stderr.take().unwrap()))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Waits for what another thread or program does.
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// A certificate for localhost that signs itself, and its key.
pub fn certificate(files: &Files, name: &str) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap().self_signed(&key).unwrap();
    files.write(&format!("{name}.pem"), &certificate.pem());
    files.write(&format!("{name}.key"), &key.serialize_pem());
    certificate.pem()
}

/// Asks only who shows this certificate. What is no success is no error.
pub fn trusts(pem: &str) -> ureq::Agent {
    let certificate = ureq::tls::Certificate::from_pem(pem.as_bytes()).unwrap();
    let roots = ureq::tls::RootCerts::new_with_certs(&[certificate]);
    let tls = ureq::tls::TlsConfig::builder().root_certs(roots).build();
    ureq::config::Config::builder().http_status_as_error(false).tls_config(tls).proxy(None).build().into()
}
