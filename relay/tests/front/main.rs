//! The relay as programs and sellers meet it: real sockets, and the sandbox in Whop's place.

#![cfg(test)]

mod lease;
mod limits;
mod malformed;
mod programs;
mod reload;
mod secrecy;
mod serving;
mod settings;
mod support;
mod wire;
