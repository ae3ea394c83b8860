//! Ask Whop whether this customer may run your program on this device.
