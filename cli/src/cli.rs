//! What is written on the command line.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{check, device_id, doctor, exit, plan, reset};

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
    exit::status(match Line::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Plan { command } => plan::run(&command),
        Command::Reset(arguments) => reset::run(&arguments),
        Command::DeviceId(arguments) => device_id::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
    })
}

const AFTER: &str = "The API key comes from WHOP_API_KEY, from --api-key-file or from a prompt, never from an argument, \
                     which every user of the machine can see. Exit status: 0 yes or done, 1 no, 2 cannot tell, also \
                     for arguments that cannot be used.";
