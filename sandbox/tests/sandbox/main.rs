//! The sandbox from outside, over real sockets.

#[cfg(test)]
mod api_keys;
#[cfg(test)]
mod binding;
#[cfg(test)]
mod client;
#[cfg(test)]
mod expand;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod license_keys;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod local_only;
#[cfg(test)]
mod page;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod program;
#[cfg(test)]
mod purchases;
#[cfg(test)]
mod request_log;
#[cfg(test)]
mod tls;
