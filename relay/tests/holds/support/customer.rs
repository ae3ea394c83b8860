//! A customer: his license, his device, and where he asks from.

use std::net::Ipv4Addr;

use whop_license::lease;

use super::{Keys, Whop};

#[derive(Clone)]
pub struct Customer {
    pub license_key: String,
    pub device: String,
    /// An address of this machine's own network, which has millions.
    pub address: Ipv4Addr,
    pub lease: Option<String>,
}

impl Customer {
    /// Somebody with his own address in the second eighth of the network; `number` tells him from others.
    pub fn new(license_key: &str, number: u32) -> Self {
        let address = Ipv4Addr::from_bits(0x7f10_0001 + number);
        Self { license_key: license_key.into(), device: format!("device-{number:06}"), address, lease: None }
    }

    /// Somebody who has just bought.
    pub fn bought(whop: &Whop, number: u32) -> Self {
        let customer = Self::new(&format!("BOUGHT-{number:06}"), number);
        whop.sandbox.sell(&customer.license_key, None);
        customer
    }

    /// Somebody whose device is bound, and who holds a lease from yesterday.
    pub fn bound(whop: &Whop, keys: &Keys, number: u32) -> Self {
        let mut customer = Self::new(&format!("BOUND-{number:06}"), number);
        whop.sandbox.sell(&customer.license_key, Some(("hwid", &customer.device)));
        customer.lease = Some(keys.lease_of_yesterday(&customer));
        customer
    }

    /// The same license on another device, asked for from another address.
    pub fn on_device(&self, number: u32) -> Self {
        Self { license_key: self.license_key.clone(), ..Self::new("", number) }
    }

    pub fn hashes(&self) -> (String, String) {
        (lease::license_key_sha256(&self.license_key).unwrap(), lease::device_sha256("hwid", &self.device))
    }

    /// Whether Whop has stored this device.
    pub fn is_stored(&self, whop: &Whop) -> bool {
        whop.sandbox.stored(&self.license_key, "hwid").as_deref() == Some(&self.device)
    }
}
