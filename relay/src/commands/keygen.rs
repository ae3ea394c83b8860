//! `keygen`: a new private key in a file, and its public one on standard output.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use secrecy::ExposeSecret;

use super::{Failure, output};
use crate::signing_key::SigningKey;

pub(crate) fn run(path: &Path) -> Result<(), Failure> {
    let (key, text) = SigningKey::generate()?;
    write(path, text.expose_secret()).map_err(|error| format!("{}: {error}", path.display()))?;
    output::done(key.public_key())
}

/// Writes a file that was not there, and that nobody else can read, to the disk.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a key is none.
        drop(std::fs::remove_file(path));
    }
    written
}
