//! The way through a SOCKS5 proxy (RFC 1928), with user name and password (RFC 1929) if there are any.

use std::net::SocketAddr;

use ureq::Error;

use super::cause::in_words;
use super::deadline::Deadline;
use super::stream::Stream;

/// Whom the proxy is to connect to.
pub(super) enum Destination<'a> {
    Address(SocketAddr),
    /// A name that the proxy looks up.
    Name(&'a str, u16),
}

/// Makes of a connection to the proxy one to `destination`.
pub(super) fn open(
    stream: &mut dyn Stream,
    destination: &Destination<'_>,
    proxy: &ureq::Proxy,
    deadline: Deadline,
) -> Result<(), Error> {
    let user = proxy.username().map(|user| (user, proxy.password().unwrap_or_default()));
    let offers: &[u8] = if user.is_some() { &[VERSION, 2, PASSWORD, NO_LOGIN] } else { &[VERSION, 1, NO_LOGIN] };
    stream.write(offers, deadline)?;
    match (read(stream, deadline)?, user) {
        ([VERSION, NO_LOGIN], _) => {}
        ([VERSION, PASSWORD], Some(user)) => log_in(stream, user, deadline)?,
        ([VERSION, _], _) => return Err(in_words("the proxy wants a user name and a password, or others than these")),
        _ => return Err(in_words("the proxy does not speak SOCKS5: a wrong port?")),
    }

    stream.write(&request(destination)?, deadline)?;
    let [version, code, _reserved, kind] = read(stream, deadline)?;
    if (version, code) != (VERSION, SUCCEEDED) {
        return Err(in_words(format!("the proxy does not let the request through (SOCKS5 error {code})")));
    }
    // The proxy's own address and port follow.
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => usize::from(read::<1>(stream, deadline)?[0]),
        _ => return Err(in_words("the proxy's answer is broken SOCKS5")),
    };
    (0..length + 2).try_for_each(|_| read::<1>(stream, deadline).map(drop))
}

fn log_in(stream: &mut dyn Stream, (user, password): (&str, &str), deadline: Deadline) -> Result<(), Error> {
    let mut login = vec![LOGIN_VERSION];
    for text in [user, password] {
        login.push(length(text)?);
        login.extend(text.as_bytes());
    }
    stream.write(&login, deadline)?;
    match read(stream, deadline)? {
        [_, SUCCEEDED] => Ok(()),
        _ => Err(in_words("the proxy does not accept this user name and password")),
    }
}

fn request(destination: &Destination<'_>) -> Result<Vec<u8>, Error> {
    let mut request = vec![VERSION, CONNECT, 0];
    let port = match destination {
        Destination::Address(SocketAddr::V4(address)) => {
            request.push(IPV4);
            request.extend(address.ip().octets());
            address.port()
        }
        Destination::Address(SocketAddr::V6(address)) => {
            request.push(IPV6);
            request.extend(address.ip().octets());
            address.port()
        }
        Destination::Name(name, port) => {
            request.extend([NAME, length(name)?]);
            request.extend(name.as_bytes());
            *port
        }
    };
    request.extend(port.to_be_bytes());
    Ok(request)
}

fn length(text: &str) -> Result<u8, Error> {
    text.len().try_into().map_err(|_| in_words("a name or password is too long for a SOCKS5 proxy"))
}

fn read<const LENGTH: usize>(stream: &mut dyn Stream, deadline: Deadline) -> Result<[u8; LENGTH], Error> {
    let mut bytes = [0; LENGTH];
    let mut rest = &mut bytes[..];
    while !rest.is_empty() {
        match stream.read(rest, Some(deadline))? {
            0 => return Err(in_words("the proxy closed the connection")),
            length => rest = rest.get_mut(length..).unwrap_or_default(),
        }
    }
    Ok(bytes)
}

const VERSION: u8 = 5;
const NO_LOGIN: u8 = 0;
const PASSWORD: u8 = 2;
const LOGIN_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;
const SUCCEEDED: u8 = 0;
