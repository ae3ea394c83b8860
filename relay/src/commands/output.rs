//! What commands say. Whoever reads it may leave at any time, as `head` does, which is no fault of this program.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use super::Failure;

/// Writes a line to standard output, without which the command is in vain.
pub(crate) fn line(text: impl Display) -> Result<(), Failure> {
    text_as_it_is(format_args!("{text}\n"))
}

/// Writes a text to standard output, without which the command is in vain.
pub(crate) fn text_as_it_is(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    write!(out, "{text}").and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::Unread,
        _ => Failure::Failed(format!("standard output: {error}")),
    })
}

/// Writes a line to standard output about what is done, whether somebody reads it or not.
pub(crate) fn done(text: impl Display) -> Result<(), Failure> {
    match line(text) {
        Err(Failure::Unread) => Ok(()),
        other => other,
    }
}

/// Writes a line to standard error. If that fails, there is nobody to tell.
pub(crate) fn fault(text: impl Display) {
    drop(writeln!(io::stderr(), "whop-relay: {text}"));
}
