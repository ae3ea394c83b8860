//! Where the API key comes from: a file that nobody else can read, a variable, or a prompt. Never an argument, which
//! every user of the machine can see.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::Path;

use secrecy::SecretString;

use crate::exit::Failure;
use crate::prompt;

/// The API key, for a command that needs one.
pub(crate) fn required(file: Option<&Path>) -> Result<SecretString, Failure> {
    if let Some(key) = given(file)? {
        return Ok(key);
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::new(format_args!("no API key: set {VARIABLE}, or name a file with --api-key-file")));
    }
    let typed = prompt::ask("API key of Whop (it is not shown): ");
    typed.map(SecretString::from).map_err(|error| Failure::new(format_args!("prompt for the API key: {error}")))
}

/// The API key if there is one, without a question.
pub(crate) fn given(file: Option<&Path>) -> Result<Option<SecretString>, Failure> {
    match file {
        Some(path) => {
            whop_secret_file::read(path).map(Some).map_err(|fault| Failure::new(format_args!("api-key-file: {fault}")))
        }
        None => in_variable(std::env::var_os(VARIABLE)),
    }
}

/// An empty variable is none.
fn in_variable(value: Option<OsString>) -> Result<Option<SecretString>, Failure> {
    let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(None) };
    match value.into_string() {
        Ok(key) if key.trim().is_empty() => Err(Failure::new(format_args!("{VARIABLE}: holds spaces alone"))),
        Ok(key) => Ok(Some(key.into())),
        Err(_) => Err(Failure::new(format_args!("{VARIABLE}: is not text in UTF-8"))),
    }
}

const VARIABLE: &str = "WHOP_API_KEY";
