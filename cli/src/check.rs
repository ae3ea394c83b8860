//! `check`: may this license be used here?

use clap::Args;
use serde::Serialize;
use whop_license::{Client, ClientBuilder, Error, Membership, Verdict};

use crate::client::{Connection, Relay, Whop};
use crate::exit::{Exit, Failure};
use crate::{input, masking, output};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The license key, or - to read it from standard input
    #[arg(value_name = "KEY")]
    license_key: String,

    /// The product that the license must be of, prod_…
    #[arg(long, value_name = "ID")]
    product: String,

    /// Check for this device in place of this machine
    #[arg(long, value_name = "ID", conflicts_with = "metadata")]
    device_id: Option<String>,

    /// Check for the device that this JSON object names, such as {"hwid":"…"}; {} binds nothing
    #[arg(long, value_name = "JSON")]
    metadata: Option<String>,

    /// Say it as one line of JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    whop: Whop,

    #[command(flatten)]
    relay: Relay,

    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let license_key = input::license_key(&arguments.license_key)?;
    let mut builder = arguments.client()?;
    builder.product_id(&arguments.product);
    if let Some(id) = &arguments.device_id {
        builder.device_id(id);
    }
    let metadata = arguments.metadata.as_deref();
    let outcome = builder.build().and_then(|client| client.validate_license(&license_key, metadata));
    arguments.tell(&outcome)?;
    Ok(match outcome {
        Ok(verdict) if verdict.is_allowed() => Exit::Yes,
        Ok(_) => Exit::No,
        Err(_) => Exit::CannotTell,
    })
}

impl Arguments {
    fn client(&self) -> Result<ClientBuilder, Failure> {
        let Relay { relay, public_keys, lease_file } = &self.relay;
        let (Some(url), Some(keys)) = (relay, public_keys) else {
            return match (relay, lease_file) {
                (Some(_), _) => Err(Failure::new("--relay: needs --public-keys, or anybody could answer for it")),
                (_, Some(_)) => Err(Failure::new("--lease-file: needs --relay, whose answers alone are kept")),
                _ => self.whop.client(&self.connection),
            };
        };
        let mut builder = Client::relay(url, keys);
        if let Some(path) = lease_file {
            builder.lease_file(path);
        }
        self.connection.set(&mut builder);
        Ok(builder)
    }

    fn tell(&self, outcome: &Result<Verdict, Error>) -> Result<(), Failure> {
        match outcome {
            _ if self.json => output::json(&Report::of(outcome)),
            Ok(verdict) if verdict.is_allowed() => output::line(format_args!("allowed: {verdict}")),
            Ok(verdict) => output::line(format_args!("denied: {verdict}")),
            Err(error) => {
                output::fault(format_args!("cannot tell: {error}"));
                Ok(())
            }
        }
    }
}

/// The answer for scripts. It holds neither key nor the buyer's data.
#[derive(Serialize)]
struct Report<'a> {
    verdict: &'static str,
    reason: &'static str,
    message: String,
    offline: bool,
    membership_id: Option<&'a str>,
    license_status: Option<&'a str>,
    product_id: Option<&'a str>,
    plan_id: Option<&'a str>,
    expires_at: Option<i64>,
    retry_after_ms: Option<u128>,
}

impl<'a> Report<'a> {
    fn of(outcome: &'a Result<Verdict, Error>) -> Self {
        let (verdict, message) = match outcome {
            Ok(verdict) if verdict.is_allowed() => ("allowed", verdict.to_string()),
            Ok(verdict) => ("denied", verdict.to_string()),
            Err(error) => ("cannot_tell", masking::without_api_keys(&error.to_string())),
        };
        let membership = outcome.as_ref().ok().and_then(Verdict::membership);
        Self {
            verdict,
            reason: reason(outcome),
            message,
            offline: outcome.as_ref().is_ok_and(Verdict::is_offline),
            membership_id: membership.and_then(Membership::id),
            license_status: membership.and_then(Membership::status),
            product_id: membership.and_then(Membership::product_id),
            plan_id: membership.and_then(Membership::plan_id),
            expires_at: membership.and_then(Membership::expires_at),
            retry_after_ms: outcome.as_ref().err().and_then(Error::retry_after).map(|wait| wait.as_millis()),
        }
    }
}

/// The status by its name in C, in small letters and without `WHOP_`.
fn reason(outcome: &Result<Verdict, Error>) -> &'static str {
    match outcome {
        Ok(Verdict::Allowed(_)) => "ok",
        Ok(Verdict::NotFound(_)) => "license_not_found",
        Ok(Verdict::DeviceMismatch(_)) => "device_mismatch",
        Ok(Verdict::ProductMismatch(_)) => "product_mismatch",
        Ok(_) => "license_inactive",
        Err(error) => of_error(error),
    }
}

fn of_error(error: &Error) -> &'static str {
    match error {
        Error::InvalidArgument { .. } => "invalid_argument",
        Error::Unauthorized(_) => "unauthorized",
        Error::Forbidden { .. } => "forbidden",
        Error::Rejected { .. } => "rejected",
        Error::Unreachable { .. } => "unreachable",
        Error::NoAnswer { .. } => "no_answer",
        Error::RateLimited { .. } => "rate_limited",
        Error::ServerError(_) => "server_error",
        Error::Untrusted { .. } => "untrusted",
        Error::Canceled => "canceled",
        Error::NoDeviceId => "no_device_id",
        Error::Relay { cause, .. } => of_error(cause),
        _ => "bad_response",
    }
}
