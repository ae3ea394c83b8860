//! How a command ends.

use std::fmt::{self, Display};
use std::process::ExitCode;

use crate::output;

/// What a command found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Allowed, or done.
    Yes,
    /// Denied, or refused: a definite no.
    No,
    /// Not known.
    CannotTell,
}

/// Why a command ended without an answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What could not be done.
    Message(String),
    /// Nobody reads what it says any more.
    OutputClosed,
}

impl Failure {
    pub fn new(fault: impl Display) -> Self {
        Self::Message(fault.to_string())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Message(fault) => fault,
            Self::OutputClosed => "standard output is closed",
        })
    }
}

/// The exit status of the program.
pub(crate) fn status(outcome: Result<Exit, Failure>) -> ExitCode {
    match outcome {
        Ok(Exit::Yes) => ExitCode::SUCCESS,
        Ok(Exit::No) => ExitCode::from(1),
        Ok(Exit::CannotTell) | Err(Failure::OutputClosed) => ExitCode::from(2),
        Err(Failure::Message(fault)) => {
            output::fault(fault);
            ExitCode::from(2)
        }
    }
}
