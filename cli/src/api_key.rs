//! Where the API key comes from: a file that nobody else can read, a variable, or a prompt. Never an argument, which
//! every user of the machine can see.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use secrecy::SecretString;

use crate::exit::Failure;

/// The API key, for a command that needs one.
pub(crate) fn required(file: Option<&Path>) -> Result<SecretString, Failure> {
    if let Some(key) = given(file)? {
        return Ok(key);
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::new(format_args!("no API key: set {VARIABLE}, or name a file with --api-key-file")));
    }
    let typed = rpassword::prompt_password("API key of Whop (it is not shown): ");
    typed.map(SecretString::from).map_err(|error| Failure::new(format_args!("prompt for the API key: {error}")))
}

/// The API key if there is one, without a question.
pub(crate) fn given(file: Option<&Path>) -> Result<Option<SecretString>, Failure> {
    match file {
        Some(path) => read(path).map(Some).map_err(|fault| Failure::new(format_args!("api-key-file: {fault}"))),
        None => Ok(std::env::var(VARIABLE).ok().filter(|key| !key.trim().is_empty()).map(SecretString::from)),
    }
}

fn read(path: &Path) -> Result<SecretString, String> {
    let name = path.display();
    let cannot = |error| format!("{name}: {error}");
    let metadata = fs::metadata(path).map_err(cannot)?;
    if !metadata.is_file() {
        return Err(format!("{name}: not a file"));
    }
    if metadata.len() > LONGEST {
        return Err(format!("{name}: longer than {LONGEST} bytes"));
    }
    is_private(path, &metadata)?;
    fs::read_to_string(path).map(SecretString::from).map_err(cannot)
}

#[cfg(unix)]
fn is_private(path: &Path, metadata: &fs::Metadata) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    // systemd lets one user in by an access list, which shows as a right of the group.
    let is_credential = std::env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|folder| path.starts_with(folder));
    match metadata.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ if is_credential => Ok(()),
        _ => Err(format!("{0}: other users can read or write it: chmod 600 {0}", path.display())),
    }
}

/// Windows does not tell in one number who reads a file: the help says that it is not checked.
#[cfg(not(unix))]
fn is_private(_: &Path, _: &fs::Metadata) -> Result<(), String> {
    Ok(())
}

const VARIABLE: &str = "WHOP_API_KEY";
const LONGEST: u64 = 64 * 1024;
