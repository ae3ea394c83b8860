//! How a command ends.

use std::fmt::Display;
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
    Told(String),
    /// Nobody reads what it says any more.
    Unread,
}

impl Failure {
    pub fn told(fault: impl Display) -> Self {
        Self::Told(fault.to_string())
    }
}

/// The exit status of the program.
pub(crate) fn status(outcome: Result<Exit, Failure>) -> ExitCode {
    match outcome {
        Ok(Exit::Yes) => ExitCode::SUCCESS,
        Ok(Exit::No) => ExitCode::from(1),
        Ok(Exit::CannotTell) | Err(Failure::Unread) => ExitCode::from(2),
        Err(Failure::Told(fault)) => {
            output::fault(fault);
            ExitCode::from(2)
        }
    }
}
