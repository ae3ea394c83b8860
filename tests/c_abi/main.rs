//! The C ABI as C and C++ see it: programs compiled against the headers, linked with the library of this build, and run
//! against a sandbox.

#![cfg(test)]

mod calls;
mod deadline;
mod device;
mod examples;
mod exports;
mod headers;
mod hosts;
mod memory;
mod peers;
mod programs;
#[path = "../support/mod.rs"]
mod support;
