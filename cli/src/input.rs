//! What is read from standard input.

use std::io::{BufRead, Read};

use crate::exit::Failure;

/// The license key of a command: as it is given, or the first line of standard input for `-`.
pub(crate) fn license_key(given: &str) -> Result<String, Failure> {
    match given {
        "-" => first_line(),
        key => Ok(key.to_owned()),
    }
}

/// All of standard input.
pub(crate) fn all() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LONGEST).read_to_string(&mut text);
    read.map(|_| text).map_err(|error| Failure::new(format_args!("standard input: {error}")))
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().take(LONGEST).read_line(&mut line);
    read.map_err(|error| Failure::new(format_args!("standard input: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// More than the library takes of anything.
const LONGEST: u64 = 1 << 20;
