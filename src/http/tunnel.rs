//! The way through an HTTP proxy: CONNECT (RFC 9110, 9.3.6).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use httparse::{EMPTY_HEADER, Response, Status};
use ureq::Error;

use super::cause::in_words;
use super::deadline::Deadline;
use super::settings::USER_AGENT;
use super::stream::Stream;

/// Makes of a connection to the proxy one to `target`, which is HOST:PORT.
pub(super) fn open(
    stream: &mut dyn Stream,
    target: &str,
    proxy: &ureq::Proxy,
    deadline: Deadline,
) -> Result<(), Error> {
    let authorization = match (proxy.username(), proxy.password()) {
        (None, None) => String::new(),
        (user, password) => {
            let user = [user.unwrap_or_default(), ":", password.unwrap_or_default()].concat();
            format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(user))
        }
    };
    let request = format!(
        "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nUser-Agent: {USER_AGENT}\r\n\
         Proxy-Connection: Keep-Alive\r\n{authorization}\r\n"
    );
    stream.write(request.as_bytes(), deadline)?;
    match answer(stream, deadline)? {
        200..300 => Ok(()),
        407 => Err(in_words("the proxy wants a user name and a password, or others than these (407)")),
        code => Err(in_words(format!("the proxy does not let the request through ({code})"))),
    }
}

/// The status of the proxy's answer.
fn answer(stream: &mut dyn Stream, deadline: Deadline) -> Result<u16, Error> {
    let mut bytes = Vec::new();
    loop {
        match parse(&bytes) {
            Ok(Some((100..200, head))) => _ = bytes.drain(..head),
            // A server of TLS does not speak first: what follows would be the proxy's own words.
            Ok(Some((200..300, head))) if bytes.len() > head => {
                return Err(in_words("the proxy sent more than its answer"));
            }
            Ok(Some((code, _))) => return Ok(code),
            Ok(None) if bytes.len() < MAX_HEAD => {
                let mut chunk = [0; 1024];
                match stream.read(&mut chunk, Some(deadline))? {
                    0 => return Err(in_words("the proxy closed the connection")),
                    length => bytes.extend_from_slice(chunk.get(..length).unwrap_or_default()),
                }
            }
            Ok(None) => return Err(in_words("the proxy's answer is too long")),
            Err(fault) => return Err(in_words(format!("the proxy's answer is broken HTTP ({fault}): a wrong port?"))),
        }
    }
}

/// The status and the length of the answer's head, if all of it is here.
fn parse(bytes: &[u8]) -> Result<Option<(u16, usize)>, httparse::Error> {
    let mut headers = [EMPTY_HEADER; MAX_HEADERS];
    let mut response = Response::new(&mut headers);
    Ok(match response.parse(bytes)? {
        Status::Complete(length) => response.code.map(|code| (code, length)),
        Status::Partial => None,
    })
}

const MAX_HEADERS: usize = 100;
const MAX_HEAD: usize = 64 * 1024;
