//! A reset: the device goes out of a membership's metadata, and what else is in it stays.

use super::Membership;
use crate::error::Error;
use crate::http::Call;
use crate::model::JsonObject;

/// Takes what is stored under `name` out of the metadata. No API can delete one name for certain: an empty object
/// clears all, and the others are written back.
pub(super) fn free(
    before: Membership,
    name: &str,
    call: &mut Call<'_>,
    write: impl Fn(&mut Call<'_>, &JsonObject) -> Result<Membership, Error>,
) -> Result<Membership, Error> {
    let mut others = before.metadata()?.into_owned();
    let Some(device) = others.remove(name) else { return Ok(before) };
    // Reading has changed nothing.
    call.settle();
    let mut after = write(call, &JsonObject::new());
    // Also where it is not known whether all was cleared: to write the others is harmless, and may save them.
    if !others.is_empty() && call.may_have_worked() {
        after = write(call, &others);
        if let Err(cause) = after {
            return Err(Error::HalfReset { cause: Box::new(cause), before: before.answer().clone() });
        }
    }
    let after = after?;
    if after.metadata()?.get(name).is_some_and(|stored| *stored == device) {
        return Err(Error::bad_response("the device is still stored", after.answer().clone()));
    }
    Ok(after)
}
