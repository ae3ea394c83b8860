//! `issue`: lease files written by hand, for machines that are never online, or for the day that the relay goes away.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::Args;
use ring::rand::{SecureRandom, SystemRandom};
use secrecy::ExposeSecret;
use whop_license::lease::{self, Reason};

use super::{Failure, output};
use crate::clock::SystemClock;
use crate::engine::Engine;
use crate::pair::is_device;
use crate::question::{Facts, Outcome, Question};
use crate::request::{Request, is_membership_id};
use crate::secrets;
use crate::settings::Settings;
use crate::signer::Signer;
use crate::store::Store;

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The license key
    #[arg(value_name = "KEY", required_unless_present = "from_csv", requires = "device")]
    license_key: Option<String>,

    /// The device, as the program names it
    #[arg(value_name = "DEVICE")]
    device: Option<String>,

    /// The last day, YYYY-MM-DD, or a time such as 2027-01-31T12:00:00Z
    #[arg(long, value_name = "DATE")]
    until: String,

    /// Where to write the file, which must not be there yet [default: standard output]
    #[arg(long, value_name = "FILE", conflicts_with = "from_csv")]
    out: Option<PathBuf>,

    /// Lines of KEY,DEVICE, from a file or, with -, from standard input: a file for each, named after the number of its line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["license_key", "device"], requires = "out_dir")]
    from_csv: Option<PathBuf>,

    /// Where to write the files of --from-csv
    #[arg(long, value_name = "FOLDER")]
    out_dir: Option<PathBuf>,

    /// Without asking Whop: signs that a license is active which you know of
    #[arg(long)]
    pub unchecked: bool,
}

pub(crate) fn run(arguments: &Arguments, settings: Settings) -> Result<(), Failure> {
    let until = until(&arguments.until).map_err(|fault| Failure::setting("until", fault))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| format!("runtime: {error}"))?;
    let issuer = runtime.block_on(async { Issuer::new(settings, until, arguments.unchecked) })?;
    let outcome = match (&arguments.license_key, &arguments.device, &arguments.from_csv, &arguments.out_dir) {
        (Some(license_key), Some(device), None, _) => {
            let file = runtime.block_on(issuer.file(license_key, device))?;
            match &arguments.out {
                None => output::text_as_it_is(file),
                Some(path) => write(path, &file).map_err(Failure::from),
            }
        }
        (None, None, Some(list), Some(folder)) => {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            runtime.block_on(many(&issuer, list, folder))
        }
        _ => Err("expected KEY and DEVICE, or --from-csv with --out-dir".to_owned().into()),
    };
    runtime.shutdown_background();
    outcome
}

/// Writes a file for each line that can have one, and says which could not.
async fn many(issuer: &Issuer, list: &Path, folder: &Path) -> Result<(), Failure> {
    let input: Box<dyn BufRead> = match list.as_os_str() == "-" {
        true => Box::new(io::stdin().lock()),
        false => Box::new(BufReader::new(File::open(list).map_err(|error| format!("{}: {error}", list.display()))?)),
    };
    let (mut written, mut failed) = (0_usize, 0_usize);
    // The files are what counts: each is written, whether its line can be told or not.
    let mut told = Ok(());
    for (bytes, line) in input.split(b'\n').zip(1_usize..) {
        let bytes = bytes.map_err(|error| format!("{}: line {line}: {error}", list.display()))?;
        let issued = match fields(&bytes).as_deref() {
            Ok([]) => continue,
            Ok([license_key, device]) if line == 1 && is_heading(license_key, device) => continue,
            Ok([license_key, device]) => issuer.file(license_key, device).await,
            Ok(_) => Err("expected KEY,DEVICE".into()),
            Err(fault) => Err((*fault).to_owned()),
        };
        let path = folder.join(format!("{line}.lease"));
        match issued.and_then(|file| write(&path, &file)) {
            Ok(()) => {
                written += 1;
                told = told.and(output::done(format_args!("line {line}: {}", path.display())));
            }
            Err(fault) => {
                failed += 1;
                output::fault(format_args!("line {line}: {fault}"));
            }
        }
    }
    match failed {
        0 => told,
        _ => Err(format!("{failed} of {} lines have no file", failed + written).into()),
    }
}

/// What stands between the commas of a line, which is none of a list if it is empty or a remark. Lines are told apart
/// before this, so that a file is named after the line that an editor shows, whatever the line holds.
fn fields(line: &[u8]) -> Result<Vec<String>, &'static str> {
    let line = str::from_utf8(line).map_err(|_| "not UTF-8")?;
    let line = line.trim_start_matches(BYTE_ORDER_MARK).trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(Vec::new());
    }
    // A field that goes on in the next line, or lines that end as on no system of today, would be a cut device.
    if line.matches('"').count() % 2 == 1 || line.contains('\r') {
        return Err("expected KEY,DEVICE");
    }
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).trim(csv::Trim::All).from_reader(line.as_bytes());
    let record = reader.records().next().and_then(Result::ok).unwrap_or_default();
    Ok(record.iter().map(str::to_owned).collect())
}

fn is_heading(license_key: &str, device: &str) -> bool {
    matches!(license_key, "key" | "license_key") && device == "device"
}

/// What every lease of one run has.
struct Issuer {
    signer: Signer,
    until: i64,
    /// None if nothing is to be asked.
    engine: Option<Engine>,
    products: Vec<String>,
}

impl Issuer {
    fn new(settings: Settings, until: i64, unchecked: bool) -> Result<Self, Failure> {
        let signing = |fault| Failure::setting("signing-key-file", fault);
        let texts = secrets::signing_key_texts(&settings).map_err(signing)?;
        let products = settings.engine.products.clone();
        if unchecked {
            if products.len() != 1 {
                return Err(Failure::setting("product", "--unchecked needs the one that is signed for"));
            }
            let is_sandbox = settings.engine.base_url.as_deref().is_some_and(|url| !secrets::is_whop(url));
            let signer = secrets::signer(&texts, &settings, is_sandbox).map_err(signing)?;
            return Ok(Self { signer, until, engine: None, products });
        }
        let api_key = secrets::api_key(&settings).map_err(|fault| Failure::setting("api-key-file", fault))?;
        let signer = secrets::signer(&texts, &settings, api_key.is_sandbox).map_err(signing)?;
        let store = match (&settings.redis, signer.keys().first()) {
            (Some(url), Some(key)) => Store::redis(url.expose_secret(), key.derive(crate::relay::STORE))
                .map_err(|_| Failure::setting("redis", "not a URL that can be used"))?,
            _ => Store::memory(),
        };
        let engine = Engine::new(settings.engine, api_key.text.expose_secret(), store, Arc::new(SystemClock::new()))
            .map_err(|error| Failure::Settings(vec![error.to_string()]))?;
        Ok(Self { signer, until, engine: Some(engine), products })
    }

    /// The content of a lease file for a license and a device.
    async fn file(&self, license_key: &str, device: &str) -> Result<String, String> {
        let license_key = lease::license_key(license_key).ok().filter(|key| !is_membership_id(key));
        let license_key = license_key.ok_or("not a license key")?;
        if !is_device(device) {
            return Err("not a device: expected 1 to 256 printable ASCII characters".into());
        }
        let request =
            Request { license_key, device: device.into(), nonce: Some(nonce()?), key_ids: Vec::new(), lease: None };
        let facts = match &self.engine {
            None => self.unchecked(),
            Some(engine) => checked(engine, &request).await?,
        };
        let lease = self.signer.lease_until(&request, &facts, SystemTime::now(), self.until)?;
        Ok(lease::file(&[lease]))
    }

    fn unchecked(&self) -> Facts {
        Facts {
            id: "mem_unchecked".into(),
            valid: true,
            status: "active".into(),
            product: self.products.first().cloned().unwrap_or_default(),
            plan: None,
            expires_at: None,
            cancel_at_period_end: false,
            ends_at: None,
        }
    }
}

/// What Whop says of the license, which is bound to the device if it is free.
async fn checked(engine: &Engine, request: &Request) -> Result<Facts, String> {
    let question = Question {
        license_key: request.license_key.clone(),
        device: request.device.clone(),
        from: IpAddr::from(Ipv4Addr::LOCALHOST).into(),
        has_lease: true.into(),
    };
    for _ in 0..TRIES {
        match engine.check(&question).await {
            Outcome::Known(facts) if facts.valid => return Ok(facts),
            Outcome::Known(facts) => return Err(format!("the license is not active: {}", facts.status)),
            Outcome::Denied(Reason::DeviceMismatch) => return Err("the license is bound to another device".into()),
            Outcome::Denied(Reason::ProductMismatch) => return Err("the license is of another product".into()),
            Outcome::Denied(_) => return Err("there is no such license".into()),
            Outcome::Later(why, wait) if wait > LONGEST_WAIT => {
                return Err(format!("nothing can be said now ({why:?}): wait {} s", wait.as_secs()));
            }
            Outcome::Later(_, wait) => tokio::time::sleep(wait).await,
        }
    }
    Err("nothing can be said now: Whop does not answer, or does not take the API key".into())
}

fn until(text: &str) -> Result<i64, String> {
    let day = format!("{text}T23:59:59Z");
    let time = humantime::parse_rfc3339(text).or_else(|_| humantime::parse_rfc3339(&day));
    let time =
        time.map_err(|_| format!("expected YYYY-MM-DD, or a time such as 2027-01-31T12:00:00Z, found {text:?}"))?;
    if time <= SystemTime::now() {
        return Err(format!("{text} is past"));
    }
    let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    seconds.try_into().map_err(|_| format!("{text} is too far"))
}

fn nonce() -> Result<String, String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "the system gives no random bytes")?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Writes a file that was not there, and that nobody else can read.
fn write(path: &Path, text: &str) -> Result<(), String> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// What editors of some systems put before the first line.
const BYTE_ORDER_MARK: char = '\u{feff}';
const TRIES: usize = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(90);
