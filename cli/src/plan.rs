//! `plan create`: a plan from a JSON object.

use clap::{Args, Subcommand};
use whop_license::{Error, Plan, PlanRequest};

use crate::client::{Connection, Whop};
use crate::exit::{Exit, Failure};
use crate::{input, output};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a plan, and print its id
    Create(Arguments),
}

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// A file with the plan as a JSON object, such as {"product_id":"prod_…","initial_price":19.99}, or - for
    /// standard input
    #[arg(value_name = "FILE")]
    file: String,

    /// Let the plan have names and values that this version does not know
    #[arg(long)]
    allow_unknown: bool,

    /// Print the whole plan as JSON, as Whop sent it
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    whop: Whop,

    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(Command::Create(arguments): &Command) -> Result<Exit, Failure> {
    let text = match &*arguments.file {
        "-" => input::all()?,
        path => input::file(path)?,
    };
    let mut builder = arguments.whop.client(&arguments.connection)?;
    builder.allow_unknown_plan_fields(arguments.allow_unknown);
    let created = PlanRequest::from_json(&text).and_then(|request| builder.build()?.create_plan(&request));
    match created {
        Ok(plan) => {
            tell(&plan, arguments.json)?;
            Ok(Exit::Yes)
        }
        Err(error @ (Error::NoAnswer { .. } | Error::ServerError(_) | Error::BadResponse { .. })) => {
            output::fault(format_args!("{error}; the plan may exist: look before you create it again"));
            Ok(Exit::CannotTell)
        }
        Err(error) => {
            output::fault(format_args!("{error}; no plan was created"));
            Ok(Exit::No)
        }
    }
}

fn tell(plan: &Plan, as_json: bool) -> Result<(), Failure> {
    match plan.answer().json().filter(|_| as_json) {
        Some(json) => output::line(json),
        None => output::line(plan.id()),
    }
}
