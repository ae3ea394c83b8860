//! The program: what is written on its command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{Failure, check, issue, keygen, output, release, serve};
use crate::log;
use crate::settings::{Given, Needs, Settings, Variables};

/// A license check for programs that hold no secret: keeps Whop's API key, and signs what it says.
#[derive(Debug, Parser)]
#[command(name = "whop-relay", version, after_help = AFTER)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve programs, until SIGTERM or Ctrl-C; SIGHUP reads the files of keys again
    Serve(Common),
    /// Write a new private key to a file, and print the public one that programs take
    Keygen {
        /// A file that is not there yet
        file: PathBuf,
    },
    /// Say what is wrong with the settings and the API key
    Check(Common),
    /// Free the place of a device, so that the license can be used on another
    Release {
        #[command(flatten)]
        release: release::Arguments,
        #[command(flatten)]
        common: Common,
    },
    /// Write a lease file for a machine that is never online, or for each line of a list; this binds a license that has
    /// no device yet, unless --unchecked
    Issue {
        #[command(flatten)]
        issue: issue::Arguments,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Args, Debug)]
struct Common {
    /// A file of settings in TOML, with the names of the options below
    #[arg(long, env = "WHOP_RELAY_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// How the log on standard error looks
    #[arg(long, env = "WHOP_RELAY_LOG_FORMAT", value_enum, value_name = "FORMAT", default_value = "text")]
    log_format: log::Format,

    /// What is logged: error, warn, info or debug
    #[arg(long, env = "WHOP_RELAY_LOG_LEVEL", value_name = "LEVEL", default_value = "info")]
    log_level: tracing::Level,

    #[command(flatten, next_help_heading = "Settings, each also a WHOP_RELAY_… variable or in the file")]
    given: Given,
}

impl Common {
    fn settings(self, needs: Needs) -> Result<Settings, Failure> {
        log::begin(self.log_format, self.log_level);
        let file = match self.config.as_deref().filter(|path| !path.as_os_str().is_empty()).map(Given::read) {
            None => Given::default(),
            Some(Ok(file)) => file,
            Some(Err(fault)) => return Err(Failure::Settings(vec![fault])),
        };
        Settings::read(self.given, file, Variables::read(), needs).map_err(Failure::Settings)
    }
}

/// The command line, for manual pages and completions.
pub fn command() -> clap::Command {
    Line::command()
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let matches = command().get_matches();
    let line = Line::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match redis_is_no_secret(&matches).and_then(|()| done(line.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Unread) => ExitCode::FAILURE,
        Err(Failure::Failed(fault)) => {
            output::fault(fault);
            ExitCode::FAILURE
        }
        Err(Failure::Settings(faults)) => {
            faults.iter().for_each(output::fault);
            ExitCode::from(2)
        }
    }
}

fn done(command: Command) -> Result<(), Failure> {
    let all = Needs { api_key: true, signing_keys: true, products: true };
    match command {
        Command::Serve(common) => serve::run(common.settings(all)?),
        Command::Keygen { file } => keygen::run(&file),
        Command::Check(common) => check::run(&common.settings(all)?),
        Command::Release { release, common } => {
            let needs = Needs { api_key: true, signing_keys: false, products: false };
            release::run(&release, &common.settings(needs)?)
        }
        Command::Issue { issue, common } => {
            let needs = Needs { api_key: !issue.unchecked, signing_keys: true, products: !issue.unchecked };
            issue::run(&issue, common.settings(needs)?)
        }
    }
}

/// A password on the command line can be read by everybody on the machine.
fn redis_is_no_secret(matches: &clap::ArgMatches) -> Result<(), Failure> {
    let Some((name, matches)) = matches.subcommand() else { return Ok(()) };
    let is_flag = name != "keygen" && matches.value_source("redis") == Some(ValueSource::CommandLine);
    let raw = if is_flag { matches.get_raw("redis").into_iter().flatten().next() } else { None };
    let has_password = raw.is_some_and(|url| url.to_string_lossy().contains('@'));
    match has_password {
        true => Err(Failure::setting(
            "redis",
            "a password on the command line can be read by all users: set WHOP_RELAY_REDIS, or write it into the file",
        )),
        false => Ok(()),
    }
}

const AFTER: &str = "Secrets come from files or variables alone: --api-key-file or WHOP_RELAY_API_KEY, --signing-key-file or \
                     WHOP_RELAY_SIGNING_KEY (PEM). Exit status: 0 done, 1 failed, 2 settings that cannot be used.";
