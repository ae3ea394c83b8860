//! `--relay`: the relay, started before the sandbox as a seller would start it before Whop.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use whop_sandbox::Sandbox;

/// A relay that asks a sandbox. It ends with this.
pub struct Relay {
    program: Child,
    /// Where programs ask.
    pub url: String,
    /// What they trust.
    pub public_key: String,
    /// The files with the keys, if they last no longer than this run.
    folder: PathBuf,
}

impl Relay {
    /// Starts the `whop-relay` that stands beside this program, with a signing key of its own for this run.
    pub fn start(sandbox: &Sandbox, port: u16) -> Result<Self, Box<dyn Error>> {
        let whop_relay = std::env::current_exe()?.with_file_name(format!("whop-relay{}", std::env::consts::EXE_SUFFIX));
        if !whop_relay.exists() {
            return Err("whop-relay is not beside this program: build it with `cargo build -p whop-relay`".into());
        }
        let folder = std::env::temp_dir().join(format!("whop-sandbox-{}", sandbox.port()));
        private_folder(&folder)?;
        let (api_key, signing_key) = (folder.join("api-key"), folder.join("signing-key.pem"));
        fs::write(&api_key, sandbox.api_key("full"))?;
        #[cfg(unix)]
        fs::set_permissions(&api_key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        let keygen = Command::new(&whop_relay).arg("keygen").arg(&signing_key).stderr(Stdio::inherit()).output()?;
        let public_key = String::from_utf8(keygen.stdout)?.trim().to_owned();
        let mut program = Command::new(&whop_relay)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--product", "prod_sandbox"])
            .args(["--base-url", &sandbox.base_url()])
            .args([Path::new("--api-key-file"), &api_key, Path::new("--signing-key-file"), &signing_key])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = program.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let url = line.trim().strip_prefix("LISTENING=").map(str::to_owned);
        let mut relay = Self { program, url: String::new(), public_key, folder };
        relay.url = url.ok_or("the relay did not start: its own message says why")?;
        Ok(relay)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.program.kill());
        drop(self.program.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// An empty folder of this user alone.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    drop(fs::remove_dir_all(folder));
    #[cfg_attr(not(unix), allow(unused_mut, reason = "modes are Unix's"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
