//! This device: an id that lasts, tells nothing of the machine, and is another one for each product.
//!
//! Version 1, for ever, since a changed id is a refusal for every buyer at once:
//!
//! ```text
//! device id        = HMAC-SHA256(key: machine identity, message: "whop-license/device/v1" || product id),
//!                    in 64 lower-case hex digits
//! machine identity = the 128 bits by which the operating system knows this machine,
//!                    in 32 lower-case hex digits: 32 bytes of ASCII
//! product id       = the one that is set, in UTF-8; nothing if none is
//! ```
//!
//! The test vectors are in `tests/device_v1.txt`.

mod machine;
#[cfg(target_os = "linux")]
mod machine_id;

use ring::hmac;

use crate::error::Error;

/// The id of this device for a product.
pub(crate) fn id(product_id: Option<&str>) -> Result<String, Error> {
    let (machine, _) = machine::identity().ok_or(Error::NoDeviceId)?;
    Ok(v1(&machine, product_id.unwrap_or_default()))
}

/// Where the operating system keeps the identity from which the id is made.
pub(crate) fn source() -> Result<&'static str, Error> {
    machine::identity().map(|(_, source)| source).ok_or(Error::NoDeviceId)
}

fn v1(machine: &str, product_id: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, machine.as_bytes());
    let message = ["whop-license/device/v1", product_id].concat();
    hmac::sign(&key, message.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_is_frozen() {
        let vectors = include_str!("../../tests/device_v1.txt").lines().filter(|line| !line.starts_with('#'));
        let ids: Vec<_> = vectors
            .map(|vector| {
                let [machine, product_id, device_id] = vector.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("{vector}")
                };
                assert_eq!(v1(machine, product_id.trim_matches('-')), device_id, "{vector}");
                device_id
            })
            .collect();
        assert_eq!(ids.len(), 6);
    }
}
