//! What is read from standard input and from files.

use std::fmt::Display;
use std::fs::{self, File};
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

/// All of a regular file: to open anything else may wait without end.
pub(crate) fn file(path: &str) -> Result<String, Failure> {
    let failure = |fault: &dyn Display| Failure::new(format_args!("{path}: {fault}"));
    let metadata = fs::metadata(path).map_err(|error| failure(&error))?;
    if !metadata.is_file() {
        return Err(failure(&"not a file: use - for standard input"));
    }
    let mut text = String::new();
    let file = File::open(path).map_err(|error| failure(&error))?;
    file.take(LONGEST_FILE + 1).read_to_string(&mut text).map_err(|error| failure(&error))?;
    match text.len() as u64 > LONGEST_FILE {
        true => Err(failure(&format_args!("longer than {} KiB", LONGEST_FILE / 1024))),
        false => Ok(text),
    }
}

fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().take(LONGEST).read_line(&mut line);
    read.map_err(|error| Failure::new(format_args!("standard input: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// More than the library takes of anything.
const LONGEST: u64 = 1 << 20;
/// The most that the library takes of JSON.
const LONGEST_FILE: u64 = 256 << 10;
