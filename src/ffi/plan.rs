//! Create, for C.

use std::mem::MaybeUninit;

use libc::c_char;

use super::client::Client;
use super::response::{Response, respond};
use super::status::Status;
use super::text::text;
use crate::PlanRequest;

/// Creates a plan, with a client of default settings. See whop_client_create_plan().
#[unsafe(no_mangle)]
pub extern "C" fn whop_create_plan(
    api_key: *const c_char,
    plan_json: *const c_char,
    response: Option<&mut MaybeUninit<*mut Response>>,
) -> Status {
    respond(response, || {
        // SAFETY: the contract of the header: each is NULL, or a string that lasts until the call returns.
        let (api_key, plan_json) = unsafe { (text("api_key", api_key)?, text("plan_json", plan_json)?) };
        let client = crate::Client::builder(api_key).build()?;
        Ok(client.create_plan(PlanRequest::from_json(plan_json)?)?.into())
    })
}

/// Creates a plan: the terms on which a product is sold. Needs an API key that must never be shipped to customers.
///
/// plan_json: a JSON object, such as {"product_id":"prod_1","initial_price":19.99,"currency":"eur"}; docs/fields.md lists
/// the fields of either API. Prices are in major units of the currency: 19.99 is 19 euros and 99 cents. A field of a
/// wrong type, of a name or with a value that Whop does not know, is refused before anything is sent, because Whop may
/// ignore it and sell the plan on other terms. One that is null is left out. With API v2 a plan's "metadata" is copied
/// to each license that is made from it, where it can make the first device check fail.
///
/// Of one call comes one plan at the most. The current API takes a creation once, however often it arrives, so that it is
/// repeated within the time limit; with API v2 it is repeated only when nothing was sent. After WHOP_NO_ANSWER,
/// WHOP_SERVER_ERROR, WHOP_BAD_RESPONSE and WHOP_CANCELED the plan may exist: look before you create it again.
#[unsafe(no_mangle)]
pub extern "C" fn whop_client_create_plan(
    client: *const Client,
    plan_json: *const c_char,
    response: Option<&mut MaybeUninit<*mut Response>>,
) -> Status {
    respond(response, || {
        // SAFETY: the contract of the header: NULL, or a client that is not freed while a call of it begins.
        let client = unsafe { Client::held(client) }?;
        // SAFETY: the contract of the header: NULL, or a string that lasts until the call returns.
        let plan_json = unsafe { text("plan_json", plan_json)? };
        Ok(client.create_plan(PlanRequest::from_json(plan_json)?)?.into())
    })
}
