//! The teller of the Rust API: this test program, run again, so that all that it prints is seen.

use std::fmt::{Debug, Display};

use whop_license::{Api, Client, Error, Lookup, Membership, PlanRequest};

use crate::support::{status_of_error, status_of_verdict};

struct Log;

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("log: {} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// Arguments: "current", "v2" or "relay", API key or public keys, URL, proxy, license key, metadata, plan; "-" for none.
#[test]
#[ignore = "a program that the other tests run"]
fn tell() {
    log::set_logger(&Log).unwrap();
    log::set_max_level(log::LevelFilter::Debug);
    let arguments: Vec<_> = std::env::args().collect();
    let [.., way, key, url, proxy, license_key, metadata, plan] = &arguments[..] else { panic!("seven arguments") };

    let mut settings = if way == "relay" { Client::relay(url, key) } else { Client::builder(key) };
    if way != "relay" {
        settings.api(if way == "v2" { Api::V2 } else { Api::Current }).base_url(url);
    }
    settings.product_id("prod_1").max_retries(0);
    if let Some(proxy) = given(proxy) {
        settings.proxy(proxy);
    }
    debug(&settings);
    told(|| {
        let client = settings.build()?;
        debug(&client);
        let verdict = client.validate_license(license_key, given(metadata))?;
        println!("status {}", status_of_verdict(&verdict));
        debug(&verdict);
        display(&verdict);
        debug(verdict.answer());
        if let Some(membership) = verdict.membership() {
            tell_of_membership(membership);
            debug(&client.judge(membership.clone(), given(metadata)));
        }
        Ok(())
    });
    told(|| {
        let plan = settings.build()?.create_plan(PlanRequest::from_json(plan)?)?;
        println!("status 0");
        debug(&plan);
        debug(&plan.current());
        debug(&plan.v2());
        debug(plan.answer());
        Ok(())
    });
    told(|| {
        let reset = settings.build()?.reset_license(license_key)?;
        debug(&reset);
        match reset {
            Lookup::Found(membership) => {
                println!("status 0");
                tell_of_membership(&membership);
            }
            Lookup::NotFound(answer) => {
                println!("status 100");
                debug(&answer);
            }
        }
        Ok(())
    });
}

fn tell_of_membership(membership: &Membership) {
    debug(membership);
    debug(&membership.current());
    debug(&membership.v2());
    debug(membership.answer());
    println!("{:?} {:?}", membership.id(), membership.status());
    println!("{:?} {:?} {:?}", membership.product_id(), membership.plan_id(), membership.expires_at());
}

fn told(call: impl FnOnce() -> Result<(), Error>) {
    if let Err(error) = call() {
        println!("status {}", status_of_error(&error));
        debug(&error);
        display(&error);
        debug(&std::error::Error::source(&error));
        debug(&error.answer());
    }
}

fn debug(thing: &impl Debug) {
    println!("{thing:?} {thing:#?}");
}

fn display(thing: &impl Display) {
    println!("{thing} {thing:#}");
}

fn given(argument: &str) -> Option<&str> {
    (argument != "-").then_some(argument)
}
