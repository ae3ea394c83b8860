//! What is written on the command line.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::exit::{Exit, Failure};
use crate::{check, device_id, doctor, exit, masking, output, plan, reset};

/// Checks licenses of Whop, creates plans, and explains a machine on which a check does not work
#[derive(Debug, Parser)]
#[command(name = "whop-license", version, after_help = AFTER)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check a license on this device, which it is bound to if it is free; by the exit status: 0 allowed,
    /// 1 denied, 2 cannot tell
    Check(check::Arguments),
    /// Create what is sold
    Plan {
        #[command(subcommand)]
        command: plan::Command,
    },
    /// Free the device of a license, so that it can be used on another
    Reset(reset::Arguments),
    /// Print the id of this device, as a check sends it
    DeviceId(device_id::Arguments),
    /// Explain this machine in one screen, or look for API keys in a folder that is to be shipped; nothing
    /// secret is printed
    Doctor(doctor::Arguments),
}

/// The command line, for manual pages and completions.
pub fn command() -> clap::Command {
    Line::command()
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    exit::status(match Line::try_parse_from(&words) {
        Ok(line) => obey(line.command),
        Err(error) => explain(&error, &words),
    })
}

fn obey(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Plan { command } => plan::run(&command),
        Command::Reset(arguments) => reset::run(&arguments),
        Command::DeviceId(arguments) => device_id::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
    }
}

/// Prints what clap has to say in place of a command: help, the version, or what is wrong with the arguments.
fn explain(error: &clap::Error, words: &[OsString]) -> Result<Exit, Failure> {
    let words: Vec<String> = words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let has_license_key = words.first().is_some_and(|first| first == "check" || first == "reset");
    let text = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        output::text(&text)?;
        // The license key may be `--help`, and help is no verdict about it.
        return Ok(if has_license_key { Exit::CannotTell } else { Exit::Yes });
    }
    let text = if has_license_key { masking::without_words(&text, &words) } else { text };
    output::faults(&text);
    Ok(Exit::CannotTell)
}

const AFTER: &str = "The API key comes from WHOP_API_KEY, from --api-key-file or from a prompt, never from an argument, \
                     which every user of the machine can see. Exit status: 0 yes or done, 1 no, 2 cannot tell, also \
                     for arguments that cannot be used, and for the help of check and reset.";
