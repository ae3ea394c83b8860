//! A reset: the device goes out of a membership's metadata, and what else is in it stays.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Membership;
use crate::error::Error;
use crate::http::Call;

type Metadata = BTreeMap<String, Box<RawValue>>;

/// Takes what is stored under `name` out of the metadata. No API can delete one name for certain: an empty object
/// clears all, and the others are written back.
pub(super) fn free(
    before: Membership,
    name: &str,
    call: &mut Call<'_>,
    write: impl Fn(&mut Call<'_>, &Metadata) -> Result<Membership, Error>,
) -> Result<Membership, Error> {
    let mut others = before.metadata_as_sent()?;
    let Some(device) = others.remove(name) else { return Ok(before) };
    // Reading has changed nothing.
    call.settle();
    let mut after = write(call, &Metadata::new());
    // Also where it is not known whether all was cleared: to write the others is harmless, and may save them.
    if !others.is_empty() && call.may_have_worked() {
        after = write(call, &others);
        if let Err(cause) = after {
            return Err(Error::HalfReset { cause: Box::new(cause), before: before.answer().clone() });
        }
    }
    let after = after?;
    if after.metadata_as_sent()?.get(name).is_some_and(|stored| stored.get() == device.get()) {
        return Err(Error::bad_response("the device is still stored", after.answer().clone()));
    }
    Ok(after)
}
